// The requests of ChatKit that are answered at once.

#include "api/chatkit/door.h"
#include "api/openai/errors.h"
#include "base/blank.h"
#include "base/one_line.h"

namespace assistd::api::chatkit {
namespace {

constexpr std::size_t longest_title = 200;
constexpr int page_size = 20;
constexpr int largest_page = 100;
constexpr std::size_t most_rated = 100;

int limit_in(const openai::Fields& params) {
    return static_cast<int>(params.integer("limit", 1, largest_page).value_or(page_size));
}

core::Order order_in(const openai::Fields& params) {
    return params.choice("order", {"asc", "desc"}) == "asc" ? core::Order::ascending
                                                            : core::Order::descending;
}

http::Reply reply_with(const Json& json) {
    return http::Reply::json(to_text(json));
}

}  // namespace

Task<http::Reply> Door::get_thread(Call call) {
    const core::Conversation thread = co_await thread_in(call);
    ItemQuery query{call.request.user, thread.id, core::Order::ascending, std::nullopt, page_size};
    Json json = render_thread(thread);
    json["items"] = co_await page_of_items(services_, std::move(query), call.setting);
    co_return reply_with(json);
}

Task<http::Reply> Door::list_threads(Call call) {
    core::ListRange<ConversationId> range;
    range.limit = limit_in(call.params);
    range.order = order_in(call.params);
    if (const auto after = call.params.text("after", 100)) {
        range.after = ConversationId::parse(*after, prefix::thread);
        if (!range.after) openai::refuse("params.after", "params.after names no thread.");
    }
    core::Slice<core::Conversation> slice;
    try {
        slice = co_await services_.threads.list(call.request.user, range);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::validation) throw;
        openai::refuse("params.after", "params.after names no thread.");
    }
    Json data = Json::array();
    for (const core::Conversation& thread : slice.items) data.push_back(render_thread(thread));
    const std::string after = slice.has_more ? slice.items.back().id.text(prefix::thread) : std::string();
    co_return reply_with(render_page(std::move(data), slice.has_more, after));
}

Task<http::Reply> Door::list_items(Call call) {
    const core::Conversation thread = co_await thread_in(call);
    ItemQuery query{call.request.user, thread.id, order_in(call.params), std::nullopt, limit_in(call.params)};
    if (const auto after = call.params.text("after", 100)) {
        query.after = ItemId::parse(*after);
        if (!query.after) openai::refuse("params.after", "params.after names no item of this thread.");
    }
    co_return reply_with(co_await page_of_items(services_, std::move(query), call.setting));
}

Task<http::Reply> Door::give_feedback(Call call) {
    const core::Conversation thread = co_await thread_in(call);
    const std::string kind = call.params.required("kind").choice({"positive", "negative"});
    call.params.required("item_ids");
    std::vector<MessageId> messages;
    for (const std::string& given : call.params.texts("item_ids", most_rated)) {
        const auto id = ItemId::parse(given);
        if (!id) throw Error(ErrorCode::not_found, "There is no item \"" + given + "\" in this thread.");
        messages.push_back(id->message);
    }
    co_await services_.store.set_feedback(call.request.user, thread.id, std::move(messages), kind);
    co_return reply_with(Json::object());
}

Task<http::Reply> Door::change_thread(Call call) {
    core::Conversation thread = co_await thread_in(call);
    core::ConversationChange change;
    change.title = call.params.required("title").text(longest_title);
    if (is_blank(*change.title)) call.params.refuse("title", "must not be blank");
    if (!is_one_line(*change.title)) call.params.refuse("title", "must be one line");
    thread = co_await services_.store.change_conversation(call.request.user, thread.id, change);
    co_return reply_with(render_thread(thread));
}

Task<http::Reply> Door::delete_thread(Call call) {
    const core::Conversation thread = co_await thread_in(call);
    co_await services_.turns.cancel_all(call.request.user, thread.id);
    co_await services_.jobs.cancel_all(call.request.user, thread.id);
    co_await services_.store.remove_conversation(call.request.user, thread.id);
    co_return reply_with(Json::object());
}

Task<http::Reply> Door::sync_custom_action(Call call) {
    co_await thread_in(call);
    openai::refuse("params.item_id", "This server makes no widgets, so there are no actions of theirs.");
}

Task<http::Reply> Door::transcribe(Call) {
    throw Error(ErrorCode::not_implemented, "This server does not turn speech into text.");
    co_return http::Reply::empty();
}

}  // namespace assistd::api::chatkit
