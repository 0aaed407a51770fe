#include "http/chunked_decoder.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace assistd::http {
namespace {

constexpr std::size_t max_line = 4 * 1024;      // a size line with its extensions, or one trailer
constexpr std::size_t max_trailer = 16 * 1024;  // all of them; they are read and dropped

Error bad(const char* sentence) {
    return Error(ErrorCode::invalid_request, sentence);
}

}  // namespace

// True when line_ holds a whole line, without its CR LF.
bool ChunkedDecoder::take_line(std::string_view& bytes) {
    const std::size_t newline = bytes.find('\n');
    line_.append(bytes.substr(0, newline));
    if (line_.size() > max_line) throw bad("A line of the chunked body is too long.");
    if (newline == std::string_view::npos) {
        bytes = {};
        return false;
    }
    bytes.remove_prefix(newline + 1);
    if (line_.empty() || line_.back() != '\r')
        throw bad("The lines of a chunked body must end with CR and LF.");
    line_.pop_back();
    return true;
}

void ChunkedDecoder::read_size() {
    const std::string_view line = line_;
    const std::string_view digits = line.substr(0, line.find_first_of("; \t"));
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
    const bool is_number = !digits.empty() && digits.front() != '-' && problem == std::errc() &&
                           end == digits.data() + digits.size() && digits.size() <= 15;
    if (!is_number) throw bad("A chunk's size must be a hexadecimal number.");
    const std::size_t after = line.find_first_not_of(" \t", digits.size());
    if (after != std::string_view::npos && line[after] != ';') throw bad("A chunk's size must stand alone.");
    for (const char c : line)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
            throw bad("A chunk's size must not be followed by control characters.");
    part_ = left_ > 0 ? Part::data : Part::trailer;
    line_.clear();
}

std::string_view ChunkedDecoder::take(std::string_view& bytes) {
    switch (part_) {
        case Part::size:
            if (take_line(bytes)) read_size();
            return {};
        case Part::data: {
            const auto count = std::min<std::uint64_t>(bytes.size(), static_cast<std::uint64_t>(left_));
            const std::string_view data = bytes.substr(0, count);
            bytes.remove_prefix(count);
            left_ -= static_cast<std::int64_t>(count);
            if (left_ == 0) part_ = Part::data_end;
            return data;
        }
        case Part::data_end:
            if (!take_line(bytes)) {
                if (line_ != "\r") throw bad("A chunk is longer than its size says.");
                return {};
            }
            if (!line_.empty()) throw bad("A chunk is longer than its size says.");
            part_ = Part::size;
            return {};
        case Part::trailer:
            if (!take_line(bytes)) return {};
            trailer_bytes_ += line_.size() + 2;
            if (trailer_bytes_ > max_trailer) throw bad("The trailers of the chunked body are too long.");
            if (line_.empty()) part_ = Part::done;
            line_.clear();
            return {};
        case Part::done:
            return {};
    }
    return {};
}

}  // namespace assistd::http
