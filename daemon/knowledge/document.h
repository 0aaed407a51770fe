#pragma once
// The text of a document as it was extracted: valid UTF-8, with what is known about its parts. Value types.

#include <optional>
#include <string>
#include <vector>

namespace assistd::knowledge {

// From `start` to the next section's, or to the end.
struct Section {
    std::size_t start = 0;              // in bytes of the text
    std::vector<std::string> headings;  // that it stands below, outermost first; its own is the last
    std::optional<int> page;            // from 1, where there are pages
};

struct Document {
    std::string text;
    std::vector<Section> sections;  // by their starts; the first begins with the text
};

}  // namespace assistd::knowledge
