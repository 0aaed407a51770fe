#pragma once
// What users, passwords and keys may be like. Pure functions; any thread. The checks throw Error{validation}
// that names the field.

#include <string>
#include <vector>

#include "http/identity.h"

namespace assistd::auth {

void check_user_name(const std::string& name);
void check_new_password(const std::string& password);
void check_key_name(const std::string& name);
void check_scopes(const std::vector<std::string>& scopes);
std::vector<std::string> without_repeats(std::vector<std::string> names);  // of each the first

http::Scopes scopes_of(const std::vector<std::string>& names);  // of checked ones
std::vector<std::string> usual_scopes();                        // all but admin

}  // namespace assistd::auth
