#include "core/turn_record.h"

#include <utility>

#include "base/span.h"
#include "core/citation_json.h"
#include "core/titles.h"

namespace assistd::core {

struct TurnRecord::Gate {
    Executor strand;
    std::shared_ptr<TurnFeed> feed;
    bool open = true;  // touched on the strand only
};

TurnRecord::TurnRecord(TurnStore& store, Executor strand, Turn turn, std::shared_ptr<TurnFeed> feed,
                       const std::vector<MessagePtr>& own, std::optional<Write> begin,
                       std::function<void(const Usage&)> before_booked)
    : store_(store),
      turn_(std::move(turn)),
      feed_(std::move(feed)),
      gate_(std::make_shared<Gate>(Gate{strand, feed_})),
      begin_(std::move(begin)),
      before_booked_(std::move(before_booked)) {
    for (const MessagePtr& message : own) {
        for (const ToolCallBlock& call : message->tool_calls()) call_ids_.insert(call.call_id);
        if (message->turn != turn_.id) continue;
        take_passages(*message);
        number_searches(message->tool_calls());
    }
}

void TurnRecord::number_searches(const std::vector<ToolCallBlock>& calls) {
    for (const ToolCallBlock& call : calls)
        if (call.name == search_tool)
            searches_.try_emplace(call.call_id, static_cast<int>(searches_.size()) + 1);
}

int TurnRecord::search_number(const ToolCallBlock& call) const {
    const auto found = searches_.find(call.call_id);
    return found == searches_.end() ? 1 : found->second;
}

void TurnRecord::take_passages(const Message& message) {
    for (const Block& block : message.blocks) {
        const auto* result = std::get_if<ToolResultBlock>(&block);
        if (!result || result->name != search_tool) continue;
        const std::vector<FoundPassage> found = found_in(result->content);
        passages_.insert(passages_.end(), found.begin(), found.end());
    }
}

void TurnRecord::started(const Conversation& before, const Message* user_message) {
    // Else it was told before the restart.
    if (feed_->next_id() == 1) feed_->emit(TurnStarted{turn_.user_message, turn_.provider, turn_.model});
    if (before.id.is_nil()) return;
    if (before.title.empty() && user_message) {
        const std::string title = title_from(user_message->text());
        title_is_due_ = true;
        tell_title(title);
    } else if (before.title_is_news) {
        tell_title(before.title);
    }
}

void TurnRecord::tell_title(const std::string& title) {
    turn_.title = title;
    turn_.title_event_id = feed_->emit(TitleUpdated{title});
}

Message TurnRecord::message(Role role) const {
    Message message;
    message.id = MessageId::make();
    message.conversation = turn_.conversation;
    message.turn = turn_.id;
    message.role = role;
    message.created_at = now();
    return message;
}

void TurnRecord::spent(const Usage& usage) {
    turn_.usage += usage;
}

void TurnRecord::lost(const Usage& usage) {
    spent(usage);
    lost_ += usage;
}

std::vector<MessagePtr> TurnRecord::with_notice(std::span<const MessagePtr> messages,
                                                const std::string& text) const {
    Message notice = message(Role::system);
    notice.blocks.push_back(TextBlock{text});
    std::vector<MessagePtr> all(messages.begin(), messages.end());
    all.push_back(std::make_shared<const Message>(std::move(notice)));
    return all;
}

void TurnRecord::open_reply() {
    reply_ = MessageId::make();
    streamed_.clear();
    lost_ = {};
    pieces_ = {};
}

TextSink TurnRecord::sink(Meters& meters) {
    return [this, &meters](std::string_view text) {
        if (!std::exchange(has_told_, true)) meters.first_text(turn_);
        add_text(text);
    };
}

void TurnRecord::add_text(std::string_view text) {
    streamed_ += text;
    pieces_.add_text(feed_->emit(MessageDelta{reply_, std::string(text)}), text.size());
}

void TurnRecord::add_thought(std::string_view text) {
    pieces_.add_thought(feed_->emit(ThoughtDelta{reply_, std::string(text)}), text.size());
}

// Some models number their calls anew in each reply; results are matched to calls by id over the whole turn.
void TurnRecord::make_call_ids_unique(std::vector<Block>& blocks) {
    for (Block& block : blocks) {
        auto* call = std::get_if<ToolCallBlock>(&block);
        if (call && !call_ids_.insert(call->call_id).second) {
            call->call_id += "_" + std::to_string(call_ids_.size());
            call_ids_.insert(call->call_id);
        }
    }
}

Message TurnRecord::close_reply(ProviderReply reply) {
    Message closed = message(Role::assistant);
    closed.id = reply_;
    make_call_ids_unique(reply.blocks);
    closed.blocks = std::move(reply.blocks);
    closed.finish_reason = std::move(reply.finish_reason);
    closed.provider = reply.answered_provider.empty() ? turn_.provider : reply.answered_provider;
    closed.model = std::move(reply.model);
    closed.limit_reached = turn_.limit_reached;
    closed.usage = reply.usage;
    closed.pieces = pieces_.text();
    if (!passages_.empty()) closed.citations = citations_of(closed.text(), passages_);
    ++turn_.rounds;
    turn_.usage += reply.usage;
    turn_.answered_provider = std::move(reply.answered_provider);
    turn_.answered_model = std::move(reply.answered_model);
    streamed_.clear();
    return closed;
}

std::optional<Message> TurnRecord::close_broken_reply(const std::string& finish_reason) {
    if (streamed_.empty()) return std::nullopt;
    Message closed = message(Role::assistant);
    closed.id = reply_;
    closed.blocks.push_back(TextBlock{std::exchange(streamed_, {})});
    closed.finish_reason = finish_reason;
    closed.limit_reached = turn_.limit_reached;
    closed.usage = lost_;
    closed.pieces = pieces_.text();
    return closed;
}

MessagePtr TurnRecord::calls(Message reply) {
    reply.event_id = feed_->next_id();
    writes_.push_back(store_.append_message(reply));
    const auto stored = std::make_shared<const Message>(std::move(reply));
    feed_->emit(MessageCompleted{stored});
    number_searches(stored->tool_calls());
    for (const ToolCallBlock& call : stored->tool_calls())
        feed_->emit(ToolCallStarted{call.call_id, call.name, call.arguments});
    return stored;
}

Approval TurnRecord::asks(const ToolCallBlock& call, const ToolSpec& tool) {
    Approval approval;
    approval.call_id = call.call_id;
    approval.name = call.name;
    approval.arguments = call.arguments;
    approval.effects = tool.effects;
    approval.sentence =
        tool.effects.destructive
            ? call.name + " may delete or overwrite something for good; allow it or refuse it."
            : call.name + " runs only with a person's approval; allow it or refuse it.";
    approval.asked_at = now();
    approval.event_id = feed_->next_id();
    // In this order: who is told may decide at once, and writes are made in the order they were asked for.
    writes_.push_back(store_.ask_approval(turn_.id, approval));
    feed_->emit(ApprovalRequired{std::make_shared<const Approval>(approval)});
    return approval;
}

void TurnRecord::waits_for(std::vector<ToolCallBlock> client_calls) {
    feed_->emit(ClientCallsRequired{std::move(client_calls)});
}

void TurnRecord::call_starts(const ToolCallBlock& call) {
    writes_.push_back(store_.mark_call_started(turn_.id, call.call_id));
}

MessagePtr TurnRecord::result(const ToolCallBlock& call, const ToolOutcome& outcome) {
    Message stored = message(Role::tool);
    stored.blocks.push_back(ToolResultBlock{call.call_id, call.name, outcome.body, outcome.success});
    ToolCallFinished finished;
    finished.call_id = call.call_id;
    finished.name = call.name;
    finished.success = outcome.success;
    finished.summary = outcome.summary;
    finished.artifacts = outcome.artifacts;
    finished.content = std::make_shared<const std::string>(outcome.body);
    if (outcome.job) finished.job = outcome.job->text();
    if (outcome.error) finished.error_type = name_of(*outcome.error);
    stored.event_id = feed_->emit(std::move(finished));
    writes_.push_back(store_.append_message(stored));
    take_passages(stored);
    return std::make_shared<const Message>(std::move(stored));
}

ProgressSink TurnRecord::progress_of(const ToolCallBlock& call) const {
    return [gate = gate_, id = call.call_id, name = call.name](const ToolProgress& progress) {
        asio::post(gate->strand,
                   [gate, event = ToolCallProgress{id, name, progress.fraction, progress.note}] {
                       if (gate->open) gate->feed->emit(event);
                   });
    };
}

Task<void> TurnRecord::begun() {
    const std::optional<Write> begin = std::exchange(begin_, std::nullopt);
    if (begin) {
        const Span span("store.commit");
        co_await begin->committed();
    }
    // Not before: a message that could not be stored gives no title.
    if (std::exchange(title_is_due_, false))
        writes_.push_back(store_.set_first_title(turn_.conversation, turn_.title));
}

Task<void> TurnRecord::committed() {
    // Side-by-side calls may wait here at the same time: each takes what is there when it comes.
    const std::vector<Write> waiting = std::exchange(writes_, {});
    for (const Write& write : waiting) co_await write.committed();
}

void TurnRecord::reached(std::string_view limit) {
    turn_.limit_reached = limit;
}

void TurnRecord::failed_because(const Error& error) {
    turn_.error_code = name_of(error.code());
    turn_.error_message = error.what();
    turn_.retry_after = error.retry_after();
}

Task<void> TurnRecord::finish(TurnState state, std::optional<Message> last_message) {
    gate_->open = false;  // the ids given below stay the next ones
    co_await begun();
    co_await committed();
    std::int64_t next_id = feed_->next_id();
    MessagePtr told;
    if (last_message) {
        last_message->event_id = next_id++;
        told = std::make_shared<const Message>(*last_message);
    }
    turn_.state = state;
    turn_.finished_at = now();
    turn_.event_id = next_id;
    if (before_booked_) before_booked_(turn_.usage);
    const Write end = store_.end_turn(turn_, std::move(last_message));
    {
        const Span span("store.commit");
        co_await end.committed();
    }
    if (told) feed_->emit(MessageCompleted{told});
    feed_->emit(TurnEnded{std::make_shared<const Turn>(turn_)});
}

}  // namespace assistd::core
