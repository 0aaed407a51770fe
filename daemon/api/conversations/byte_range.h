#pragma once
// The Range header of a download (RFC 9110, section 14).

#include <cstdint>
#include <optional>
#include <string_view>

namespace assistd::api::conversations {

struct ByteRange {
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

// The one range of bytes that is asked for. Nothing when the whole file is to be sent: no range, several,
// another unit, or no valid one. Throws Error{range_not_satisfiable} when the range lies outside of the file.
std::optional<ByteRange> range_of(std::string_view header, std::int64_t size);

}  // namespace assistd::api::conversations
