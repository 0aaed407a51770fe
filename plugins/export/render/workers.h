#pragma once
// A loop on two threads, whose turns are independent of each other. The caller's thread is one of them and
// shows progress; both end when the call is cancelled. Exceptions come out of run().

#include <functional>
#include <string>

#include "assistd/plugin.hpp"

namespace assistd::exporting {

class Workers {
  public:
    explicit Workers(Call& call) : call_(call), token_(call.cancel_token()) {}

    // Calls work(0) .. work(count - 1), in any order; they are the part `from`..`to` of the whole call.
    void run(int count, const std::function<void(int)>& work, const std::string& note, double from,
             double to);

    // Within long turns, from any thread: throws Cancelled.
    void check_cancelled() const { token_.check(); }

  private:
    Call& call_;
    CancelToken token_;
};

}  // namespace assistd::exporting
