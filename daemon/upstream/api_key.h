#pragma once
// A server's key from where the config says that it is. Pure but for what it reads.

#include <string>

namespace assistd {

struct KeyPlace {
    std::string owner;  // as it stands in a sentence: provider "lab"
    // At most one of them is not empty.
    std::string variable;
    std::string file;
    std::string credential;  // a systemd credential's name
};

// Empty when there is none. Throws Error{validation}, which never quotes it.
std::string read_api_key(const KeyPlace& place);

}  // namespace assistd
