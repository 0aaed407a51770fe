#include <charconv>
#include <limits>

#include "api/conversations/event_stream.h"
#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t max_key = 255;

// Nothing but the white space of any script, and marks that show nothing.
bool is_blank(std::string_view text) {
    static constexpr std::string_view blanks[] = {
        " ",      "\t",     "\r",     "\n",     "\v",     "\f",     "\u0085", "\u00a0", "\u1680",
        "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
        "\u2009", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"};
    while (!text.empty()) {
        const auto blank = std::find_if(std::begin(blanks), std::end(blanks),
                                        [&](std::string_view one) { return text.starts_with(one); });
        if (blank == std::end(blanks)) return false;
        text.remove_prefix(blank->size());
    }
    return true;
}

bool wants_events(const Request& request) {
    const auto accept = request.header("Accept");
    return accept && accept->find("text/event-stream") != std::string::npos;
}

struct ChatOptions {
    core::TurnRequest turn;
    std::vector<std::string> attachments;
    bool stream = false;
};

Task<ChatOptions> read_chat(const Services& services, const Request& request) {
    Query(request).finish();
    ChatOptions options;
    JsonBody body(request);
    const auto content = body.text("content", 4 << 20);
    const auto project = co_await read_project(services, request.user, body);
    options.turn.project_id = project.value_or("");
    options.stream = body.boolean("stream").value_or(wants_events(request));
    options.turn.wait = body.boolean("wait").value_or(true);
    options.attachments = body.texts("attachments").value_or(std::vector<std::string>{});
    options.turn.idempotency_key = request.header("Idempotency-Key").value_or("");
    if (options.turn.idempotency_key.size() > max_key)
        body.wrong("Idempotency-Key", "The Idempotency-Key header may have at most 255 characters.");
    body.finish();
    if (!content || is_blank(*content)) throw Error(ErrorCode::invalid_request, "content must not be empty.");
    options.turn.content = *content;
    options.turn.owner = request.user;
    options.turn.conversation = id_in_path<ConversationId>(request, "id", "conversation");
    options.turn.gone = request.gone;
    co_return options;
}

// The turn that the path names, when it belongs to the conversation that the path names.
Task<core::TurnHandle> turn_in(const Services& services, const Request& request) {
    const auto conversation = id_in_path<ConversationId>(request, "id", "conversation");
    const auto id = id_in_path<TurnId>(request, "turn", "turn");
    core::TurnHandle handle = co_await services.turns.find(request.user, id);
    if (handle.turn.conversation != conversation) throw Error(ErrorCode::not_found, "There is no such turn.");
    co_return handle;
}

// The event that the client saw last: the header that browsers send by themselves, or ?after=.
std::int64_t seen_last(const Request& request, Query& query) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const auto after = query.number("after", 0, most);
    if (after) return *after;
    const auto header = request.header("Last-Event-ID");
    if (!header || header->empty()) return 0;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(header->data(), header->data() + header->size(), id);
    if (error != std::errc() || end != header->data() + header->size() || id < 0)
        query.wrong("Last-Event-ID", "Last-Event-ID must be the id of an event; it is \"" + *header + "\".");
    return id;
}

}  // namespace

Task<Reply> chat(const Services& services, Request request) {
    ChatOptions options = co_await read_chat(services, request);
    for (const std::string& handle : options.attachments)
        options.turn.attachments.push_back(co_await services.artifacts.find(request.user, handle));
    const core::TurnHandle handle = co_await services.turns.start(std::move(options.turn));
    if (options.stream) co_return stream_of(handle, 0, request.gone).with("X-Turn-ID", handle.turn.id.text());

    const std::vector<core::TurnEventPtr> events = co_await handle.feed->whole();
    ReplyCollector seen;
    for (const core::TurnEventPtr& event : events) seen.see(*event);
    if (seen.ended() && seen.turn().state == core::TurnState::completed)
        co_return Reply::json(to_text(seen.reply())).with("X-Turn-ID", handle.turn.id.text());
    co_return http::error_reply(seen.error(), request.request_id).with("X-Turn-ID", handle.turn.id.text());
}

Task<Reply> show_turn(const Services& services, Request request) {
    Query(request).finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    const core::Turn turn = co_await services.turns.turn(request.user, handle.turn.id);
    co_return Reply::json(to_text(render(turn)));
}

Task<Reply> cancel_turn(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    const core::Turn turn = co_await services.turns.cancel(request.user, handle.turn.id);
    co_return Reply::json(to_text(render(turn)));
}

Task<Reply> stream_turn(const Services& services, Request request) {
    Query query(request);
    const std::int64_t after = seen_last(request, query);
    query.finish();
    const core::TurnHandle handle = co_await turn_in(services, request);
    co_return stream_of(handle, after, request.gone);
}

}  // namespace assistd::api::conversations
