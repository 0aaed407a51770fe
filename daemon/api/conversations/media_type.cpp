#include "api/conversations/media_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace assistd::api::conversations {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> types{{
    {"bin", "application/octet-stream"},
    {"csv", "text/csv"},
    {"gz", "application/gzip"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"json", "application/json"},
    {"md", "text/markdown"},
    {"obj", "model/obj"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"stl", "model/stl"},
    {"svg", "image/svg+xml"},
    {"tsv", "text/tab-separated-values"},
    {"txt", "text/plain"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
}};

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string_view type_of_name(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    const std::string extension = dot == std::string_view::npos ? "" : lower(name.substr(dot + 1));
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == extension; });
    return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

std::string media_type_of_upload(std::string_view content_type, std::string_view name) {
    std::string_view essence = content_type.substr(0, content_type.find(';'));
    while (essence.ends_with(' ')) essence.remove_suffix(1);
    if (essence.empty() || lower(essence) == "application/x-www-form-urlencoded")
        return std::string(type_of_name(name));
    return std::string(content_type);
}

}  // namespace assistd::api::conversations
