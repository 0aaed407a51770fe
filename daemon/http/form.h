#pragma once
// A form as handlers see it: what a multipart/form-data body held. A value that the handler owns.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::http {

struct FormFile {
    std::string field;
    std::string name;          // as it was sent: may be empty, a path, or no UTF-8
    std::string content_type;  // empty: not said
    UniqueFd content;          // an unnamed file, to be read from its start
    std::int64_t size = 0;
};

struct Form {
    std::vector<std::pair<std::string, std::string>> fields;  // in the order sent; UTF-8; no name twice
    std::optional<FormFile> file;
};

}  // namespace assistd::http
