#include <utility>

#include "knowledge/extract/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

namespace assistd::extract {
namespace {

constexpr std::size_t most_blanks = 8;
constexpr std::size_t frame_bytes = 256u << 10;
constexpr std::size_t most_heading_bytes = 300;

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F;
}

std::size_t bytes_of_character(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string to_line(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// On one line, and no longer than a heading is.
std::string heading_of(const std::string& text) {
    std::string heading;
    for (const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= 0x20;
        if (!blank)
            heading += c;
        else if (!heading.empty() && heading.back() != ' ')
            heading += ' ';
    }
    while (heading.ends_with(' ')) heading.pop_back();
    std::size_t end = std::min(heading.size(), most_heading_bytes);
    while (end < heading.size() && end > 0 && (static_cast<unsigned char>(heading[end]) & 0xC0) == 0x80)
        --end;
    heading.resize(end);
    return heading;
}

}  // namespace

void Output::begin_section(std::vector<std::string> headings) {
    if (total_ > 0) end_paragraph();
    next_place_ = Place{std::move(headings), next_place_ ? next_place_->page : place_.page};
}

void Output::begin_page(int page) {
    if (total_ > 0) end_line();
    next_place_ = Place{next_place_ ? next_place_->headings : place_.headings, page};
}

void Output::text(std::string_view text) {
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(text[plain])) ++plain;
        if (plain > 0) {
            visible(text.substr(0, plain));
            has_words_ = true;
        } else {
            plain = special(text);
        }
        text.remove_prefix(std::min(plain, text.size()));
    }
}

// A character that is no plain ASCII; returns its bytes.
std::size_t Output::special(std::string_view text) {
    const char first = text.front();
    const bool after_return = std::exchange(after_return_, first == '\r');
    if (first == '\n' || first == '\r' || first == '\f' || first == '\v') {
        if (first == '\n' && after_return) return 1;
        newlines_ = std::min(newlines_ + 1, 2);
        blanks_.clear();
        return 1;
    }
    const std::size_t bytes = std::min(bytes_of_character(first), text.size());
    const std::string_view character = text.substr(0, bytes);
    if (first == ' ' || first == '\t' || character == "\u00A0" || character == "\u202F") {
        if (blanks_.size() < most_blanks) blanks_ += first == '\t' ? '\t' : ' ';
        return bytes;
    }
    if (character == "\u2028" || character == "\u0085") {
        end_line();
    } else if (character == "\u2029") {
        end_paragraph();
    } else {
        const bool control = bytes == 1 || (first == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0);
        const bool invisible =
            character == "\u00AD" || character == "\u200B" || character == "\u2060" || character == "\uFEFF";
        if (control || invisible) return bytes;
        visible(character);
        has_words_ = has_words_ || character != "\uFFFD";
    }
    return bytes;
}

void Output::visible(std::string_view text) {
    begin_visible();
    buffer_ += text;
    total_ += text.size();
    if (total_ > most_bytes_)
        invalid("has more text than the " + std::to_string(most_bytes_ >> 20) +
                " MiB that one document may have; split it into several files");
    if (buffer_.size() >= frame_bytes) flush();
}

// The blank lines belong to the section before, so that a section begins with its first word.
void Output::begin_visible() {
    after_return_ = false;
    if (total_ > 0) buffer_.append(static_cast<std::size_t>(newlines_), '\n');
    total_ += total_ > 0 ? static_cast<std::size_t>(newlines_) : 0;
    newlines_ = 0;
    if (next_place_) {
        flush();
        place_ = std::move(*next_place_);
        next_place_.reset();
        blanks_.clear();
    }
    buffer_ += blanks_;
    total_ += blanks_.size();
    blanks_.clear();
}

void Output::flush() {
    if (buffer_.empty()) return;
    nlohmann::json line;
    line["headings"] = place_.headings;
    if (place_.page) line["page"] = *place_.page;
    line["text"] = std::move(buffer_);
    buffer_.clear();
    write_line(to_line(line));
}

void Output::finish() {
    if (!has_words_) invalid("has no text in it");
    flush();
    write_line(to_line({{"done", true}}));
}

void Output::tell_unprotected(const std::string& sentences) {
    if (!sentences.empty()) write_line(to_line({{"unprotected", sentences}}));
}

void Output::fail(FailureKind kind, const std::string& clause) {
    const char* code = kind == FailureKind::unsupported_file ? "unsupported_file"
                       : kind == FailureKind::invalid_file   ? "invalid_file"
                                                             : "server_error";
    write_line(to_line({{"failure", {{"code", code}, {"clause", clause}}}}));
}

// When the daemon does not want it any more, nobody does.
void Output::write_line(const std::string& line) const {
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t written = ::write(fd_, line.data() + sent, line.size() - sent);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) ::_exit(0);
        sent += static_cast<std::size_t>(written);
    }
}

void Outline::add(int level, std::string heading) {
    heading = heading_of(heading);
    if (heading.empty()) return;  // a line that only looks like one
    while (!open_.empty() && open_.back().first >= level) open_.pop_back();
    open_.emplace_back(level, std::move(heading));
}

std::vector<std::string> Outline::path() const {
    std::vector<std::string> headings;
    for (const auto& [level, heading] : open_) headings.push_back(heading);
    return headings;
}

}  // namespace assistd::extract
