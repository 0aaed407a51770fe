#include "text_sink.h"

#include <array>
#include <charconv>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::exporting {
namespace {

constexpr std::size_t buffer_size = 1 << 16;

template <typename Number>
std::string_view digits(std::array<char, 32>& text, Number value) {
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

}  // namespace

TextSink& TextSink::operator<<(std::string_view text) {
    buffer_ += text;
    size_ += text.size();
    if (size_ <= inline_limit) beginning_ += text;
    if (buffer_.size() >= buffer_size) flush();
    return *this;
}

TextSink& TextSink::operator<<(double value) {
    std::array<char, 32> text{};
    return *this << digits(text, value);
}

TextSink& TextSink::operator<<(float value) {
    std::array<char, 32> text{};
    return *this << digits(text, value);
}

TextSink& TextSink::operator<<(std::int64_t value) {
    std::array<char, 32> text{};
    return *this << digits(text, value);
}

void TextSink::flush() {
    try {
        detail::write_all(fd_, buffer_.data(), buffer_.size());
    } catch (const std::runtime_error& error) {
        throw Failure("QuotaExceededError", std::string("The file cannot be written: ") + error.what());
    }
    buffer_.clear();
}

}  // namespace assistd::exporting
