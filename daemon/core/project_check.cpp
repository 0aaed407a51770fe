#include "core/project_check.h"

#include "base/error.h"

namespace assistd::core {

Task<std::optional<std::string>> problem_with_project(Projects& projects, Owner owner, std::string id) {
    constexpr std::size_t longest_shown = 80;
    if (id.empty()) co_return std::nullopt;
    std::string problem =
        "project_id names no project of yours; it is \"" + id.substr(0, longest_shown) + "\".";
    const auto parsed = ProjectId::parse(id);
    if (!parsed) co_return problem;
    try {
        co_await projects.find(std::move(owner), *parsed);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        co_return problem;
    }
    co_return std::nullopt;
}

}  // namespace assistd::core
