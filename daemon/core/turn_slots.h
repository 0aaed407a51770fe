#pragma once
// How many turns run at once: of one user, key or address, as their limits say, and of everybody. Who comes
// when there is no place waits in a queue of his own; a place that becomes free goes to the waiting user who
// has the fewest. Whoever would wait too long, as fast as places become free, is told so when he comes.
//
// One user alone never gets all places: he begins a turn only while he runs fewer than three times as many as
// are free ("dynamic thresholds", as switches share their buffers). So whoever comes new finds a place,
// however much others ask for, and nobody's turns have to be stopped for it.
//
// In the same way it is shared out how many of them are at work, which is all that is not waiting for a
// model, a tool or a person: only so many turns begin that none piles up in front of the disk and the
// processors.
//
// Shared by the turn service and by the places that were given out; any thread.

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/async.h"
#include "base/error.h"
#include "base/limit_rules.h"
#include "core/asker.h"
#include "core/turn_pace.h"

namespace assistd::core {

class TurnSlots : public std::enable_shared_from_this<TurnSlots> {
  public:
    // As the configuration stands; asked whenever a turn comes.
    using AllowedOf = std::function<AllowedOfAll(const Asker&)>;
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    // Without both: no limits.
    TurnSlots() = default;
    TurnSlots(AllowedOf allowed, OverloadConfig overload, Clock clock = std::chrono::steady_clock::now);

    // A turn's place. It runs from begin() until this goes.
    class Place {
      public:
        Place() = default;
        Place(Place&& other) noexcept
            : slots_(std::move(other.slots_)), asker_(std::move(other.asker_)), state_(other.state_) {}
        Place& operator=(Place&& other) noexcept;
        ~Place() { leave(); }

        // It waits for something else now, such as its conversation, and lets others pass.
        void stand_back();
        // Waits for a free place. Throws Error{unavailable} when none became free in time or the daemon ends,
        // Error{rate_limited} when none of the user's, the key's or the address's did, and Error{cancelled}
        // when `gone` is requested first. Whoever stood back may be refused as one who has only just come.
        Task<void> begin(std::stop_token gone);
        explicit operator bool() const { return slots_ != nullptr; }
        const Asker& asker() const { return asker_; }

      private:
        friend class TurnSlots;
        enum class State { in_line, aside, running };
        Place(std::shared_ptr<TurnSlots> slots, Asker asker, State state)
            : slots_(std::move(slots)), asker_(std::move(asker)), state_(state) {}
        void leave();

        std::shared_ptr<TurnSlots> slots_;  // null: there is nothing to give back
        Asker asker_;
        State state_ = State::aside;
    };

    // A turn that has its place waits for a model or a tool while this lives.
    class Resting {
      public:
        Resting(std::shared_ptr<TurnSlots> slots, Owner user)
            : slots_(std::move(slots)), user_(std::move(user)) {
            slots_->rest(user_);
        }
        ~Resting() { slots_->work_again(user_); }
        Resting(const Resting&) = delete;
        Resting& operator=(const Resting&) = delete;

      private:
        const std::shared_ptr<TurnSlots> slots_;
        const Owner user_;
    };

    // For a turn that is asked for: at once, before anything is done for it, where the door can tell so early
    // before the request's body is read. Throws Error{rate_limited} when so many of the user's, the key's or
    // the address's run and wait already or it would wait too long for one of them to end, and
    // Error{unavailable} when the daemon has too many.
    Place enter(const Asker& asker);
    // For a turn that ran before a restart: it goes on, whatever the limits say. By which key it was asked
    // for is forgotten then.
    Place go_on(const Owner& user);

    // From now on nobody waits: the daemon ends.
    void close();
    void change(OverloadConfig overload);

    struct Counts {
        int running = 0;
        int resting = 0;  // of those that run
        int waiting = 0;
    };
    Counts counts() const;
    Counts counts(const Owner& user) const;
    Counts counts_of_key(const std::string& key) const;  // without those that rest; as the next
    Counts counts_of_address(const std::string& address) const;

  private:
    enum class Answer { yours, given_up, too_late, closed };
    struct Waiting {
        std::uint64_t number;  // in the order in which they came
        Asker asker;
        OneShot<Answer> answer;
    };
    // A user, a key or an address.
    struct Party {
        Allowed allowed;
        int running = 0;
        int entered = 0;  // that do not run yet, whether they wait for a place or for their conversation
        int queued = 0;   // those of them that wait for a place, or are on their way to do so
        TurnPace pace;

        bool is_full() const { return allowed.turns_at_once > 0 && running >= allowed.turns_at_once; }
    };
    struct User : Party {
        int resting = 0;
        std::deque<Waiting> queue;
    };
    using Parties = std::map<std::string, Party>;

    // With the mutex held.
    template <class Visit>
    void visit(const Asker& asker, Visit visit);
    bool is_place_for(const User& user) const;  // among everybody's
    bool may_work(const User& user) const;
    bool may_run(const User& user) const { return !user.is_full() && is_place_for(user) && may_work(user); }
    bool has_own_place(const Asker& asker) const;
    std::deque<Waiting>::iterator first_to_run(User& user);
    int ahead_of(const User& user) const;
    std::optional<Error> why_not(const Asker& asker);
    std::optional<Error> why_not_soon(const Asker& asker);
    Error waited_too_long(const Asker& asker);
    void run(const Asker& asker);
    void take_out(User& user, std::deque<Waiting>::iterator waiting);
    void paces_change(const Asker& asker);
    void forget_if_idle(const Asker& asker);
    void give_places();
    TurnPace::Seconds memory() const;

    Task<void> wait_for_place(Asker asker, bool in_line, std::stop_token gone);
    void stand_back(const Asker& asker);
    void give_up(const Owner& user, std::uint64_t number);
    void leave(const Asker& asker, Place::State state);
    void rest(const Owner& user);
    void work_again(const Owner& user);

    const AllowedOf allowed_;
    const Clock clock_ = std::chrono::steady_clock::now;

    mutable std::mutex mutex_;
    OverloadConfig overload_;
    bool limited_ = false;  // whether there is a limit on everybody's
    bool closed_ = false;
    int running_ = 0;
    int resting_ = 0;
    std::uint64_t came_ = 0;
    TurnPace pace_;       // of everybody's places
    TurnPace work_pace_;  // of those at work
    // Who has turns that run or wait.
    std::map<Owner, User> users_;
    Parties keys_;
    Parties addresses_;
};

}  // namespace assistd::core
