#include "check/loader_cache.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

namespace assistd::check {
namespace {

// glibc's sysdeps/generic/dl-cache.h, which the loader and ldconfig share: a header, `count` entries, texts.
constexpr std::string_view magic = "glibc-ld.so.cache1.1";
constexpr std::size_t header_bytes = 48;
constexpr std::size_t count_at = 20;
struct Entry {
    std::int32_t flags;
    std::uint32_t name;  // from the header's begin on
    std::uint32_t path;
    std::uint32_t os_version;
    std::uint64_t hardware;
};
static_assert(sizeof(Entry) == 24, "as it stands in the file");
#if defined(__x86_64__)
constexpr std::int32_t our_flags = 0x0303;
#else
constexpr std::int32_t our_flags = 0x0a03;  // AArch64
#endif

std::string text_at(const std::string& bytes, std::size_t offset) {
    if (offset >= bytes.size()) return "";
    const auto end = bytes.find('\0', offset);
    return end == std::string::npos ? "" : bytes.substr(offset, end - offset);
}

}  // namespace

std::map<std::string, std::filesystem::path> read_loader_cache(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(stream), {});
    const auto begin = bytes.find(magic);
    if (begin == std::string::npos) return {};
    bytes.erase(0, begin);
    if (bytes.size() < header_bytes) return {};
    std::uint32_t count = 0;
    std::memcpy(&count, bytes.data() + count_at, sizeof count);
    std::map<std::string, std::filesystem::path> found;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = header_bytes + i * sizeof(Entry);
        if (at + sizeof(Entry) > bytes.size()) break;
        Entry entry;
        std::memcpy(&entry, bytes.data() + at, sizeof entry);
        // Those for special hardware stand beside one for all.
        if (entry.flags == our_flags && entry.hardware == 0)
            found.emplace(text_at(bytes, entry.name), text_at(bytes, entry.path));
    }
    return found;
}

}  // namespace assistd::check
