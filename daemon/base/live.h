#pragma once
// A value that is replaced as a whole while others use it, as a reload of the configuration does. Whoever
// takes the latest one keeps it for as long as what was begun with it lasts. Any thread.

#include <memory>
#include <mutex>

namespace assistd {

template <class T>
class Live {
  public:
    explicit Live(T value) : value_(std::make_shared<const T>(std::move(value))) {}

    std::shared_ptr<const T> latest() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void replace(T value) {
        auto next = std::make_shared<const T>(std::move(value));
        const std::lock_guard lock(mutex_);
        value_.swap(next);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace assistd
