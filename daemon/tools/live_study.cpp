#include "tools/live_study.h"

#include <algorithm>

namespace assistd::tools {

LiveStudy::LiveStudy(core::Study study)
    : study_(std::move(study)), plan_(study_), begun_(static_cast<std::size_t>(study_.runs)) {}

void LiveStudy::take_over(const core::StudyRun& run) {
    const std::lock_guard lock(mutex_);
    if (run.number < 1 || run.number > study_.runs) return;
    begun_[static_cast<std::size_t>(run.number) - 1] = true;
    ++(run.state == core::RunState::completed ? counts_.completed : counts_.failed);
}

int LiveStudy::take_number() {
    const std::lock_guard lock(mutex_);
    if (paused_ || cancelled_ || over_ || counts_.running >= most_at_once_) return 0;
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
    ++(*state == core::RunState::completed ? counts_.completed : counts_.failed);
}

bool LiveStudy::pause(std::string reason) {
    const std::lock_guard lock(mutex_);
    pause_reason_ = std::move(reason);
    return !std::exchange(paused_, true);
}

void LiveStudy::narrow() {
    const std::lock_guard lock(mutex_);
    most_at_once_ = std::max(1, counts_.running - 1);
}

void LiveStudy::resume() {
    const std::lock_guard lock(mutex_);
    paused_ = false;
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
    stop_.request_stop();
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
    if (paused_) study.waits_for = pause_reason_;
    if (ended_here_ > 0 && !paused_) {
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
