#pragma once
// What a dimension that was found can mean in the space that the particles are in. Pure.

#include <string>

namespace assistd::analysis {

// "above the 3 of space, which no body's can be: it is not to be used."; empty for one that can be.
inline std::string why_not_of_space(double df, int dimensions) {
    if (df <= dimensions) return "";
    return "above the " + std::to_string(dimensions) +
           " of space, which no body's can be: it is not to be used.";
}

}  // namespace assistd::analysis
