#pragma once
// What the daemon tells Prometheus: counts of what it did, and what it is like at the moment it is asked. The
// names, their labels and their meanings: packaging/observability.md, which a test compares with what is
// told. Any thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/meters.h"
#include "core/ports.h"
#include "core/turn_slots.h"
#include "http/fair_queue.h"
#include "http/observer.h"
#include "http/request_rates.h"
#include "store/store.h"
#include "telemetry/exporter.h"

namespace assistd::app {

// How the daemon is when it is asked.
struct Present {
    std::size_t turns_running = 0;
    std::size_t tools = 0;
    std::vector<core::PluginStatus> plugins;  // MCP servers among them
    std::vector<core::ProviderStatus> providers;
    store::StoreState store;
    std::map<std::string, std::size_t> queues;  // by name: how much waits in it
    std::size_t jobs_running = 0;
    std::size_t connections = 0;
    std::size_t streams = 0;
    telemetry::SpanExporter::Counts spans;
    std::chrono::duration<double> io_lag{0};
    std::chrono::duration<double> keys_missing_for{0};  // those of tokens, at their address
};

class Metrics : public core::Meters {
  public:
    Metrics();
    ~Metrics() override;

    void first_text(const core::Turn& turn) override;
    void provider_asked(const core::ProviderAttempt& attempt) override;
    void committed(const core::StoreCommit& commit) override;
    void turn_ended(const core::Turn& turn) override;
    void spent(const std::string& provider, const std::string& model, const core::Usage& usage) override;
    void tool_called(const std::string& tool, const core::ToolOutcome& outcome) override;
    void tool_refused(core::CallRefusal refusal) override;
    void turn_refused(core::TurnRefusal refusal) override;
    // Who was not let in, by what was shown.
    void authentication_refused(std::string_view shown);
    void answered(const http::RequestNote& note, const http::Outcome& outcome);

    // What was refused since the start and what waits now, for how much somebody asked or everybody did.
    struct Demand {
        http::RequestRates::Refused requests_refused;
        http::FairQueue::Figures requests;
        core::TurnSlots::Counts turns;
    };
    void set(const Demand& demand);

    // All of it in Prometheus' text format.
    std::string text(const Present& present);

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace assistd::app
