#include "upstream/sse_reader.h"

#include <charconv>
#include <cstdint>

namespace assistd {
namespace {

// It comes back in a header.
constexpr std::size_t longest_id = 1'000;

}  // namespace

void SseReader::feed(std::string_view bytes, const Sink& sink) {
    lines_.feed(bytes, [&](std::string_view line) { take_line(line, sink); });
}

void SseReader::finish(const Sink& sink) {
    lines_.finish([&](std::string_view line) { take_line(line, sink); });
    dispatch(sink);
}

void SseReader::take_line(std::string_view line, const Sink& sink) {
    if (line.empty()) {
        dispatch(sink);
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == 0) return;  // a comment
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data")
        add_data(value);
    else if (field == "event")
        name_ = value;
    else if (field == "id" && value.find('\0') == std::string_view::npos && value.size() <= longest_id)
        last_id_ = value;
    else if (field == "retry")
        take_retry(value);
}

void SseReader::take_retry(std::string_view value) {
    std::int64_t time_ms = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), time_ms);
    if (error == std::errc() && end == value.data() + value.size() && time_ms >= 0)
        retry_ = std::chrono::milliseconds(time_ms);
}

void SseReader::add_data(std::string_view value) {
    if (data_.size() + value.size() + 1 > limits_.event_bytes)
        throw_too_long("an event", limits_.event_bytes);
    data_ += value;
    data_ += '\n';
    has_data_ = true;
}

void SseReader::dispatch(const Sink& sink) {
    if (has_data_) {
        const SseEvent event{.name = name_, .data = std::string_view(data_).substr(0, data_.size() - 1)};
        sink(event);
    }
    data_.clear();
    name_.clear();
    has_data_ = false;
}

}  // namespace assistd
