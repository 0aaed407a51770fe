#pragma once
// How a reply names the passages that it rests on. A search gives each passage a marker, "【3:1†notes.md】":
// the number of the search's call in its turn, the passage's number in the result, both from 1, and the file.
// The model is told to repeat the markers; here they are found again. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/passage.h"

namespace assistd::core {

// The tool whose results are passages.
inline constexpr std::string_view search_tool = "file_search";

// A passage as a search of this turn returned it.
struct FoundPassage {
    int search = 1;  // which call of the turn it was
    int number = 1;  // which of its passages
    Passage passage;
};

struct Citation {
    std::string marker;  // as it stands in the reply
    // Where it stands there, in code points: [start_index, end_index).
    std::int64_t start_index = 0;
    std::int64_t end_index = 0;
    ArtifactId file;
    std::string file_name;
    // What of the passage is nearest to the sentence before the marker: whole sentences, so few that they can
    // be shown, and their place in the file's extracted text, in code points.
    std::string quote;
    std::int64_t quote_start = 0;
    std::int64_t quote_end = 0;
    std::optional<int> page;  // that the passage begins on
};

std::string marker_of(int search, int number, std::string_view file_name);
inline std::string marker_of(const FoundPassage& found) {
    return marker_of(found.search, found.number, found.passage.file_name);
}

// What a file_search call returned, from its result as it is stored (tools/document_tools.cpp): the whole
// {"success", "data"}. None for a result that is something else.
std::vector<FoundPassage> found_in(std::string_view result);

// In the order of the reply. A marker is known by its numbers, as models shorten names; one whose numbers no
// search gave, or whose name is that of another file which was found, is no citation.
std::vector<Citation> citations_of(std::string_view reply, const std::vector<FoundPassage>& found);

}  // namespace assistd::core
