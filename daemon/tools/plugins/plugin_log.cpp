#include "tools/plugins/plugin_log.h"

#include <array>

#include "base/logging.h"

namespace assistd::tools {
namespace {

constexpr std::size_t max_bytes_a_second = 64u << 10;
constexpr std::size_t max_line_bytes = 2'000;

// The length of the UTF-8 character that `text` begins with; 0 when there is none.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    // Too long forms, surrogates and what lies beyond Unicode.
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
        (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f))
        return 0;
    return length;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
    std::string clean;
    clean.reserve(std::min(text.size(), max_bytes));
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        const bool control = length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f);
        const std::string_view shown = length == 0 ? "?" : control ? " " : text.substr(0, length);
        if (clean.size() + shown.size() > max_bytes) break;
        clean += shown;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return clean;
}

void PluginLog::begin_second(Clock::time_point now) {
    if (now - since_ <= std::chrono::seconds(1)) return;
    if (dropped_ > 0) log::warn("plugin {}: {} more lines were not logged", plugin_id_, dropped_);
    since_ = now;
    written_ = dropped_ = 0;
}

bool PluginLog::tell_dropped(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (dropped_ > 0) begin_second(now);
    return dropped_ > 0;
}

bool PluginLog::may_write(std::size_t bytes) {
    begin_second(Clock::now());
    if (written_ + bytes > max_bytes_a_second) {
        ++dropped_;
        return false;
    }
    written_ += bytes;
    return true;
}

void PluginLog::write(int level, std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (!may_write(std::min(line.size(), max_line_bytes) + 40)) return;
    const std::string text = printable(line, max_line_bytes);
    constexpr std::array levels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                   spdlog::level::err};
    spdlog::log(levels[static_cast<std::size_t>(std::clamp(level, 0, 3))], "plugin {}: {}", plugin_id_, text);
}

constexpr int info = 1;

// So much at a time that a plugin hardly waits, and whoever prints without an end holds nobody up.
void CapturedOutput::drain(PluginLog& log, bool last) {
    constexpr int most_reads = 16;
    std::array<char, 64u << 10> bytes;
    for (int reads = 0; reads < most_reads; ++reads) {
        const ssize_t got = ::read(pipe_.get(), bytes.data(), bytes.size());
        if (got <= 0) break;
        take(std::string_view(bytes.data(), static_cast<std::size_t>(got)), log);
    }
    if (last && !line_.empty()) log.write(info, std::exchange(line_, {}));
}

void CapturedOutput::take(std::string_view rest, PluginLog& log) {
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        line_ += rest.substr(0, end);
        log.write(info, line_);
        line_.clear();
        rest.remove_prefix(end + 1);
    }
    line_ += rest.substr(0, max_line_bytes - std::min(line_.size(), max_line_bytes));
}

}  // namespace assistd::tools
