#pragma once
// The engine's observer for a plugin call: passes progress on and asks whether the call was cancelled. One
// call, one thread.

#include <assistd/plugin.hpp>
#include <chrono>
#include <cstdio>

#include "engine/observer.h"

namespace assistd::simulation {

class CallObserver : public Observer {
  public:
    CallObserver(Call& call, std::size_t expected) : call_(call), expected_(expected) {}

    void on_progress(std::size_t placed, double radius_of_gyration) override {
        // Ten times a second is as often as anybody looks.
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(100)) return;
        last_ = now;
        char note[96];
        if (radius_of_gyration > 0)
            std::snprintf(note, sizeof note, "%zu of %zu particles, Rg = %.4g a", placed, expected_,
                          radius_of_gyration);
        else
            std::snprintf(note, sizeof note, "%zu of %zu particles have joined others", placed, expected_);
        // The rest is for measuring and writing.
        call_.progress(0.95 * static_cast<double>(placed) / static_cast<double>(expected_), note);
    }
    // A cancelled call ends by the plugin API's own exception, not the engine's.
    bool should_stop() override {
        call_.check_cancelled();
        return false;
    }

  private:
    Call& call_;
    std::size_t expected_;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace assistd::simulation
