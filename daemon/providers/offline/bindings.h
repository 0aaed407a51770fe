#pragma once
// What a step says of one argument in several places, made into one value. Pure functions, any thread.

#include "providers/offline/grammar.h"

namespace assistd::providers::offline {

// One binding of each argument stays, the last. A value that its words usually stand for gives way to one
// that is said, and the step's note tells it; two others that differ are remembered, to be asked about.
void keep_last_bindings(Step& step);

}  // namespace assistd::providers::offline
