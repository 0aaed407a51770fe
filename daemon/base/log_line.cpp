#include "base/log_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"
#include "base/log_quoted.h"

namespace assistd::log {
namespace {

std::string_view name_of(Level level) {
    const auto name = spdlog::level::to_string_view(level);
    return {name.data(), name.size()};
}

std::string time_text(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds.time_since_epoch().count()),
                       millis.count());
}

// A character that would end the line, move the cursor or turn the direction of what follows: its bytes; 0:
// it is another one.
std::size_t odd_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;  // U+0080 to U+009F
    if (byte(0) != 0xE2) return 0;
    // U+200E and U+200F, U+2028 to U+202E, U+2066 to U+2069
    const bool marks = byte(1) == 0x80 && (byte(2) == 0x8E || byte(2) == 0x8F);
    const bool breaks = byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE;
    const bool isolates = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
    return marks || breaks || isolates ? 3 : 0;
}

unsigned code_point(std::string_view bytes) {
    const auto low = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]) & 0x3FU; };
    if (bytes.size() == 1) return static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 2) return (static_cast<unsigned char>(bytes[0]) & 0x1FU) << 6 | low(1);
    return (static_cast<unsigned char>(bytes[0]) & 0x0FU) << 12 | low(1) << 6 | low(2);
}

std::string text_of(const Field& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) return std::string(*text);
    if (const auto* whole = std::get_if<std::int64_t>(&field.value)) return std::to_string(*whole);
    return fmt::format("{:g}", std::get<double>(field.value));
}

// Quoted where it could be taken for more than one value.
std::string value_in_line(const Field& field) {
    if (!std::holds_alternative<std::string_view>(field.value)) return text_of(field);
    const std::string text = shown(std::get<std::string_view>(field.value));
    const bool plain = !text.empty() && text.find_first_of(" \"=\\") == std::string::npos;
    if (plain) return text;
    return log::quoted(text);
}

std::string json_value(const Field& field) {
    if (!std::holds_alternative<std::string_view>(field.value)) return text_of(field);
    std::string json;
    append_json_string(json, repair_utf8(std::get<std::string_view>(field.value)));
    return json;
}

// What the line belongs to.
std::vector<std::pair<std::string_view, std::string>> context_of(const Event& event) {
    std::vector<std::pair<std::string_view, std::string>> context;
    if (event.activity == nullptr) return context;
    if (!event.activity->request_id.empty())
        context.emplace_back("request_id", shown(event.activity->request_id));
    if (!event.activity->correlation_id.empty())
        context.emplace_back("correlation_id", shown(event.activity->correlation_id));
    if (event.activity->trace.is_there())
        context.emplace_back("trace_id", event.activity->trace.trace_id_hex());
    if (event.activity->doing != 0) context.emplace_back("span_id", hex_of(event.activity->doing));
    return context;
}

// Whose line it is, the sentence and the values.
std::string told(const Event& event) {
    std::string line;
    for (const auto& [name, value] : context_of(event)) {
        // The spans are for those who have the traces too; people go by the request.
        if (name != "span_id") line += fmt::format("{}={} ", name, value);
    }
    line += shown(event.sentence);
    for (const Field& field : event.fields) line += fmt::format(" {}={}", field.name, value_in_line(field));
    return line;
}

std::string journal_name(std::string_view name) {
    std::string upper = "ASSISTD_";
    for (const char c : name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return upper;
}

}  // namespace

std::string shown(std::string_view text) {
    std::string result;
    const std::string repaired = repair_utf8(text);
    for (std::string_view rest = repaired; !rest.empty();) {
        const std::size_t odd = odd_length(rest);
        const std::size_t taken = std::max<std::size_t>(odd, 1);
        if (odd == 0)
            result += rest.front();
        else if (rest.front() == '\n')
            result += "\\n";
        else if (rest.front() == '\r')
            result += "\\r";
        else if (rest.front() == '\t')
            result += "\\t";
        else
            result += fmt::format("\\u{:04x}", code_point(rest.substr(0, odd)));
        rest.remove_prefix(taken);
    }
    return result;
}

std::string quoted(std::string_view text) {
    std::string value = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') value += '\\';
        value += c;
    }
    return value + '"';
}

int priority_of(Level level) {
    switch (level) {
        case Level::trace:
        case Level::debug:
            return 7;
        case Level::warn:
            return 4;
        case Level::err:
            return 3;
        case Level::critical:
            return 2;
        default:
            return 6;
    }
}

std::string text_line(const Event& event) {
    return time_text(event.time) + ' ' + std::string(name_of(event.level)) + ' ' + told(event) + '\n';
}

std::string journal_line(const Event& event) {
    return "<" + std::to_string(priority_of(event.level)) + ">" + told(event) + '\n';
}

std::string json_line(const Event& event) {
    std::string line = "{\"time\":\"" + time_text(event.time) + "\"";
    append_json_member(line, "level", name_of(event.level));
    for (const auto& [name, value] : context_of(event)) append_json_member(line, name, value);
    append_json_member(line, "message", repair_utf8(event.sentence));
    for (const Field& field : event.fields) line += fmt::format(",\"{}\":{}", field.name, json_value(field));
    line += "}\n";
    return line;
}

std::vector<std::string> journal_fields(const Event& event) {
    std::vector<std::string> fields;
    std::string sentence = shown(event.sentence);
    for (const Field& field : event.fields)
        sentence += fmt::format(" {}={}", field.name, value_in_line(field));
    fields.push_back("MESSAGE=" + sentence);
    fields.push_back("PRIORITY=" + std::to_string(priority_of(event.level)));
    fields.emplace_back("SYSLOG_IDENTIFIER=assistd");
    for (const auto& [name, value] : context_of(event)) fields.push_back(journal_name(name) + "=" + value);
    for (const Field& field : event.fields)
        fields.push_back(journal_name(field.name) + "=" + shown(text_of(field)));
    return fields;
}

}  // namespace assistd::log
