#include "core/project.h"

namespace assistd::core {
namespace {

std::string counted(std::int64_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

std::string text_of(const ProjectNumbers& numbers) {
    return counted(numbers.conversations, "conversation") + ", " + counted(numbers.artifacts, "artifact") +
           ", " + counted(numbers.jobs, "job");
}

}  // namespace assistd::core
