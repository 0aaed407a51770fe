#pragma once
// What users may be called. Pure functions; any thread.

#include <string_view>

namespace assistd::auth {

// Of users that an administrator makes: 1 to 64 letters, digits and "._@+-", with a letter or digit first.
bool is_user_name(std::string_view name);
// Of users that tokens name, whose issuer has its own ways: 1 to 200 bytes of text on one line.
bool is_token_user_name(std::string_view name);

}  // namespace assistd::auth
