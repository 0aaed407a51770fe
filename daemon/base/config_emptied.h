#pragma once
// A file that is just being written is empty for a moment, and then it is not what its author means. Free
// function, any thread.

#include "base/config.h"

namespace assistd {

// Throws Error{validation} with a sentence for each file in which something stood when `now` was read, and
// nothing when `next` was.
void refuse_emptied(const Config& now, const Config& next);

}  // namespace assistd
