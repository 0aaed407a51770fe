#pragma once
// How often users may call tools: at most so many calls in any minute, on a day of UTC, and at the same time.
// A call takes its place in every limit that it is under, or in none; calls side by side never exceed one.
//
// The minutes and the running calls are known here alone, the days' counts also to the store, so that a
// restart does not forget them. They are read when a user's first call comes; users who have not called for
// a while are forgotten here again. The limits are this daemon's own: several on one store would not share
// them.
//
// Owned by app/, shared with the calls; any thread.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/policy_config.h"
#include "core/ports.h"
#include "tools/caller.h"

namespace assistd::tools {

class Quotas : public std::enable_shared_from_this<Quotas> {
    using Instant = std::chrono::steady_clock::time_point;

  public:
    struct Clock {
        std::function<Timestamp()> wall = now;                             // for the days
        std::function<Instant()> steady = std::chrono::steady_clock::now;  // for the minutes
    };
    // By name; null when there is none now.
    using FindTool = std::function<std::shared_ptr<const core::ToolSpec>(const std::string& name)>;

    // `counts` outlives this.
    Quotas(std::vector<CallLimit> limits, core::CallCounts& counts, FindTool find_tool, Clock clock);
    Quotas(std::vector<CallLimit> limits, core::CallCounts& counts, FindTool find_tool)
        : Quotas(std::move(limits), counts, std::move(find_tool), Clock()) {}

    // One call's place in its limits. When it goes, the call no longer runs; one that was never counted is as
    // if it had not been made.
    class Place {
      public:
        Place() = default;  // under no limit
        Place(Place&& other) noexcept = default;
        Place& operator=(Place&& other) noexcept;
        ~Place() { leave(); }

        // The call begins to run: from here on it counts, whatever comes of it.
        void count();

      private:
        friend class Quotas;
        void leave();

        std::shared_ptr<Quotas> quotas_;  // null: there is nothing to give back
        core::Owner user_;
        std::string tool_;
        std::vector<std::size_t> limits_;  // by their positions
        std::chrono::sys_days day_{};
        Instant since_{};
        bool counted_ = false;
    };
    struct Taken {
        Place place;
        std::optional<core::ToolOutcome> refusal;  // QuotaExceededError, which says when it is free again
        std::string decided_by;                    // the place of the limit that refused it
    };

    // Throws Error{unavailable} when the day's counts cannot be read.
    Task<Taken> take(Caller caller, std::shared_ptr<const core::ToolSpec> tool);
    // For a call that was let in before the daemon was restarted: it runs, and is not counted again.
    Place go_on(const Caller& caller, const core::ToolSpec& tool);
    // Of the limits that the tool is under for this caller. Throws as take().
    Task<std::vector<core::QuotaStatus>> status(Caller caller, std::shared_ptr<const core::ToolSpec> tool);

    std::size_t users();  // that are known here

  private:
    struct Use {
        std::deque<Instant> minute;
        std::int64_t day = 0;
        int at_once = 0;
    };
    struct User {
        std::chrono::sys_days day{};
        bool loaded = false;    // the day's counts of the store are in it
        std::vector<Use> uses;  // by limit
        int places = 0;
        Instant last{};
    };
    struct Moment {
        Timestamp wall;
        Instant steady;
    };
    struct UsedUp;
    enum class Count { is_made, was_made };  // for the first time, or before a restart

    std::vector<std::size_t> limits_for(const Caller& caller, const core::ToolSpec& tool) const;
    bool has_daily(const std::vector<std::size_t>& limits) const;
    Moment moment() const { return {clock_.wall(), clock_.steady()}; }
    // With the mutex held.
    User& user(const core::Owner& name, const Moment& at);
    void forget_idle(const Moment& at);
    std::optional<UsedUp> used_up(const User& user, const std::vector<std::size_t>& limits,
                                  const Moment& at) const;
    Place enter(User& user, const Caller& caller, const core::ToolSpec& tool, std::vector<std::size_t> limits,
                const Moment& at, Count count);

    Task<void> load(Caller caller);
    void leave(const Place& place);
    core::ToolOutcome refusal(const UsedUp& limit, const Caller& caller, const Moment& at) const;

    const std::vector<CallLimit> limits_;
    core::CallCounts& counts_;
    const FindTool find_tool_;
    const Clock clock_;
    std::mutex mutex_;  // guards what is below
    std::unordered_map<core::Owner, User> users_;
    std::size_t forget_at_;
};

}  // namespace assistd::tools
