#include "base/trace_context.h"

#include <algorithm>
#include <random>
#include <vector>

namespace assistd {
namespace {

constexpr std::size_t first_version_length = 55;
constexpr std::size_t most_members = 32;
constexpr std::size_t longest_state = 2'048;  // the specification asks for 512 at least
constexpr unsigned sampled_flag = 1;
constexpr unsigned random_flag = 2;

std::uint64_t random_bits() {
    // No secret: it has to be different, not to be unforeseeable.
    thread_local std::mt19937_64 engine = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return engine();
}

void append_hex(std::string& out, std::uint64_t value, int bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = bytes * 8 - 4; shift >= 0; shift -= 4) out += digits[value >> shift & 0xf];
}

// Small letters only, as the specification has it.
std::optional<std::uint64_t> hex_value(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        const bool letter = c >= 'a' && c <= 'f';
        if (!letter && (c < '0' || c > '9')) return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(letter ? c - 'a' + 10 : c - '0');
    }
    return value;
}

void put(std::array<std::uint8_t, 16>& id, std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i) id[at + i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

std::string_view trimmed(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool is_key(std::string_view key) {
    const auto may_be_inside = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*' ||
               c == '/' || c == '@';
    };
    const auto may_begin = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !key.empty() && key.size() <= 256 && may_begin(key.front()) &&
           std::all_of(key.begin(), key.end(), may_be_inside) && std::count(key.begin(), key.end(), '@') <= 1;
}

bool is_value(std::string_view value) {
    const auto is_allowed = [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; };
    return !value.empty() && value.size() <= 256 && std::all_of(value.begin(), value.end(), is_allowed);
}

}  // namespace

SpanId new_span_id() {
    SpanId id = 0;
    while (id == 0) id = random_bits();
    return id;
}

std::string hex_of(SpanId id) {
    std::string text;
    append_hex(text, id, 8);
    return text;
}

std::string TraceContext::trace_id_hex() const {
    std::string text;
    for (const std::uint8_t byte : trace_id) append_hex(text, byte, 1);
    return text;
}

TraceContext new_trace(bool sampled) {
    TraceContext trace;
    put(trace.trace_id, 0, new_span_id());
    put(trace.trace_id, 8, random_bits());
    trace.sampled = sampled;
    trace.random = true;
    return trace;
}

std::optional<TraceContext> read_traceparent(std::string_view text) {
    text = trimmed(text);
    if (text.size() < first_version_length) return std::nullopt;
    const auto version = hex_value(text.substr(0, 2));
    if (!version || *version == 0xff) return std::nullopt;
    // What later versions add comes behind another dash.
    const bool longer = text.size() > first_version_length;
    if (longer && (*version == 0 || text[first_version_length] != '-')) return std::nullopt;
    if (text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
    const auto first = hex_value(text.substr(3, 16));
    const auto second = hex_value(text.substr(19, 16));
    const auto parent = hex_value(text.substr(36, 16));
    const auto flags = hex_value(text.substr(53, 2));
    if (!first || !second || !parent || !flags || (*first == 0 && *second == 0) || *parent == 0)
        return std::nullopt;
    TraceContext trace;
    put(trace.trace_id, 0, *first);
    put(trace.trace_id, 8, *second);
    trace.parent = *parent;
    trace.sampled = (*flags & sampled_flag) != 0;
    trace.random = (*flags & random_flag) != 0;
    return trace;
}

std::string read_tracestate(std::string_view text) {
    if (text.size() > longest_state) return {};
    std::string state;
    std::vector<std::string_view> keys;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view member = trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (member.empty()) continue;  // allowed between commas
        const std::size_t equals = member.find('=');
        if (equals == std::string_view::npos) return {};
        const std::string_view key = member.substr(0, equals);
        if (!is_key(key) || !is_value(member.substr(equals + 1))) return {};
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) return {};
        keys.push_back(key);
        if (keys.size() > most_members) return {};
        if (!state.empty()) state += ',';
        state += member;
    }
    return state;
}

std::string traceparent_of(const TraceContext& trace, SpanId span) {
    std::string text = "00-";
    text.reserve(first_version_length);
    text += trace.trace_id_hex();
    text += '-';
    append_hex(text, span, 8);
    text += '-';
    append_hex(text, (trace.sampled ? sampled_flag : 0) | (trace.random ? random_flag : 0), 1);
    return text;
}

bool is_in_sample(const TraceContext& trace, double part) {
    std::uint64_t random = 0;
    for (std::size_t i = 9; i < 16; ++i) random = random << 8 | trace.trace_id[i];
    return static_cast<double>(random) < part * 0x1p56;
}

}  // namespace assistd
