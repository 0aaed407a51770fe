#include "api/conversations/project_field.h"

#include "core/project_check.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_id = 256;

}  // namespace

Task<std::optional<std::string>> read_project(const Services& services, core::Owner owner, JsonBody& body) {
    const std::optional<std::string> id = body.text("project_id", max_id);
    if (!id) co_return id;
    const auto problem = co_await core::problem_with_project(services.projects, std::move(owner), *id);
    if (problem) body.wrong("project_id", *problem);
    co_return id;
}

}  // namespace assistd::api::conversations
