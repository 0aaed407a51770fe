#pragma once
// A study that runs: which of its runs have begun, and how they ended. Shared by the runner and its runs;
// any thread.

#include <chrono>
#include <limits>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/async.h"
#include "core/study.h"
#include "tools/study_plan.h"

namespace assistd::tools {

class LiveStudy {
  public:
    // The plugins whose tools these were when it was taken up; empty: the tool was not there.
    struct Plugins {
        std::string tool;
        std::string then;
    };

    explicit LiveStudy(core::Study study, Plugins plugins = {});

    StudyId id() const { return study_.id; }
    std::string call_prefix() const { return study_.call_prefix(); }
    const core::Owner& owner() const { return study_.owner; }
    const std::string& project_id() const { return study_.project_id; }
    const std::string& tool() const { return study_.tool; }
    const std::string& then() const { return study_.then; }
    const Plugins& plugins() const { return plugins_; }
    const StudyPlan& plan() const { return plan_; }

    // A run that ended before, which is not begun again.
    void take_over(const core::StudyRun& run);
    // The number of a run that is to begin now; 0 when there is none.
    int take_number();
    // Without a state: the run was not made and may be begun again.
    void ended(int number, std::optional<core::RunState> state);

    // No run begins until resume(), which sets what is returned; nothing when it was paused already. The
    // reason is a sentence.
    std::optional<OneShot<>> pause(std::string reason);
    // A limit on calls at once was met: no more runs at once than just now, without the one that met it,
    // until some have ended well. False when it was the only one: others have all the places.
    bool narrow();
    void resume();
    // Done when it is not paused, or not any more: for a run that is half done.
    OneShot<> going_on();

    // Ends what is running; done once the study has ended.
    OneShot<> cancel();
    // The same without an end: the daemon goes down.
    void stop_runs();
    std::stop_token stop_token() const { return stop_.get_token(); }
    bool is_stopped() const { return stop_.stop_requested(); }

    // True once, when no run is left to do.
    bool is_over();
    void finish();  // its end is stored

    core::Study now() const;  // with the counts and the time left
    core::StudyState end_state() const;

  private:
    using Clock = std::chrono::steady_clock;

    const core::Study study_;  // as it was when it was taken up
    const StudyPlan plan_;
    const Plugins plugins_;
    std::stop_source stop_;
    const Clock::time_point began_ = Clock::now();

    mutable std::mutex mutex_;
    core::StudyCounts counts_;
    int ended_here_ = 0;              // since it was taken up
    std::vector<bool> begun_;         // by number - 1
    int next_ = 0;                    // no run before this place is left to begin
    std::optional<OneShot<>> pause_;  // set when it is over
    std::string pause_reason_;
    std::vector<OneShot<>> held_;  // runs that wait for its end
    int most_at_once_ = std::numeric_limits<int>::max();
    int ended_since_narrowed_ = 0;
    bool cancelled_ = false;
    bool over_ = false;
    bool finished_ = false;
    std::vector<OneShot<>> waiting_;
};

}  // namespace assistd::tools
