#pragma once
// The typographic characters that people paste into messages, in the form in which phrases have them. Pure
// functions, any thread.

#include <string>
#include <string_view>

namespace assistd::providers::offline {

// Quotation marks, dashes, spaces and the micro sign as ASCII; bytes of other characters are kept.
std::string plain_marks(std::string_view text);

}  // namespace assistd::providers::offline
