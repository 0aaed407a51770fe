#include "api/conversations/project_field.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_id = 256;

}  // namespace

Task<std::optional<std::string>> problem_with_project(core::Projects& projects, core::Owner owner,
                                                      std::string id) {
    if (id.empty()) co_return std::nullopt;
    std::string problem = "project_id names no project of yours; it is \"" + id.substr(0, 80) + "\".";
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

Task<std::optional<std::string>> read_project(const Services& services, core::Owner owner, JsonBody& body) {
    const std::optional<std::string> id = body.text("project_id", max_id);
    if (!id) co_return id;
    const auto problem = co_await problem_with_project(services.projects, std::move(owner), *id);
    if (problem) body.wrong("project_id", *problem);
    co_return id;
}

}  // namespace assistd::api::conversations
