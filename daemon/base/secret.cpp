#include "base/secret.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/config.h"
#include "base/error.h"
#include "base/file_kind.h"
#include "base/unique_fd.h"

namespace assistd {
namespace {

constexpr std::size_t most_bytes = 64 << 10;

std::string trimmed(const std::string& text) {
    constexpr const char* blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

FoundSecret in_file(const std::string& path) {
    const std::string named = "names the file " + path + ", which ";
    const auto unreadable = [&] {
        return FoundSecret{"", named + "cannot be read: " + std::strerror(errno)};
    };
    const std::string kind = odd_kind_of(path);
    if (!kind.empty()) return {"", named + "cannot be read: it is " + kind};
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return unreadable();
    std::string text;
    char bytes[4096];
    while (text.size() <= most_bytes) {
        const ssize_t got = ::read(fd.get(), bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable();
        if (got == 0) return {trimmed(text), trimmed(text).empty() ? named + "is empty" : ""};
        text.append(bytes, static_cast<std::size_t>(got));
    }
    return {"", named + "is larger than 64 KiB"};
}

FoundSecret in_credential(const std::string& name, const Environment& environment) {
    const auto folder = environment.find("CREDENTIALS_DIRECTORY");
    if (folder == environment.end())
        return {"", "names the credential " + name + ", but systemd passed none to this process", true};
    return in_file(folder->second + "/" + name);
}

FoundSecret in_variable(const std::string& name, const Environment& environment) {
    const std::string named = "names the environment variable " + name + ", which ";
    const auto found = environment.find(name);
    if (found == environment.end()) return {"", named + "is not set", true};
    const std::string text = trimmed(found->second);
    if (text.size() > most_bytes) return {"", named + "is larger than 64 KiB"};
    return {text, text.empty() ? named + "is empty" : ""};
}

std::string name_of(const SecretPlace& place) {
    if (!place.variable.empty()) return "the environment variable " + place.variable;
    return place.file.empty() ? "the credential " + place.credential : "the file " + place.file;
}

std::string usable(const std::string& owner, FoundSecret found) {
    if (!found.problem.empty())
        throw Error(ErrorCode::validation, "The " + owner + " has no key: it " + found.problem + ".");
    return std::move(found.text);
}

}  // namespace

FoundSecret find_secret(const SecretPlace& place, const Environment& environment) {
    if (!place.variable.empty()) return in_variable(place.variable, environment);
    if (!place.file.empty()) return in_file(place.file);
    if (!place.credential.empty()) return in_credential(place.credential, environment);
    return {};
}

FoundSecret find_key(const SecretPlace& place, const Environment& environment) {
    FoundSecret found = find_secret(place, environment);
    if (place.variable.empty()) found.text = trimmed(found.text.substr(0, found.text.find('\n')));
    if (!std::all_of(found.text.begin(), found.text.end(), [](char c) { return c > 0x20 && c < 0x7F; }))
        return {"", "names " + name_of(place) + ", which holds characters that no key has"};
    return found;
}

std::string read_secret(const std::string& owner, const SecretPlace& place) {
    return usable(owner, find_secret(place, process_environment()));
}

std::string read_key(const std::string& owner, const SecretPlace& place) {
    return usable(owner, find_key(place, process_environment()));
}

}  // namespace assistd
