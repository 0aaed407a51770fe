#include "providers/sse_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "providers/upstream_error.h"

namespace assistd::providers {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Finds the next CR or LF. Remembers how far each was searched, so that a stream with one kind alone is not
// searched again and again for the other.
class LineEnds {
  public:
    explicit LineEnds(std::string_view bytes) : bytes_(bytes), cr_(bytes.find('\r')), lf_(bytes.find('\n')) {}

    std::size_t next(std::size_t from) {
        if (cr_ < from) cr_ = bytes_.find('\r', from);
        if (lf_ < from) lf_ = bytes_.find('\n', from);
        return std::min(cr_, lf_);
    }

  private:
    std::string_view bytes_;
    std::size_t cr_;
    std::size_t lf_;
};

[[noreturn]] void too_long(std::string_view what, std::size_t limit) {
    throw UpstreamError(UpstreamFault::reply, fmt::format("sent {} of more than {} bytes", what, limit));
}

}  // namespace

void SseReader::feed(std::string_view bytes, const Sink& sink) {
    if (mark_seen_ < byte_order_mark.size()) bytes = without_mark(bytes);
    LineEnds ends(bytes);
    for (std::size_t at = 0; at < bytes.size();) {
        if (std::exchange(after_cr_, false) && bytes[at] == '\n') {
            ++at;
            continue;
        }
        const std::size_t end = ends.next(at);
        const std::string_view part = bytes.substr(at, end - at);
        if (line_.size() + part.size() > limits_.line_bytes) too_long("a line", limits_.line_bytes);
        if (end == std::string_view::npos) {
            line_ += part;
            return;
        }
        after_cr_ = bytes[end] == '\r';
        at = end + 1;
        if (line_.empty()) {
            take_line(part, sink);  // the usual case: nothing is copied
        } else {
            line_ += part;
            take_line(line_, sink);
            line_.clear();
        }
    }
}

void SseReader::finish(const Sink& sink) {
    if (!line_.empty()) take_line(line_, sink);
    line_.clear();
    dispatch(sink);
}

// Drops the mark at the very start of the stream, also when it comes byte by byte.
std::string_view SseReader::without_mark(std::string_view bytes) {
    while (!bytes.empty() && mark_seen_ < byte_order_mark.size()) {
        if (bytes.front() != byte_order_mark[mark_seen_]) {
            line_ = byte_order_mark.substr(0, mark_seen_);  // it only began like one
            mark_seen_ = byte_order_mark.size();
            break;
        }
        ++mark_seen_;
        bytes.remove_prefix(1);
    }
    return bytes;
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
    // "id" and "retry" serve reconnecting, which no model server offers.
}

void SseReader::add_data(std::string_view value) {
    if (data_.size() + value.size() + 1 > limits_.event_bytes) too_long("an event", limits_.event_bytes);
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

}  // namespace assistd::providers
