#include "providers/openai/error_text.h"

#include <nlohmann/json.hpp>

#include "providers/json_text.h"

namespace assistd::providers {
namespace {

constexpr std::size_t message_limit = 400;

std::string string_at(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t limit) {
    std::string out;
    const std::string_view part = text.substr(0, limit);
    for (const char c : part) {
        const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    const bool cut = part.size() < text.size();
    if (cut) {
        // The last character may have been cut in two.
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
        if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    }
    out = repair_utf8(out);
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (cut) out += "…";
    return out;
}

std::string error_text(const nlohmann::json& body, std::string_view raw) {
    std::string message;
    const auto error = body.is_object() ? body.find("error") : body.end();
    if (body.is_object() && error != body.end()) {
        message = error->is_string() ? error->get<std::string>() : string_at(*error, "message");
    }
    if (message.empty()) message = string_at(body, "message");
    if (message.empty()) message = string_at(body, "detail");
    return excerpt(message.empty() ? raw : message, message_limit);
}

std::string error_text(std::string_view raw) {
    const nlohmann::json body = nlohmann::json::parse(raw, nullptr, false);
    if (body.is_discarded()) return excerpt(raw, message_limit);
    return error_text(body, raw);
}

std::string without_secret(std::string text, std::string_view secret) {
    if (secret.empty()) return text;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
    return text;
}

}  // namespace assistd::providers
