#include "tools/progress.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>

namespace assistd::tools {

struct ProgressHub::Watcher {
    Executor executor;
    std::mutex mutex;  // held while the sink runs, so that close() waits for it
    core::ProgressSink sink;

    void close() {
        const std::lock_guard lock(mutex);
        sink = nullptr;
    }
    void show(const core::ToolProgress& progress) {
        const std::lock_guard lock(mutex);
        if (sink) sink(progress);
    }
};

ProgressHub::Watch::~Watch() {
    if (watcher_) watcher_->close();
}

void ProgressHub::report(core::ToolProgress progress) {
    // Not a number compares false with everything and becomes 0.
    progress.fraction = progress.fraction > 0 ? std::min(progress.fraction, 1.0) : 0.0;
    // The lock is held while the reports are posted, so that each watcher gets them in order.
    const std::lock_guard lock(mutex_);
    latest_ = progress;
    std::erase_if(watchers_, [&](const std::weak_ptr<Watcher>& weak) {
        const auto watcher = weak.lock();
        if (!watcher) return true;
        asio::post(watcher->executor, [watcher, progress] { watcher->show(progress); });
        return false;
    });
}

core::ToolProgress ProgressHub::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

ProgressHub::Watch ProgressHub::watch(Executor executor, core::ProgressSink sink) {
    auto watcher = std::make_shared<Watcher>();
    watcher->executor = std::move(executor);
    watcher->sink = std::move(sink);
    const std::lock_guard lock(mutex_);
    watchers_.push_back(watcher);
    return Watch(std::move(watcher));
}

}  // namespace assistd::tools
