#include "api/assistants/assistant_fields.h"
#include "api/assistants/content.h"
#include "api/assistants/handlers.h"
#include "api/assistants/render.h"
#include "api/assistants/thread_files.h"
#include "api/assistants/tools.h"
#include "api/openai/metadata.h"

namespace assistd::api::assistants {

Task<core::Conversation> find_thread(const Services& services, const Request& request) {
    const ConversationId id = thread_in(request);
    return found(services.store.conversation(request.user, id), "thread", request.path_value("thread"));
}

// A client would repeat what is answered 409, so this is no conflict (protocol: 400).
Task<core::ConversationLocks::Lock> hold_thread(const Services& services, const Request& request) {
    const ConversationId id = thread_in(request);
    try {
        co_return co_await services.turns.hold(id, request.gone);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict) throw;
    }
    throw Error(ErrorCode::invalid_request, "Messages of the thread " + request.path_value("thread") +
                                                " cannot be added or deleted while a run is active in it.");
}

GivenThread read_thread(const core::Owner& owner, const openai::Fields& fields, bool runs_code) {
    GivenThread given;
    given.thread.id = ConversationId::make();
    given.thread.owner = owner;
    given.thread.door = core::assistants_door;
    given.thread.metadata = openai::read_metadata(fields);
    given.thread.tool_resources = read_tool_resources(fields, true);
    given.messages = read_messages(fields, "messages", runs_code);
    return given;
}

Task<core::Conversation> add_thread(const Services& services, Additions& added, GivenThread given) {
    core::Conversation thread = std::move(given.thread);
    thread.tool_resources = co_await settle_resources(services, added, thread.tool_resources);
    std::vector<core::Message> messages =
        co_await make_messages(services, added, thread.id, false, std::move(given.messages));
    thread.created_at = now();
    thread.updated_at = thread.created_at;
    const std::vector<std::string> attachments = attachments_of(messages);
    co_await services.threads.add(thread, std::move(messages));
    added.thread = thread.id;
    if (attachments.empty()) co_return thread;
    co_await index_attachments(services, added, thread.id, attachments);
    co_return co_await services.store.conversation(thread.owner, thread.id);
}

Task<Reply> create_thread(const Services& services, Request request) {
    const openai::Json json = openai::read_body(request, true);
    GivenThread given = read_thread(request.user, openai::Fields(json), has_code_interpreter(services));
    Additions added{request.user};
    const core::Conversation thread =
        co_await all_or_nothing(services, added, add_thread(services, added, std::move(given)));
    co_return openai::json_reply(render(thread));
}

Task<Reply> show_thread(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    co_return openai::json_reply(render(thread));
}

Task<Reply> change_thread(const Services& services, Request request) {
    const ConversationId id = thread_in(request);
    const openai::Json json = openai::read_body(request, true);
    const openai::Fields body(json);
    core::ThreadChange change;
    change.metadata = openai::read_metadata_patch(body);
    if (body.has("tool_resources")) {
        const std::string given = read_tool_resources(body, false);
        Additions none{request.user};  // no store is described here
        change.tool_resources = co_await settle_resources(services, none, given);
    }
    const core::Conversation changed = co_await found(
        services.threads.change(request.user, id, std::move(change)), "thread", request.path_value("thread"));
    co_return openai::json_reply(render(changed));
}

// With its messages, and with what still runs in it.
Task<Reply> delete_thread(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    co_await services.turns.cancel_all(request.user, thread.id);
    co_await services.jobs.cancel_all(request.user, thread.id);
    co_await found(services.store.remove_conversation(request.user, thread.id), "thread",
                   request.path_value("thread"));
    services.knowledge.look_for_gone_files();
    co_return openai::json_reply(render_deleted(request.path_value("thread"), "thread.deleted"));
}

}  // namespace assistd::api::assistants
