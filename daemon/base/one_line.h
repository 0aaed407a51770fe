#pragma once
// UTF-8 text that has to stay on its line: no line breaks of any kind, and no control characters. Pure
// functions.

#include <string>
#include <string_view>

namespace assistd {

bool is_one_line(std::string_view text);

// Whether something in it has what follows shown in another direction, so that a name may look like another.
bool turns_direction(std::string_view text);

// The bytes of the character that the text begins with when a terminal would not show it but obey it: a
// control character, a line or paragraph separator, or a mark that turns the direction. 0: it is another one.
std::size_t steering_character(std::string_view text);

// With one blank in place of each run of such characters.
std::string one_line(std::string_view text);

}  // namespace assistd
