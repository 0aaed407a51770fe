#pragma once
// The passage of a text in which a search found its words. The index of messages has no texts, so the text is
// put into a small index of its own, in memory, which knows words as the large one does. Used by one thread
// at a time.

#include <string>
#include <string_view>

#include "core/conversation.h"
#include "store/database.h"

namespace assistd::store {

class Excerpts {
  public:
    Excerpts();
    // `words` is an FTS5 query. One line; the beginning of a text in which they are not found.
    core::Excerpt of(std::string_view text, const std::string& words);

  private:
    Database index_;
};

}  // namespace assistd::store
