#include "providers/api_key.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "base/error.h"

namespace assistd::providers {
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

std::string key_from_file(const ProviderConfig& config, const std::string& path) {
    std::ifstream file(path);
    std::string key;
    if (!file || !std::getline(file, key)) {
        refuse(fmt::format("The key of the provider \"{}\" cannot be read from {}.", config.name, path));
    }
    return key;
}

std::string key_from_environment(const ProviderConfig& config) {
    const char* value = std::getenv(config.api_key_env.c_str());
    if (value == nullptr) {
        refuse(fmt::format(
            "The provider \"{}\" takes its key from the environment variable {}, which is not set.",
            config.name, config.api_key_env));
    }
    return value;
}

std::string key_from_credential(const ProviderConfig& config) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        refuse(
            fmt::format("The provider \"{}\" takes its key from the credential {}, but systemd passed none.",
                        config.name, config.api_key_credential));
    }
    return key_from_file(config, fmt::format("{}/{}", folder, config.api_key_credential));
}

}  // namespace

std::string read_api_key(const ProviderConfig& config) {
    std::string key;
    if (!config.api_key_env.empty())
        key = key_from_environment(config);
    else if (!config.api_key_file.empty())
        key = key_from_file(config, config.api_key_file);
    else if (!config.api_key_credential.empty())
        key = key_from_credential(config);
    else
        return {};
    key = trimmed(key);
    // It becomes part of a header line.
    const bool clean = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (key.empty() || !clean) {
        refuse(fmt::format("The key of the provider \"{}\" is empty or has characters that no key has.",
                           config.name));
    }
    return key;
}

}  // namespace assistd::providers
