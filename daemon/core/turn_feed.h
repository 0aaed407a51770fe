#pragma once
// The events of one turn, in order, for any number of readers that come and go. Owned together by the turn
// and its readers; every function may be called from any thread.

#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "base/async.h"
#include "core/events.h"

namespace assistd::core {

class TurnFeed {
  public:
    // Appends an event and returns its id. A TurnEnded is the last one; later events are dropped.
    std::int64_t emit(TurnEventBody body);
    // Takes over an event that has its id already; ids must rise. For feeds that are rebuilt from the store.
    void replay(std::int64_t id, TurnEventBody body);
    // The next event gets this id, which is above all before. A turn that goes on after a restart leaves a
    // gap, since what was told but not stored must not come back as something else.
    void skip_to(std::int64_t id);
    // The id that the next event gets.
    std::int64_t next_id() const;

    // All events after `after`, waiting until there is at least one. Empty: the turn has ended and everything
    // was given, the feed was abandoned, or `stop` was requested.
    Task<std::vector<TurnEventPtr>> next(std::int64_t after, std::stop_token stop) const;
    // All events that there are by now.
    std::vector<TurnEventPtr> so_far() const;
    // All events, once the turn has ended (or the feed was abandoned).
    Task<std::vector<TurnEventPtr>> whole() const;

    // Its end was told, or it was abandoned.
    bool has_ended() const;

    // The daemon is shutting down: readers get what there is and then the end.
    void abandon();

  private:
    void append(std::int64_t id, TurnEventBody body, std::unique_lock<std::mutex>& lock);
    void wake(std::unique_lock<std::mutex>& lock);

    mutable std::mutex mutex_;
    std::vector<TurnEventPtr> events_;
    std::int64_t next_id_ = 1;
    bool ended_ = false;
    mutable std::vector<OneShot<>> readers_;  // waiting for any event
    mutable std::vector<OneShot<>> waiters_;  // waiting for the end
};

}  // namespace assistd::core
