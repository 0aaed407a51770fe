#include "api/assistants/assistant_fields.h"
#include "api/assistants/handlers.h"
#include "api/assistants/render.h"
#include "api/assistants/thread_files.h"
#include "api/openai/query.h"

namespace assistd::api::assistants {
namespace {

constexpr std::string_view what = "assistant";

AssistantId assistant_in(const Request& request) {
    return openai::id_in_path<AssistantId>(request, "assistant", openai::prefix::assistant, what);
}

}  // namespace

Task<Reply> create_assistant(const Services& services, Request request) {
    const openai::Json json = openai::read_body(request);
    core::Assistant assistant = read_assistant(services, request.user, openai::Fields(json));
    Additions added{request.user};
    co_await all_or_nothing(services, added, add_assistant(services, added, assistant));
    co_return openai::json_reply(render(assistant));
}

Task<Reply> list_assistants(const Services& services, Request request) {
    const auto range =
        openai::QueryKeys(request).listing<AssistantId>(openai::prefix::assistant, "an assistant");
    const auto slice = co_await services.assistants.list(request.user, range);
    const auto each = [](const core::Assistant& assistant) { return render(assistant); };
    co_return openai::json_reply(openai::render_list(slice, each));
}

Task<Reply> show_assistant(const Services& services, Request request) {
    const AssistantId id = assistant_in(request);
    const core::Assistant assistant =
        co_await found(services.assistants.find(request.user, id), what, request.path_value("assistant"));
    co_return openai::json_reply(render(assistant));
}

Task<Reply> change_assistant(const Services& services, Request request) {
    const AssistantId id = assistant_in(request);
    const openai::Json json = openai::read_body(request, true);
    core::AssistantChange change = read_assistant_change(services, openai::Fields(json));
    Additions none{request.user};  // no store is described here
    if (change.tool_resources)
        change.tool_resources = co_await settle_resources(services, none, *change.tool_resources);
    const core::Assistant changed =
        co_await found(services.assistants.change(request.user, id, std::move(change)), what,
                       request.path_value("assistant"));
    co_return openai::json_reply(render(changed));
}

Task<Reply> delete_assistant(const Services& services, Request request) {
    const AssistantId id = assistant_in(request);
    co_await found(services.assistants.remove(request.user, id), what, request.path_value("assistant"));
    co_return openai::json_reply(render_deleted(request.path_value("assistant"), "assistant.deleted"));
}

}  // namespace assistd::api::assistants
