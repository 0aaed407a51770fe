#pragma once
// How many turns run at once: of one user, as his limits say, and of everybody. Who comes when there is no
// place waits in a queue of his own; a place that becomes free goes to the waiting user who has the fewest.
//
// One user alone never gets all places: he begins a turn only while he runs fewer than three times as many as
// are free ("dynamic thresholds", as switches share their buffers). So whoever comes new finds a place,
// however much others ask for, and nobody's turns have to be stopped for it.
//
// Shared by the turn service and by the places that were given out; any thread.

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/async.h"
#include "base/error.h"
#include "base/limit_rules.h"
#include "core/conversation.h"

namespace assistd::core {

class TurnSlots : public std::enable_shared_from_this<TurnSlots> {
  public:
    // Of a user, as the configuration stands; asked whenever one of his turns comes.
    using AllowedOf = std::function<Allowed(const Owner&)>;

    // Without both: no limits.
    TurnSlots() = default;
    TurnSlots(AllowedOf allowed, OverloadConfig overload);

    // A turn's place. It runs from begin() until this goes.
    class Place {
      public:
        Place() = default;
        Place(Place&& other) noexcept
            : slots_(std::move(other.slots_)), user_(std::move(other.user_)), runs_(other.runs_) {}
        Place& operator=(Place&& other) noexcept;
        ~Place() { leave(); }

        // Waits for a free place. Throws Error{unavailable} when none became free in time or the daemon ends,
        // and Error{cancelled} when `gone` is requested first.
        Task<void> begin(std::stop_token gone);

      private:
        friend class TurnSlots;
        Place(std::shared_ptr<TurnSlots> slots, Owner user, bool runs)
            : slots_(std::move(slots)), user_(std::move(user)), runs_(runs) {}
        void leave();

        std::shared_ptr<TurnSlots> slots_;  // null: there is nothing to give back
        Owner user_;
        bool runs_ = false;
    };

    // For a turn that is asked for: at once, before anything is done for it. Throws Error{rate_limited} when
    // so many of the user's run and wait already, and Error{unavailable} when the daemon has too many.
    Place enter(const Owner& user);
    // For a turn that ran before a restart: it goes on, whatever the limits say.
    Place go_on(const Owner& user);

    // From now on nobody waits: the daemon ends.
    void close();
    void change(OverloadConfig overload);

    struct Counts {
        int running = 0;
        int waiting = 0;
    };
    Counts counts() const;
    Counts counts(const Owner& user) const;

  private:
    enum class Answer { yours, given_up, too_late, closed };
    struct User {
        Allowed allowed;
        int running = 0;
        int entered = 0;  // that do not run yet, whether they wait for a place or for their conversation
        std::deque<std::pair<std::uint64_t, OneShot<Answer>>> queue;  // with when they came
    };

    // With the mutex held.
    bool may_run(const User& user) const;
    void forget_if_idle(std::map<Owner, User>::iterator user);
    Task<void> wait_for_place(Owner user, std::stop_token gone);
    void leave(const Owner& user, bool ran);
    void give_places();
    static Error refusal(const Owner& name, const User& user);

    AllowedOf allowed_;

    mutable std::mutex mutex_;
    OverloadConfig overload_;
    bool limited_ = false;  // whether there is a limit on everybody's
    bool closed_ = false;
    int running_ = 0;
    std::uint64_t came_ = 0;
    std::map<Owner, User> users_;  // who has turns that run or wait
};

}  // namespace assistd::core
