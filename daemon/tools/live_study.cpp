#include "tools/live_study.h"

#include <algorithm>

namespace assistd::tools {
namespace {

// After so many runs one more is tried at once. A limit that still holds costs a refused call each time.
constexpr int runs_before_widening = 20;

}  // namespace

LiveStudy::LiveStudy(core::Study study, Plugins plugins)
    : study_(std::move(study)),
      plan_(study_),
      plugins_(std::move(plugins)),
      begun_(static_cast<std::size_t>(study_.runs)) {}

void LiveStudy::take_over(const core::StudyRun& run) {
    const std::lock_guard lock(mutex_);
    if (run.number < 1 || run.number > study_.runs) return;
    begun_[static_cast<std::size_t>(run.number) - 1] = true;
    ++(run.state == core::RunState::completed ? counts_.completed : counts_.failed);
}

int LiveStudy::take_number() {
    const std::lock_guard lock(mutex_);
    if (pause_ || cancelled_ || over_ || counts_.running >= most_at_once_) return 0;
    while (next_ < study_.runs && begun_[static_cast<std::size_t>(next_)]) ++next_;
    if (next_ == study_.runs) return 0;
    begun_[static_cast<std::size_t>(next_)] = true;
    ++counts_.running;
    return ++next_;
}

void LiveStudy::ended(int number, std::optional<core::RunState> state) {
    const std::lock_guard lock(mutex_);
    --counts_.running;
    if (!state) {
        begun_[static_cast<std::size_t>(number) - 1] = false;
        next_ = std::min(next_, number - 1);
        return;
    }
    ++ended_here_;
    if (++ended_since_narrowed_ >= runs_before_widening && most_at_once_ < std::numeric_limits<int>::max()) {
        ended_since_narrowed_ = 0;
        ++most_at_once_;
    }
    ++(*state == core::RunState::completed ? counts_.completed : counts_.failed);
}

std::optional<OneShot<>> LiveStudy::pause(std::string reason) {
    const std::lock_guard lock(mutex_);
    pause_reason_ = std::move(reason);
    if (pause_) return std::nullopt;
    return pause_.emplace();
}

bool LiveStudy::narrow() {
    const std::lock_guard lock(mutex_);
    most_at_once_ = std::max(1, counts_.running - 1);
    ended_since_narrowed_ = 0;
    return counts_.running > 1;
}

void LiveStudy::resume() {
    std::optional<OneShot<>> over;
    std::vector<OneShot<>> held;
    {
        const std::lock_guard lock(mutex_);
        over.swap(pause_);
        held.swap(held_);
    }
    if (over) over->set();
    for (const OneShot<>& shot : held) shot.set();
}

OneShot<> LiveStudy::going_on() {
    const OneShot<> shot;
    const std::lock_guard lock(mutex_);
    if (pause_)
        held_.push_back(shot);
    else
        shot.set();
    return shot;
}

void LiveStudy::stop_runs() {
    stop_.request_stop();
    resume();
}

OneShot<> LiveStudy::cancel() {
    const OneShot<> over;
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        if (finished_)
            over.set();
        else
            waiting_.push_back(over);
    }
    stop_runs();
    return over;
}

bool LiveStudy::is_over() {
    const std::lock_guard lock(mutex_);
    if (over_ || counts_.running > 0) return false;
    over_ = cancelled_ || counts_.ended() == study_.runs;
    return over_;
}

void LiveStudy::finish() {
    std::vector<OneShot<>> waiting;
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
        waiting.swap(waiting_);
    }
    for (const OneShot<>& shot : waiting) shot.set();
}

core::Study LiveStudy::now() const {
    core::Study study = study_;
    const std::lock_guard lock(mutex_);
    study.counts = counts_;
    if (pause_) study.waits_for = pause_reason_;
    if (ended_here_ > 0 && !pause_) {
        const auto each = (Clock::now() - began_) / ended_here_;
        const int left = study_.runs - counts_.ended();
        study.time_left = std::chrono::ceil<std::chrono::seconds>(each * left);
    }
    return study;
}

core::StudyState LiveStudy::end_state() const {
    const std::lock_guard lock(mutex_);
    if (counts_.ended() < study_.runs) return core::StudyState::cancelled;
    return counts_.failed > 0 ? core::StudyState::completed_with_errors : core::StudyState::completed;
}

}  // namespace assistd::tools
