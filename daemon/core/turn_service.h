#pragma once
// Where turns begin, are found again and end: what every door uses. Thread-safe; owned by the composition
// root and outlives every request.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/live.h"
#include "core/conversation_locks.h"
#include "core/turn_loop.h"
#include "core/turn_request.h"
#include "core/unkept_turn.h"

namespace boost::asio {
class io_context;
}

namespace assistd::core {

struct TurnHandle {
    std::shared_ptr<const Turn> turn;  // as it was when it began, or as it ended
    std::shared_ptr<TurnFeed> feed;
};

// A turn of which nothing is kept. What it said and learnt can be read while somebody holds this.
struct UnkeptHandle {
    TurnHandle turn;
    std::shared_ptr<const UnkeptTurn> told;
};

class TurnService {
  public:
    TurnService(asio::io_context& io, TurnServices services);

    // A place for a turn that a request will ask for, when no more is known of it than who asks. Throws
    // Error{rate_limited | unavailable}.
    std::shared_ptr<TurnSlots::Place> enter(const Asker& asker);
    // Stores the user message, begins the turn and returns while it runs. The same idempotency key within 24
    // hours gives the same turn, running or ended. Throws Error{not_found | conflict | validation |
    // rate_limited | unavailable}; the latter two at once, unless it waited for a free place in vain.
    Task<TurnHandle> start(TurnRequest request);
    // The same for who holds the conversation already, by hold(). A turn that is refused leaves the lock as
    // it is.
    Task<TurnHandle> start_in(ConversationLocks::Lock& held, TurnRequest request);

    // Answers without keeping anything; the store need not be up. Throws Error{validation | context_too_long
    // | rate_limited | unavailable}.
    Task<UnkeptHandle> answer_unkept(UnkeptRequest request);
    // Asks a running turn to stop: its client has left, or wants it to. Returns at once.
    void stop(const TurnHandle& handle);
    bool is_stopping(const Owner& owner, TurnId id) const;  // it was asked to, and has not ended yet

    // As it is stored; of a running one, with the rounds and the usage so far.
    Task<Turn> turn(Owner owner, TurnId id);
    // A running turn's feed, or an ended one's told again from the store.
    Task<TurnHandle> find(Owner owner, TurnId id);
    // Asks a running turn to stop; one that has ended stays as it is.
    Task<Turn> cancel(Owner owner, TurnId id);
    // A person's word on a call that waits for it: allowed or refused. The first decision counts; the same
    // one again changes nothing. Throws Error{not_found} for a call that never waited and Error{conflict}
    // when it was decided otherwise or has ended.
    Task<Approval> decide(Owner owner, TurnId id, std::string call_id, ApprovalState decision,
                          std::string reason);
    // The calls of a running turn that wait for a person: everything that was told and is not decided.
    Task<std::vector<Approval>> waiting(Owner owner, TurnId id);
    // The results of the calls that a running turn's client makes itself, all of them at once; returns when
    // they are stored. Throws Error{not_found | conflict | validation}.
    Task<void> submit(Owner owner, TurnId id, std::vector<ClientOutput> outputs);
    // Those calls; none while the turn does anything else.
    std::vector<ToolCallBlock> client_calls(const Owner& owner, TurnId id) const;
    // The turn that runs in a conversation, if one does.
    std::optional<TurnId> running_in(const Owner& owner, ConversationId id) const;
    // Whether a turn of his runs in any conversation.
    bool keeps_any_of(const Owner& owner) const;
    // Keeps turns from beginning in a conversation while its messages are changed from outside, until the
    // lock goes; afterwards forget() it, unless messages were only added. Throws Error{conflict} while a turn
    // runs, or when one begins first.
    Task<ConversationLocks::Lock> hold(ConversationId id, std::stop_token gone);
    void forget(ConversationId id);
    // Stops what runs in a conversation and returns when it has ended.
    Task<void> cancel_all(Owner owner, ConversationId id);
    // Asks every turn of a user who was shut out to stop. Returns at once.
    void end_all_of(const Owner& owner, const std::string& why);

    // Takes up every turn that was running when the daemon ended. Once, before the doors open.
    Task<void> resume();
    // Begins no more turns, lets the running ones end for at most `grace`, then stops the rest, which go on
    // after the restart. Returns when none runs.
    Task<void> shut_down(std::chrono::milliseconds grace);

    // For the turns that begin from now on.
    void change(Budget budget, std::shared_ptr<const PromptBuilder> prompts);

    std::size_t running() const;
    bool is_draining() const;  // no more turns begin
    // Counts up whenever a turn begins or ends.
    std::uint64_t activity() const { return activity_; }

  private:
    struct Live {
        TurnHandle handle;
        std::shared_ptr<TurnControl> control;
    };

    class Beginning;
    struct Work;

    void refuse_while_draining() const;
    void refuse_shut_out(const Owner& owner) const;
    void throw_when_draining() const;  // with the mutex held
    std::optional<TurnHandle> live_with_key(const TurnRequest& request, const std::string& hash) const;
    std::optional<Live> live(const Owner& owner, TurnId id) const;
    // What a request comes to before anything of it is stored.
    struct Prepared {
        Turn turn;
        std::vector<Message> messages;  // that it answers
        Conversation conversation;
        ConversationLocks::Lock lock;
        TurnSlots::Place place = {};
    };
    // Whether the limits of who asks and the daemon's take one more turn.
    Task<TurnSlots::Place> admit(Asker asker, std::shared_ptr<TurnSlots::Place> given);
    Task<void> begin_place(TurnSlots::Place& place, std::stop_token gone);
    void count_refusal(const Error& error) const;
    Task<TurnHandle> start_locked(ConversationLocks::Lock& held, TurnSlots::Place place, TurnRequest request,
                                  std::string hash);
    Task<Prepared> prepare(TurnRequest request, std::string hash);
    Task<TurnHandle> begin(Prepared prepared);
    Task<TurnHandle> begin_once(Prepared prepared);
    Task<TurnHandle> begin_again(Prepared prepared);
    Task<TurnHandle> begin_instead(Prepared prepared, MessageId instead_of);
    Task<TurnHandle> begin_as_it_stands(Prepared prepared, std::vector<Message> said);

    // With `begin`, the turn's user message is on its way to the store.
    Live launch(Prepared prepared, std::optional<Write> begin);
    Live launch(Turn turn, Conversation conversation, std::vector<MessagePtr> own,
                std::shared_ptr<TurnFeed> feed, ConversationLocks::Lock lock, TurnSlots::Place place,
                std::optional<Write> begin, std::shared_ptr<TurnStore> unkept = nullptr);
    Task<std::vector<Message>> messages_for(TurnRequest request, TurnId turn);
    Task<void> take_assistant(Turn& turn, const Conversation& conversation);
    Task<ProviderChoice> check(Turn& turn, const Conversation& conversation, const Message* first);
    Task<std::shared_ptr<TurnFeed>> told_again(Turn turn, std::vector<Message> messages);
    Task<void> run(Live live, std::unique_ptr<Work> work);
    Task<void> resume_turn(Turn turn, ConversationLocks::Lock lock);
    Task<void> end_resumed(Turn turn, TurnState state, ErrorCode code, std::string why);
    Task<void> resume_later(Turn turn);
    void ended(const Live& live);
    // Wakes who waits for the last turn's end. With the mutex held; set them after it is released.
    std::vector<OneShot<>> idle_waiters();

    asio::io_context& io_;
    const TurnServices services_;  // but for what may change
    assistd::Live<TurnServices> latest_;
    ConversationLocks locks_;

    std::atomic<std::uint64_t> activity_{0};
    mutable std::mutex mutex_;
    bool draining_ = false;
    std::unordered_map<TurnId, Live> live_;
    std::unordered_map<Owner, int> live_kept_;  // how many of each owner's are in conversations; none is 0
    std::map<std::pair<Owner, std::string>, TurnId> live_keys_;
    int beginning_ = 0;  // turns that are being stored
    std::vector<OneShot<>> idle_waiters_;
};

}  // namespace assistd::core
