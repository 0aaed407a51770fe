#pragma once
// Text or numbers on their way into an artifact: buffered, so that a million lines are a few writes, and
// counted, so that a short file can be repeated in the result. One call's thread.

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace assistd::exporting {

// Contents up to this size may stand in a result.
inline constexpr std::size_t inline_limit = 50 * 1024;

class TextSink {
  public:
    // `fd` stays its owner's.
    explicit TextSink(int fd) : fd_(fd) {}

    TextSink& operator<<(std::string_view text);
    // The shortest digits that read back as the same number.
    TextSink& operator<<(double value);
    TextSink& operator<<(float value);
    TextSink& operator<<(std::int64_t value);

    // The bytes of a number as they are in memory, for binary formats; all of them are little endian.
    template <typename Number>
    void put(Number value) {
        static_assert(std::is_arithmetic_v<Number> && std::endian::native == std::endian::little);
        *this << std::string_view(reinterpret_cast<const char*>(&value), sizeof value);
    }

    // Writes what is still buffered; throws Failure when the artifact takes no more.
    void flush();

    std::uint64_t size() const { return size_; }
    // Everything, as long as size() is at most inline_limit.
    const std::string& beginning() const { return beginning_; }

  private:
    int fd_;
    std::uint64_t size_ = 0;
    std::string buffer_;
    std::string beginning_;
};

}  // namespace assistd::exporting
