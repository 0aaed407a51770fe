#include "support/folders.h"

namespace assistd::test {

std::filesystem::path source_folder() {
    return ASSISTD_SOURCE_DIR;
}

std::filesystem::path build_folder() {
    return ASSISTD_BINARY_DIR;
}

}  // namespace assistd::test
