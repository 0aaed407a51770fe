#include "tools/plugins/call_pool.h"

#include "base/logging.h"
#include "tools/results.h"

namespace assistd::tools {

CallPool::CallPool(std::shared_ptr<LibraryCopy> library)
    : library_(std::move(library)),
      plugin_(library_->plugin()),
      log_(std::make_shared<PluginLog>(plugin_->manifest.id)) {}

// A plugin that keeps crashing is left alone for a while.
std::optional<SourceResult> CallPool::refusal() const {
    std::optional<Quarantine> alone = quarantine();
    if (!alone) return std::nullopt;
    return refused_by(std::move(*alone));
}

std::optional<Quarantine> CallPool::quarantine() const {
    const std::lock_guard lock(mutex_);
    const auto left = crashes_.quarantine(Clock::now());
    if (!left) return std::nullopt;
    return Quarantine{quarantine_sentence(*left), *left};
}

std::string CallPool::quarantine_sentence(std::chrono::seconds left) const {
    const std::string& id = plugin_->manifest.id;
    return "The plugin " + id + " crashed " + std::to_string(crashes_.in_a_row()) +
           " times in a row and is left alone for " + std::to_string(left.count()) +
           " s more (assistctl plugins release " + id + " ends that).";
}

void CallPool::crashed(const std::string& message) {
    const std::lock_guard lock(mutex_);
    const bool was_alone = crashes_.quarantine(Clock::now()).has_value();
    crashes_.crashed(Clock::now());
    const auto left = crashes_.quarantine(Clock::now());
    log::warn("{}", message);
    if (left && !was_alone) log::warn("{}", quarantine_sentence(*left));
}

void CallPool::worked(Clock::time_point begun) {
    const std::lock_guard lock(mutex_);
    crashes_.worked(begun);
}

void CallPool::loaded(const std::string& load_failure, const std::string& unprotected) {
    const std::lock_guard lock(mutex_);
    if (!load_failure.empty() && load_failure != load_failure_) log::warn("{}", load_failure);
    if (!unprotected.empty() && unprotected_.empty())
        log::warn("plugin {} is not wholly confined: {}", plugin_->manifest.id, unprotected);
    load_failure_ = load_failure;
    unprotected_ = unprotected;
}

void CallPool::describe(core::PluginStatus& status) const {
    const std::lock_guard lock(mutex_);
    if (!unprotected_.empty()) status.reason += (status.reason.empty() ? "" : " ") + unprotected_;
    if (const auto left = crashes_.quarantine(Clock::now())) {
        status.state = "quarantined";
        status.reason = quarantine_sentence(*left);
    }
    if (load_failure_.empty()) return;
    status.state = "refused";
    status.reason = load_failure_;
}

void CallPool::release() {
    const std::lock_guard lock(mutex_);
    crashes_.release();
}

void CallPool::go_on_from(const CallPool& other) {
    if (!library_->is_same_as(*other.library_)) return;
    CrashCount counted;
    {
        const std::lock_guard lock(other.mutex_);
        counted = other.crashes_;
    }
    const std::lock_guard lock(mutex_);
    crashes_ = counted;
}

bool CallPool::has_crashed() const {
    const std::lock_guard lock(mutex_);
    return crashes_.in_a_row() > 0;
}

}  // namespace assistd::tools
