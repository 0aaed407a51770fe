#pragma once
// What is odd about who is let in, beside what the configuration alone tells: users whom nobody is asked for,
// and the first administrator's key where it was put. Whole sentences. Any thread.

#include <string>
#include <vector>

#include "base/config.h"

namespace assistd::app {

inline constexpr const char* admin_key_file = "admin.key";  // in the state folder

// `users`: those of the state folder. `key_is_new`: the first administrator's was put there just now.
std::vector<std::string> access_oddities(const Config& config, const std::vector<std::string>& users,
                                         bool key_is_new);
// The same for who is not the daemon, as far as the state folder is his and has users. Nothing there is
// changed.
std::vector<std::string> access_oddities(const Config& config);

// Reads the secret or the public key of tokens, unless only the service has it. Throws Error{validation}.
void check_token_key(const Config& config);

}  // namespace assistd::app
