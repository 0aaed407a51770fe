#include "api/mcp/methods.h"

#include "api/mcp/artifact_files.h"
#include "api/mcp/server_info.h"
#include "api/mcp/tool_list.h"
#include "base/error.h"

namespace assistd::api::mcp {
namespace {

constexpr std::int64_t an_hour = 3'600'000;

Json caching(Json result, const Question& question, std::int64_t milliseconds) {
    return question.modern ? cached(std::move(result), milliseconds) : result;
}

Task<std::optional<Json>> dispatch(const Backend& backend, const Question& question) {
    if (question.method == "tools/list") {
        const auto tools = backend.tools.offered_to(question.owner);
        // Plugins come and go at any time, and listeners are told.
        co_return caching(tool_list(*tools, member(question.params, "cursor")), question, 0);
    }
    if (question.method == "resources/list") {
        Json list = co_await list_resources(backend, question.owner, question.params);
        co_return caching(std::move(list), question, 0);
    }
    if (question.method == "resources/templates/list") co_return caching(list_templates(), question, an_hour);
    if (question.method == "resources/read") {
        const int not_found = question.modern ? code::invalid_params : code::resource_not_found;
        Json contents = co_await read_resource(backend, question.owner, question.params, not_found);
        co_return caching(std::move(contents), question, an_hour);  // artifacts never change
    }
    co_return std::nullopt;
}

}  // namespace

Task<std::optional<Json>> answer(const Backend& backend, Question question) {
    std::optional<Error> failure;
    try {
        co_return co_await dispatch(backend, question);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::internal) throw;
        failure = error;
    }
    const bool is_theirs =
        failure->code() == ErrorCode::validation || failure->code() == ErrorCode::invalid_request;
    throw RpcError(is_theirs ? code::invalid_params : code::internal_error, failure->what(), 200);
}

}  // namespace assistd::api::mcp
