#include "api/chatkit/item_pages.h"

#include <algorithm>

#include "api/openai/errors.h"

namespace assistd::api::chatkit {
namespace {

constexpr int messages_at_once = 100;

void take_results(const core::Message& message, std::map<std::string, std::string>& results) {
    for (const core::Block& block : message.blocks)
        if (const auto* result = std::get_if<core::ToolResultBlock>(&block))
            results[result->call_id] = result->content;
}

// Puts the items of messages together until there are enough of them.
class Pager {
  public:
    Pager(const Services& services, ItemQuery query, Setting setting)
        : services_(services), query_(std::move(query)), setting_(std::move(setting)) {}

    Task<Json> page() {
        std::optional<MessageId> from;
        if (query_.after) from = query_.after->message;
        bool last = false;
        for (bool first = true; !enough() && !last; first = false) {
            std::vector<core::Message> read = co_await services_.threads.messages_from(
                query_.owner, query_.thread, from, query_.order, messages_at_once);
            last = read.size() < static_cast<std::size_t>(messages_at_once);
            // The chunk before ended with this one.
            if (!first && !read.empty()) read.erase(read.begin());
            for (core::Message& message : read) {
                if (enough()) break;
                from = message.id;
                co_await take(std::move(message));
            }
        }
        co_await put_waiting();
        co_return finished();
    }

  private:
    // Results of calls stand behind these: read downwards they are known by then, read upwards the message
    // waits for what follows it.
    Task<void> take(core::Message message) {
        if (message.role == core::Role::tool) {
            take_results(message, results_);
            co_return;
        }
        co_await put_waiting();
        const bool rising = query_.order == core::Order::ascending;
        if (rising && !message.tool_calls().empty())
            waiting_ = std::move(message);
        else
            co_await put(std::move(message));
    }

    Task<void> put_waiting() {
        if (!waiting_) co_return;
        core::Message message = std::move(*waiting_);
        waiting_.reset();
        co_await put(std::move(message));
    }

    bool enough() const { return items_.size() > static_cast<std::size_t>(query_.limit); }

    Task<void> put(core::Message message) {
        CallFacts facts = co_await facts_of(services_, query_.owner, message);
        facts.results = results_;
        std::vector<Json> items = render_items(message, facts, setting_);
        if (query_.order == core::Order::descending) std::reverse(items.begin(), items.end());
        // Of the message that the last page ended in, what it had not told yet.
        if (query_.after && message.id == query_.after->message) {
            const std::string told = query_.after->text();
            const auto found = std::find_if(items.begin(), items.end(),
                                            [&](const Json& item) { return item["id"] == told; });
            if (found == items.end())
                openai::refuse("params.after", "params.after names no item of this thread.");
            items.erase(items.begin(), found + 1);
        }
        for (Json& item : items) items_.push_back(std::move(item));
        results_.clear();
    }

    Json finished() {
        const bool more = enough();
        items_.resize(std::min(items_.size(), static_cast<std::size_t>(query_.limit)));
        const std::string after = more ? items_.back()["id"].get<std::string>() : std::string();
        Json data = Json::array();
        for (Json& item : items_) data.push_back(std::move(item));
        return render_page(std::move(data), more, after);
    }

    const Services& services_;
    const ItemQuery query_;
    const Setting setting_;
    std::vector<Json> items_;
    std::map<std::string, std::string> results_;
    std::optional<core::Message> waiting_;
};

}  // namespace

Task<core::Message> message_of(const Services& services, core::Owner owner, ConversationId thread,
                               MessageId id) {
    const std::vector<core::Message> found =
        co_await services.threads.messages_from(std::move(owner), thread, id, core::Order::ascending, 1);
    if (found.empty() || found.front().id != id)
        throw Error(ErrorCode::not_found, "There is no such item in this thread.");
    co_return found.front();
}

Task<CallFacts> facts_of(const Services& services, core::Owner owner, core::Message message) {
    CallFacts facts;
    if (message.turn.is_nil() || message.tool_calls().empty()) co_return facts;
    const core::Turn turn = co_await services.turns.turn(std::move(owner), message.turn);
    for (const core::ClientTool& tool : turn.options->client_tools) facts.client_tools.insert(tool.name);
    facts.running = turn.state == core::TurnState::running;
    facts.approvals = co_await services.store.approvals(turn.id);
    co_return facts;
}

Task<Json> page_of_items(const Services& services, ItemQuery query, Setting setting) {
    Pager pager(services, std::move(query), std::move(setting));
    co_return co_await pager.page();
}

}  // namespace assistd::api::chatkit
