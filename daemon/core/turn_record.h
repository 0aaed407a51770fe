#pragma once
// Everything that a turn stores and tells, in one place, so that both always agree. Used on the turn's strand
// only.
//
// Writes are queued in order and committed in order. Most are not waited for while the turn goes on: what a
// crash takes with it is done again. begun() is the barrier before anything but asking the model, committed()
// the one before anything that may not be done twice, and finish() waits for all before it tells the end.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "core/meters.h"
#include "core/pieces.h"
#include "core/ports.h"
#include "core/recent_histories.h"
#include "core/turn.h"
#include "core/turn_feed.h"

namespace assistd::core {

class TurnRecord {
  public:
    // `own` is what the turn has stored so far; with `begin`, its user message is on its way. What the turn
    // has spent is told right before it is booked.
    TurnRecord(TurnStore& store, Executor strand, Turn turn, std::shared_ptr<TurnFeed> feed,
               const std::vector<MessagePtr>& own, std::optional<Write> begin,
               std::function<void(const Usage&)> before_booked = {});

    const Turn& turn() const { return turn_; }

    // Tells the turn's start, and the conversation's title when it is new: the first message gives one to a
    // conversation that has none, and a model may have given one since the last turn.
    // `user_message` may be null: the turn goes on from what there is.
    void started(const Conversation& before, const Message* user_message);

    // A reply of the model is about to be streamed, piece by piece.
    void open_reply();
    // Adds text to the open reply, for as long as the turn lives.
    TextSink sink(Meters& meters);
    void add_thought(std::string_view text);
    // The reply as a message: with `blocks`, or with what was streamed of it when it was broken off.
    Message close_reply(ProviderReply reply);
    std::optional<Message> close_broken_reply(const std::string& finish_reason);

    void spent(const Usage& usage);  // on what is not told, such as a summary
    void lost(const Usage& usage);   // on the open reply, in an attempt that came to nothing

    // The messages with one behind them that is for the model alone, neither stored nor told.
    std::vector<MessagePtr> with_notice(std::span<const MessagePtr> messages, const std::string& text) const;
    MessagePtr calls(Message reply);  // stores a reply that calls tools, and tells the calls
    // Which of the turn's searches this call is, from 1 in the order of the calls; also after a restart.
    int search_number(const ToolCallBlock& call) const;
    Approval asks(const ToolCallBlock& call, const ToolSpec& tool);  // stores and tells that the call waits
    void call_starts(const ToolCallBlock& call);                     // before a tool that may not run twice
    void waits_for(std::vector<ToolCallBlock> client_calls);
    MessagePtr result(const ToolCallBlock& call, const ToolOutcome& outcome);
    // Passes the progress of one call on, from any thread, until the turn ends; a background job may outlive
    // it.
    ProgressSink progress_of(const ToolCallBlock& call) const;

    Task<void> begun();
    Task<void> committed();
    Task<void> finish(TurnState state, std::optional<Message> last_message);
    void failed_because(const Error& error);
    void reached(std::string_view limit);  // that the turn's budget has, by its name in the config

  private:
    struct Gate;

    Message message(Role role) const;
    void add_text(std::string_view text);
    void tell_title(const std::string& title);
    void take_passages(const Message& message);
    void number_searches(const std::vector<ToolCallBlock>& calls);
    void make_call_ids_unique(std::vector<Block>& blocks);

    TurnStore& store_;
    Turn turn_;
    bool has_told_ = false;  // a piece of text
    std::shared_ptr<TurnFeed> feed_;
    std::shared_ptr<Gate> gate_;
    std::optional<Write> begin_;                             // not yet waited for
    const std::function<void(const Usage&)> before_booked_;  // may be empty
    bool title_is_due_ = false;                              // to be stored
    std::vector<Write> writes_;                              // asked for and not yet waited for
    std::set<std::string> call_ids_;                         // of this turn's calls
    MessageId reply_;
    std::string streamed_;
    Usage lost_;                           // on this reply so far
    PieceList pieces_;                     // of what was streamed
    std::map<std::string, int> searches_;  // numbers of calls of file_search, by call id
    std::vector<FoundPassage> passages_;   // that searches of the turn found, and its replies may cite
};

}  // namespace assistd::core
