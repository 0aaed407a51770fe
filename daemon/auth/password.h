#pragma once
// Passwords as they are stored: scrypt with a salt of their own. Both functions take about a quarter of a
// second of a core and 32 MiB on purpose, so they belong on a thread of their own (password_work.h). Pure;
// any thread.

#include <string>

namespace assistd::auth {

// "scrypt$15$8$3$SALT$HASH"; the numbers are the work, so that it can be raised for later ones.
std::string hash_password(const std::string& password);
// False for a hash that is none, too. Takes as long for one that is empty.
bool is_password(const std::string& password, const std::string& hash);

}  // namespace assistd::auth
