#include "upstream/api_key.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "base/error.h"

namespace assistd {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

std::string trimmed(std::string text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_blank(text.back())) text.pop_back();
    std::size_t first = 0;
    while (first < text.size() && is_blank(text[first])) ++first;
    return text.substr(first);
}

std::string key_from_file(const KeyPlace& place, const std::string& path) {
    std::ifstream file(path);
    std::string key;
    if (!file || !std::getline(file, key)) {
        refuse(fmt::format("The key of the {} cannot be read from {}.", place.owner, path));
    }
    return key;
}

std::string key_from_environment(const KeyPlace& place) {
    const char* value = std::getenv(place.variable.c_str());
    if (value == nullptr) {
        refuse(fmt::format("The {} takes its key from the environment variable {}, which is not set.",
                           place.owner, place.variable));
    }
    return value;
}

std::string key_from_credential(const KeyPlace& place) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        refuse(fmt::format("The {} takes its key from the credential {}, but systemd passed none.",
                           place.owner, place.credential));
    }
    return key_from_file(place, fmt::format("{}/{}", folder, place.credential));
}

}  // namespace

std::string read_api_key(const KeyPlace& place) {
    std::string key;
    if (!place.variable.empty())
        key = key_from_environment(place);
    else if (!place.file.empty())
        key = key_from_file(place, place.file);
    else if (!place.credential.empty())
        key = key_from_credential(place);
    else
        return {};
    key = trimmed(key);
    // It becomes part of a header line.
    const bool clean = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (key.empty() || !clean) {
        refuse(fmt::format("The key of the {} is empty or has characters that no key has.", place.owner));
    }
    return key;
}

}  // namespace assistd
