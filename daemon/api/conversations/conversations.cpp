#include <algorithm>
#include <limits>

#include "api/assistants/thread_files.h"
#include "api/conversations/archiving.h"
#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/conversations/render.h"
#include "api/json_body.h"
#include "api/query.h"
#include "base/one_line.h"
#include "base/utf8.h"
#include "core/titles.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_title = 200;
constexpr std::size_t max_name = 256;
constexpr std::size_t max_reason = 500;
constexpr int shown_messages = 100;

ConversationId conversation_in(const Request& request) {
    return id_in_path<ConversationId>(request, "id", "conversation");
}

std::optional<std::string> title_in(JsonBody& body) {
    const auto title = body.text("title", max_title);
    if (title && title->find_first_not_of(" \t\r\n") == std::string::npos)
        body.wrong("title", "title must not be blank.");
    else if (title && !is_one_line(*title))
        body.wrong("title", "title must be one line, without control characters.");
    return title;
}

// Makes the names those of a provider and a model that exist, or says which do not. Both are kept: were the
// provider to leave the configuration, its conversations must not go to another one unasked.
void resolve_model(const Services& services, JsonBody& body, std::optional<std::string>& provider,
                   std::optional<std::string>& model) {
    if (!provider && !model) return;
    try {
        const core::ProviderChoice choice =
            services.providers.choose(provider.value_or(""), model.value_or(""));
        provider = choice.provider_name;
        model = choice.model;
    } catch (const Error& error) {
        body.wrong(provider ? "provider" : "model", error.what());
    }
}

// Whether the name says by itself whose model it is: an alias, or a provider in front.
bool names_provider(const Services& services, const std::string& model) {
    try {
        const core::ProviderChoice choice = services.providers.choose("", model);
        return choice.model != model ||
               choice.provider_name != services.providers.choose("", "").provider_name;
    } catch (const Error&) {
        return false;  // of the default provider it is none either
    }
}

// The field assistant_id; one that names none of the user's is noted in `body`, which must outlive the call.
Task<std::string> read_assistant(const Services& services, core::Owner owner, JsonBody& body) {
    const std::string given = body.text("assistant_id", max_name).value_or("");
    if (given.empty()) co_return given;
    if (const auto id = AssistantId::parse(given)) {
        try {
            co_await services.assistants.find(std::move(owner), *id);
            co_return given;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
        }
    }
    body.wrong("assistant_id", "assistant_id names no assistant of yours; it is \"" +
                                   std::string(whole_characters(given, 80)) + "\".");
    co_return "";
}

std::optional<core::ConversationState> state_in(JsonBody& body) {
    const auto name = body.text("state", max_name);
    if (!name) return std::nullopt;
    for (const core::ConversationState state :
         {core::ConversationState::open, core::ConversationState::locked, core::ConversationState::closed})
        if (core::name_of(state) == *name) return state;
    body.wrong("state", "state must be open, locked or closed; it is \"" + *name + "\".");
    return std::nullopt;
}

// null takes away what a conversation has: its title is found anew, its model is the configured one again.
core::ConversationChange read_change(JsonBody& body) {
    core::ConversationChange change;
    change.title = title_in(body);
    if (body.is_null("title")) change.title = "";
    change.metadata = body.object("metadata");
    if (body.is_null("metadata")) change.metadata = "{}";
    change.provider = body.text("provider", max_name);
    change.model = body.text("model", max_name);
    change.state = state_in(body);
    if (body.is_null("state")) change.state = core::ConversationState::open;
    change.state_reason = body.text("state_reason", max_reason);
    // The reason of a state that is over is none.
    if (change.state && !change.state_reason) change.state_reason = "";
    return change;
}

// The provider and model that a change asks for.
void resolve_change(const Services& services, JsonBody& body, const core::Conversation& before,
                    core::ConversationChange& change) {
    if (!change.provider && !change.model) {
        if (body.is_null("provider") || body.is_null("model")) change.provider = change.model = "";
        return;
    }
    // A model that is named without a provider is one of the conversation's own.
    const bool keeps_provider = !change.provider && !body.is_null("provider") && !before.provider.empty();
    if (keeps_provider && !names_provider(services, *change.model)) change.provider = before.provider;
    resolve_model(services, body, change.provider, change.model);
}

Json running_turn(const Services& services, const core::Owner& user, ConversationId id) {
    const auto running = services.turns.running_in(user, id);
    return running ? Json(running->text()) : Json();
}

// What tells a conversation without a title from others: what the user said first.
Task<void> add_preview(const Services& services, const core::Conversation& conversation, Json& json) {
    if (!conversation.title.empty()) co_return;
    const std::string beginning;
    const core::Page<core::Message> first = co_await services.store.messages(conversation.id, beginning, 10);
    for (const core::Message& message : first.items) {
        if (message.role != core::Role::user) continue;
        json["first_message_preview"] = core::title_from(message.text());
        break;
    }
}

std::optional<MessageId> message_in(Query& query, std::string_view key) {
    const auto given = query.text(key);
    if (!given) return std::nullopt;
    const auto id = MessageId::parse(*given);
    if (!id) query.wrong(key, std::string(key) + " must be the id of a message; it is \"" + *given + "\".");
    return id;
}

// Messages from this one on, itself the first. `key` is the query's that names it.
Task<std::vector<core::Message>> messages_from(const Services& services, core::Owner owner, ConversationId id,
                                               const char* key, MessageId from, core::Order order,
                                               int at_most) {
    try {
        co_return co_await services.threads.messages_from(std::move(owner), id, from, order, at_most);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::validation) throw;
        const std::string sentence = std::string(key) + " names no message of this conversation.";
        throw Error(ErrorCode::validation, sentence, {{key, sentence}});
    }
}

// Those right before or right after a message, oldest first: how a long conversation is read upwards, and
// downwards from where a search has led.
Task<Reply> messages_beside(const Services& services, Request request, ConversationId id, const char* key,
                            MessageId message, int limit) {
    const core::Order order =
        std::string_view(key) == "before" ? core::Order::descending : core::Order::ascending;
    // That message itself, those that are wanted, and one that tells whether there are more.
    std::vector<core::Message> messages =
        co_await messages_from(services, request.user, id, key, message, order, limit + 2);
    if (!messages.empty() && messages.front().id == message) messages.erase(messages.begin());
    const bool more = messages.size() > static_cast<std::size_t>(limit);
    if (more) messages.pop_back();
    if (order == core::Order::descending) std::reverse(messages.begin(), messages.end());
    Json list = Json::array();
    for (const core::Message& one : messages) list.push_back(render(one));
    co_return Reply::json(to_text({{"messages", std::move(list)}, {"has_more", more}}));
}

// The message, as many before it as after it, and whether there is more on either side.
Task<Reply> messages_around(const Services& services, Request request, ConversationId id, MessageId around,
                            int limit) {
    const int before = (limit - 1) / 2;
    const int after = limit - 1 - before;
    // Both begin with the message itself, and one more tells whether that is all.
    std::vector<core::Message> earlier = co_await messages_from(services, request.user, id, "around", around,
                                                                core::Order::descending, before + 2);
    std::vector<core::Message> later = co_await messages_from(services, request.user, id, "around", around,
                                                              core::Order::ascending, after + 2);
    const bool has_earlier = earlier.size() > static_cast<std::size_t>(before) + 1;
    const bool has_later = later.size() > static_cast<std::size_t>(after) + 1;
    if (has_earlier) earlier.pop_back();
    if (has_later) later.pop_back();
    Json list = Json::array();
    for (auto message = earlier.rbegin(); message != earlier.rend(); ++message)
        if (message->id != around) list.push_back(render(*message));
    for (const core::Message& message : later) list.push_back(render(message));
    co_return Reply::json(
        to_text({{"messages", std::move(list)}, {"has_earlier", has_earlier}, {"has_later", has_later}}));
}

Task<Reply> set_archived(const Services& services, Request request, bool archived) {
    const auto change = archiving<core::ConversationChange>(request, archived);
    const core::Conversation changed =
        co_await services.store.change_conversation(request.user, conversation_in(request), change);
    co_return Reply::json(to_text(render(changed)));
}

}  // namespace

Task<Reply> list_conversations(const Services& services, Request request) {
    Query query(request);
    core::ConversationQuery wanted;
    wanted.owner = request.user;
    wanted.project_id = query.text("project_id");
    wanted.archived = query.boolean("archived");
    wanted.search = query.text("q").value_or("");
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    const core::Page<core::Conversation> page = co_await services.store.conversations(wanted);
    Json json = render_page("conversations", page);
    for (std::size_t i = 0; i < page.items.size(); ++i) {
        Json& listed = json["conversations"][i];
        const core::Conversation& conversation = page.items[i];
        listed["running_turn_id"] = running_turn(services, request.user, conversation.id);
        if (conversation.title.empty() && !conversation.first_message_preview.empty())
            listed["first_message_preview"] = conversation.first_message_preview;
        if (!wanted.search.empty()) listed["hit"] = conversation.hit ? render(*conversation.hit) : Json();
    }
    co_return Reply::json(to_text(json));
}

Task<Reply> create_conversation(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request, true);
    core::Conversation conversation;
    conversation.id = ConversationId::make();
    conversation.owner = request.user;
    const auto project = co_await read_project(services, request.user, body);
    conversation.project_id = project.value_or("");
    auto provider = body.text("provider", max_name);
    auto model = body.text("model", max_name);
    resolve_model(services, body, provider, model);
    conversation.provider = provider.value_or("");
    conversation.model = model.value_or("");
    conversation.assistant_id = co_await read_assistant(services, request.user, body);
    conversation.title = title_in(body).value_or("");
    conversation.metadata = body.object("metadata").value_or("{}");
    body.finish();
    conversation.created_at = now();
    conversation.updated_at = conversation.created_at;
    const core::Write write = services.store.add_conversation(conversation);
    co_await write.committed();
    co_return Reply::json(to_text(render(conversation)), 201)
        .with("Location", "/api/v1/ai/conversations/" + conversation.id.text());
}

Task<Reply> show_conversation(const Services& services, Request request) {
    Query(request).finish();
    const core::Conversation conversation =
        co_await services.store.conversation(request.user, conversation_in(request));
    // The newest messages of a long conversation; the rest is paged by /messages.
    const std::vector<core::Message> newest = co_await services.store.messages_before(
        conversation.id, std::numeric_limits<std::int64_t>::max(), shown_messages);
    Json messages = Json::array();
    for (auto message = newest.rbegin(); message != newest.rend(); ++message)
        messages.push_back(render(*message));
    Json json = render(conversation);
    json["messages"] = std::move(messages);
    json["has_earlier_messages"] = conversation.message_count > static_cast<std::int64_t>(newest.size());
    json["running_turn_id"] = running_turn(services, request.user, conversation.id);
    co_await add_preview(services, conversation, json);
    co_return Reply::json(to_text(json));
}

Task<Reply> change_conversation(const Services& services, Request request) {
    Query(request).finish();
    const ConversationId id = conversation_in(request);
    JsonBody body(request);
    core::ConversationChange change = read_change(body);
    change.project_id = co_await read_project(services, request.user, body);
    if (body.is_null("project_id")) change.project_id = "";
    const core::Conversation before = co_await services.store.conversation(request.user, id);
    resolve_change(services, body, before, change);
    body.finish();
    if (!change.title && !change.project_id && !change.metadata && !change.provider && !change.model &&
        !change.state_reason)
        co_return Reply::json(to_text(render(before)));
    const core::Conversation changed = co_await services.store.change_conversation(request.user, id, change);
    Json json = render(changed);
    co_await add_preview(services, changed, json);
    co_return Reply::json(to_text(json));
}

Task<Reply> delete_conversation(const Services& services, Request request) {
    Query(request).finish();
    const ConversationId id = conversation_in(request);
    co_await services.turns.cancel_all(request.user, id);
    co_await services.jobs.cancel_all(request.user, id);
    core::Conversation conversation = co_await services.store.conversation(request.user, id);
    co_await services.store.remove_conversation(request.user, id);
    co_await assistants::drop_own_store(services, std::move(conversation));
    services.knowledge.look_for_gone_files();
    co_return Reply::empty();
}

Task<Reply> archive_conversation(const Services& services, Request request) {
    return set_archived(services, std::move(request), true);
}

Task<Reply> unarchive_conversation(const Services& services, Request request) {
    return set_archived(services, std::move(request), false);
}

Task<Reply> list_messages(const Services& services, Request request) {
    const ConversationId id = conversation_in(request);
    Query query(request);
    const int limit = query.limit();
    const std::string cursor = query.cursor();
    const std::optional<MessageId> before = message_in(query, "before");
    const std::optional<MessageId> after = message_in(query, "after");
    const std::optional<MessageId> around = message_in(query, "around");
    if (before.has_value() + after.has_value() + around.has_value() + !cursor.empty() > 1)
        query.wrong(around ? "around" : "before",
                    "Only one of before, after, around and cursor can be given.");
    query.finish();
    if (before)
        co_return co_await messages_beside(services, std::move(request), id, "before", *before, limit);
    if (after) co_return co_await messages_beside(services, std::move(request), id, "after", *after, limit);
    if (around) co_return co_await messages_around(services, std::move(request), id, *around, limit);
    co_await services.store.conversation(request.user, id);  // not found for everybody else
    const core::Page<core::Message> page = co_await services.store.messages(id, cursor, limit);
    co_return Reply::json(to_text(render_page("messages", page)));
}

}  // namespace assistd::api::conversations
