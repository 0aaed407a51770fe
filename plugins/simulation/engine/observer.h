#pragma once
// How a run talks to whoever started it. The engine calls it from the run's own thread.

#include <cstddef>
#include <stdexcept>

namespace assistd::simulation {

class Observer {
  public:
    virtual ~Observer() = default;
    // Called now and then, at most every few hundred particles. Where many clusters join, particles are
    // placed once they have joined others, and no radius of gyration is that of the whole: it is 0 then.
    virtual void on_progress(std::size_t placed, double radius_of_gyration) = 0;
    // Asked at least every few milliseconds; true ends the run with Stopped.
    virtual bool should_stop() = 0;
};

// The run ended because its observer asked for it.
class Stopped : public std::runtime_error {
  public:
    Stopped() : std::runtime_error("The simulation was stopped.") {}
};

}  // namespace assistd::simulation
