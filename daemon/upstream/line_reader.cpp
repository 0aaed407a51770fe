#include "upstream/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "upstream/upstream_error.h"

namespace assistd {
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

}  // namespace

void throw_too_long(std::string_view what, std::size_t limit) {
    throw UpstreamError(UpstreamFault::reply, fmt::format("sent {} of more than {} bytes", what, limit));
}

void LineReader::feed(std::string_view bytes, const Sink& sink) {
    if (mark_seen_ < byte_order_mark.size()) bytes = without_mark(bytes);
    LineEnds ends(bytes);
    for (std::size_t at = 0; at < bytes.size();) {
        if (std::exchange(after_cr_, false) && bytes[at] == '\n') {
            ++at;
            continue;
        }
        const std::size_t end = ends.next(at);
        const std::string_view part = bytes.substr(at, end - at);
        if (line_.size() + part.size() > limit_) throw_too_long("a line", limit_);
        if (end == std::string_view::npos) {
            line_ += part;
            return;
        }
        after_cr_ = bytes[end] == '\r';
        at = end + 1;
        if (line_.empty()) {
            sink(part);  // the usual case: nothing is copied
        } else {
            line_ += part;
            sink(line_);
            line_.clear();
        }
    }
}

void LineReader::finish(const Sink& sink) {
    if (!line_.empty()) sink(line_);
    line_.clear();
}

// Drops the mark at the very start of the stream, also when it comes byte by byte.
std::string_view LineReader::without_mark(std::string_view bytes) {
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

}  // namespace assistd
