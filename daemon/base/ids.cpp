#include "base/ids.h"

#include <sys/random.h>

#include <chrono>
#include <mutex>
#include <random>
#include <stdexcept>

namespace assistd {
namespace {

std::uint64_t entropy() {
    std::uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != sizeof bits)
        throw std::runtime_error("the system gives no random bits");
    return bits;
}

// Time and counter shared by all threads: 48 bits of milliseconds and a 12-bit counter that borrows from the
// clock when more than 4,096 ids are made in one millisecond (RFC 9562, section 6.2, method 1).
std::uint64_t next_stamp() {
    static std::mutex mutex;
    static std::uint64_t last = 0;
    const auto millis = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                       std::chrono::system_clock::now().time_since_epoch())
                                                       .count());
    const std::lock_guard lock(mutex);
    last = std::max(last + 1, millis << 12);
    return last;
}

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Uuid Uuid::make() {
    thread_local std::mt19937_64 random(entropy());
    const std::uint64_t stamp = next_stamp();
    const std::uint64_t millis = stamp >> 12;
    const std::uint64_t tail = random();
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>(0x70 | ((stamp >> 8) & 0x0f));
    bytes[7] = static_cast<std::uint8_t>(stamp);
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(tail >> (56 - 8 * i));
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
    return Uuid(bytes);
}

std::optional<Uuid> Uuid::from_hex(std::string_view hex) {
    if (hex.size() != 32) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 16; ++i) {
        const int high = digit_value(hex[2 * i]);
        const int low = digit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return Uuid(bytes);
}

std::string Uuid::hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (const std::uint8_t byte : bytes_) {
        text += digits[byte >> 4];
        text += digits[byte & 0x0f];
    }
    return text;
}

}  // namespace assistd
