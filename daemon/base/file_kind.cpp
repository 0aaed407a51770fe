#include "base/file_kind.h"

namespace assistd {

std::string odd_kind_of(const std::filesystem::path& path) {
    using enum std::filesystem::file_type;
    std::error_code failure;
    switch (std::filesystem::status(path, failure).type()) {
        case directory:
            return "a folder";
        case fifo:
            return "a FIFO";
        case socket:
            return "a socket";
        case character:
        case block:
            return "a device";
        default:
            return {};
    }
}

}  // namespace assistd
