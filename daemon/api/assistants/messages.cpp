#include "api/assistants/assistant_fields.h"
#include "api/assistants/content.h"
#include "api/assistants/handlers.h"
#include "api/assistants/render.h"
#include "api/assistants/thread_files.h"
#include "api/openai/metadata.h"
#include "api/openai/query.h"

namespace assistd::api::assistants {
namespace {

constexpr std::string_view what = "message";

MessageId message_in(const Request& request) {
    return openai::id_in_path<MessageId>(request, "message", openai::prefix::message, what);
}

Task<core::ThreadMessage> say(const Services& services, Additions& added, ConversationId thread,
                              std::vector<GivenMessage> given) {
    std::vector<core::Message> messages =
        co_await make_messages(services, added, thread, true, std::move(given));
    core::ThreadMessage made{messages.front(), {}};
    co_await index_attachments(services, added, thread, attachments_of(messages));
    co_await services.threads.append(added.owner, thread, std::move(messages));
    co_return made;
}

}  // namespace

Task<Reply> create_message(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const openai::Json json = openai::read_body(request);
    std::vector<GivenMessage> given;
    given.push_back(read_message(openai::Fields(json), has_code_interpreter(services)));
    const auto lock = co_await hold_thread(services, request);
    Additions added{request.user};
    const core::ThreadMessage made =
        co_await found(all_or_nothing(services, added, say(services, added, thread.id, std::move(given))),
                       "thread", request.path_value("thread"));
    co_return openai::json_reply(render(made));
}

Task<Reply> list_messages(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const openai::QueryKeys keys(request);
    core::ThreadMessageQuery query;
    query.owner = request.user;
    query.conversation = thread.id;
    query.range = keys.listing<MessageId>(openai::prefix::message, "a message of the thread");
    query.turn = keys.id<TurnId>("run_id", openai::prefix::run, "a run");
    const auto slice = co_await services.threads.messages(std::move(query));
    const auto each = [](const core::ThreadMessage& message) { return render(message); };
    co_return openai::json_reply(openai::render_list(slice, each));
}

Task<Reply> show_message(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const MessageId id = message_in(request);
    const core::ThreadMessage message = co_await found(services.threads.message(request.user, thread.id, id),
                                                       what, request.path_value("message"));
    co_return openai::json_reply(render(message));
}

Task<Reply> change_message(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const MessageId id = message_in(request);
    const openai::Json json = openai::read_body(request, true);
    const std::string patch = openai::read_metadata_patch(openai::Fields(json)).value_or("{}");
    const core::ThreadMessage changed =
        co_await found(services.threads.change_message(request.user, thread.id, id, patch), what,
                       request.path_value("message"));
    co_return openai::json_reply(render(changed));
}

Task<Reply> delete_message(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const MessageId id = message_in(request);
    const auto lock = co_await hold_thread(services, request);
    co_await found(services.threads.remove_message(request.user, thread.id, id), what,
                   request.path_value("message"));
    services.turns.forget(thread.id);
    co_return openai::json_reply(render_deleted(request.path_value("message"), "thread.message.deleted"));
}

}  // namespace assistd::api::assistants
