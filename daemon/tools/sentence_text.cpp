#include "tools/sentence_text.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr std::size_t shown_bytes = 60;

}  // namespace

std::string join_path(const std::string& path, std::string_view member) {
    return path.empty() ? std::string(member) : path + "." + std::string(member);
}

std::string join_path(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

std::string listed(const std::vector<std::string>& items, std::string_view last_word) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) text += i + 1 == items.size() ? " " + std::string(last_word) + " " : ", ";
        text += items[i];
    }
    return text;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string shown(const json& value) {
    if (value.is_number()) return number_text(value);
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() <= shown_bytes) return text;
    std::size_t end = shown_bytes;
    while ((text[end] & 0xc0) == 0x80) --end;  // not within a code point
    text.resize(end);
    return text + "…";
}

std::string number_text(const json& number) {
    if (number.is_number_float()) {
        const double value = number.get<double>();
        if (std::trunc(value) == value && std::abs(value) < 1e15)
            return std::to_string(static_cast<std::int64_t>(value));
    }
    return number.dump();
}

}  // namespace assistd::tools
