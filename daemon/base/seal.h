#pragma once
// The end of a backup's file: the SHA-256 of all that stands before it, in a frame that decompressors of
// Zstandard skip. So a file that was cut off, or of which one bit is another, is known for what it is without
// being opened. Pure functions but for reading; any thread.

#include <functional>
#include <string>
#include <string_view>

namespace assistd {

inline constexpr std::size_t seal_size = 80;

// The bytes to be written behind a content with this SHA-256, in hexadecimal digits.
std::string seal_of(std::string_view sha256);

// Reads a whole file and says what is wrong with it, in words that go behind "it"; empty when its seal is
// right. `between` is called after each piece and may throw. Throws Error{unavailable} when the file cannot
// be read.
std::string fault_of_sealed(int file, const std::function<void()>& between = {});

}  // namespace assistd
