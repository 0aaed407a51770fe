#pragma once
// What the daemon tells Prometheus: counts of what it did, and what it is like at the moment it is asked. The
// names, their labels and their meanings are in metrics.cpp and in the README. Any thread.

#include <memory>
#include <string>

#include "core/meters.h"
#include "core/ports.h"
#include "core/turn_service.h"
#include "http/fair_queue.h"
#include "http/request_rates.h"

namespace assistd::app {

class Metrics : public core::Meters {
  public:
    Metrics();
    ~Metrics() override;

    void turn_ended(const core::Turn& turn) override;
    void spent(const std::string& provider, const std::string& model, const core::Usage& usage) override;
    void tool_called(const std::string& tool, const core::ToolOutcome& outcome) override;
    void tool_refused(core::CallRefusal refusal) override;
    void turn_refused(core::TurnRefusal refusal) override;

    // What was refused since the start and what waits now, for how much somebody asked or everybody did.
    struct Demand {
        http::RequestRates::Refused requests_refused;
        http::FairQueue::Figures requests;
        core::TurnSlots::Counts turns;
    };
    void set(const Demand& demand);

    // All of it in Prometheus' text format, with the state of these.
    std::string text(const core::Providers& providers, const core::Tools& tools,
                     const core::TurnService& turns);

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace assistd::app
