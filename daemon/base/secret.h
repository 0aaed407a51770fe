#pragma once
// A secret from where the configuration says that it is: an environment variable, a file, or a credential
// that systemd passed. Pure but for what it reads; any thread. No sentence quotes what was read.

#include <map>
#include <string>

namespace assistd {

using Environment = std::map<std::string, std::string>;

struct SecretPlace {
    // At most one of them is not empty.
    std::string variable;
    std::string file;
    std::string credential;  // a systemd credential's name
};

struct FoundSecret {
    std::string text;     // without the blanks around it; empty when no place was named
    std::string problem;  // what is wrong with the place: "names the file …, which is empty"; empty: nothing
    bool is_of_service = false;  // then: the place is one that only the process of the service has
};

// It may have several lines, as certificates do, and at most 64 KiB.
FoundSecret find_secret(const SecretPlace& place, const Environment& environment);
// The same for a key that becomes part of a line: a file's first line, and nothing but visible ASCII.
FoundSecret find_key(const SecretPlace& place, const Environment& environment);

// The same, where this process' environment counts and only what is there helps. `owner` stands in the
// sentence: provider "lab". Both throw Error{validation}.
std::string read_secret(const std::string& owner, const SecretPlace& place);
std::string read_key(const std::string& owner, const SecretPlace& place);

}  // namespace assistd
