#pragma once
// The parts of a zip archive, one at a time, never more of them than is asked for. One thread.

#include <functional>
#include <string>
#include <string_view>

#include "knowledge/extract/input.h"

namespace assistd::extract {

// Told each part by its name; false passes over it, true has its bytes told in blocks.
struct ZipListener {
    std::function<bool(const std::string& name)> wants;
    std::function<void(std::string_view block)> block;
    std::function<void()> end_of_part;
};

// Throws Failure when the archive is damaged or protected, has too many parts, or the parts that are wanted
// unpack to more than `most_bytes`.
void read_zip(const InputFile& file, std::uint64_t most_bytes, const ZipListener& listener);

}  // namespace assistd::extract
