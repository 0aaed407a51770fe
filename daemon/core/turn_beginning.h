#pragma once
// For the turn service alone: marks that a turn is being stored or taken up. Any thread.

#include <mutex>
#include <vector>

#include "core/turn_service.h"

namespace assistd::core {

// A shutdown waits for the turns that are being stored, or refuses them first. The service may be gone as
// soon as the last one has ended.
class TurnService::Beginning {
  public:
    explicit Beginning(TurnService& service) : service_(service) {
        const std::lock_guard guard(service_.mutex_);
        service_.throw_when_draining();
        ++service_.beginning_;
    }
    Beginning(const Beginning&) = delete;
    Beginning& operator=(const Beginning&) = delete;
    ~Beginning() {
        std::vector<OneShot<>> waiters;
        {
            const std::lock_guard guard(service_.mutex_);
            --service_.beginning_;
            waiters = service_.idle_waiters();
        }
        for (const OneShot<>& waiter : waiters) waiter.set();
    }

  private:
    TurnService& service_;
};

}  // namespace assistd::core
