#pragma once
// A piece of a file's text, as a search of the documents finds it. A value type.

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"

namespace assistd::core {

struct Passage {
    ArtifactId file;
    std::string file_name;
    VectorStoreId store;
    // How well it fits, 0..1 (core/knowledge.h says how it is made).
    double score = 0;
    std::string text;
    std::optional<int> page;  // the first page that it is on, from 1; nothing where there are no pages
    // Its place in the file's whole extracted text, in code points: [start, end).
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::string heading;            // the headings that it stands below, outermost first: "Methods > Growth"
    std::string attributes = "{}";  // the file's in its store, a JSON object of plain values
};

}  // namespace assistd::core
