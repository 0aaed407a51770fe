#include "cli/sse_reader.h"

namespace assistd::cli {

void SseReader::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        // A line may end in \r\n, and the two may arrive apart.
        if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
        after_cr_ = false;
        const std::size_t end = bytes.find_first_of("\r\n");
        if (end == std::string_view::npos) {
            partial_ += bytes;
            return;
        }
        after_cr_ = bytes[end] == '\r';
        partial_ += bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        const std::string whole = std::move(partial_);
        partial_.clear();
        line(whole);
    }
}

void SseReader::line(std::string_view text) {
    if (first_line_ && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    first_line_ = false;
    if (text.empty()) return dispatch();
    const std::size_t colon = text.find(':');
    if (colon == 0) return;  // a comment keeps the connection alive
    const std::string_view field = text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") {
        name_ = value;
    } else if (field == "id") {
        last_id_ = value;
    } else if (field == "data") {
        if (has_data_) data_ += '\n';
        data_ += value;
        has_data_ = true;
    }
}

void SseReader::dispatch() {
    const Event event{name_.empty() ? "message" : name_, last_id_, data_};
    const bool complete = has_data_;
    name_.clear();
    data_.clear();
    has_data_ = false;
    if (complete) sink_(event);
}

}  // namespace assistd::cli
