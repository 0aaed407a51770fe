#include "exchange_command.h"

#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>

#include "nginx_process.h"

namespace assistd::bench {
namespace {

// Both ends of thousands of connections are in this process.
void allow_many_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void add_options(CLI::App& command, ExchangeSettings& settings) {
    command.add_option("--daemon", settings.common.daemon, "The daemon's program");
    command.add_option("--nginx", settings.nginx, "The program nginx, to compare with");
    command.add_option("--samples", settings.samples, "Exchanges of each kind, 0: without")
        ->check(CLI::Range(0, 100'000));
    command
        .add_option("--completions", settings.completion_seconds,
                    "Seconds of chat completions with 64 clients, 0: without")
        ->check(CLI::Range(0.0, 600.0));
    command.add_option("--streams", settings.streams, "Paced streams at once, 0: without")
        ->check(CLI::Range(0, 4'000));
    command.add_option("--seconds", settings.stream_seconds, "How long each stream lasts")
        ->check(CLI::Range(1.0, 400.0));
    command.add_option("--waiting", settings.waiting, "Turns that wait for the model at once, 0: without")
        ->check(CLI::Range(0, 7'000));
    command.add_option("--turns", settings.turns, "Turns after which memory must be back, 0: without")
        ->check(CLI::Range(0, 10'000'000));
    command.add_option("--settle", settings.settle_seconds, "Seconds before memory is read")
        ->check(CLI::Range(1, 600));
}

ExchangeReport run_exchange(ExchangeSettings settings, const std::function<void(std::string_view)>& note) {
    if (!std::filesystem::exists(settings.common.daemon))
        throw std::runtime_error("There is no " + settings.common.daemon.string() +
                                 "; build everything first.");
    allow_many_files();
    ExchangeReport report;
    report.has_nginx = find_nginx(settings.nginx).has_value();
    report.settle_seconds = settings.settle_seconds;
    if (settings.samples > 0) {
        note("exchanges");
        report.exchanges = measure_exchanges(settings);
    }
    if (settings.completion_seconds > 0) {
        note("chat completions");
        report.completions = measure_completions(settings);
    }
    if (settings.streams > 0) {
        note("streams");
        report.streams = measure_streams(settings);
    }
    if (settings.waiting > 0) {
        note("waiting turns");
        report.waiting = measure_waiting(settings);
    }
    if (settings.turns > 0) {
        note("many turns in many conversations");
        report.memory.push_back(measure_memory(settings, std::max<std::uint64_t>(1, settings.turns / 20)));
        note("many turns in few conversations");
        report.memory.push_back(measure_memory(settings, 64));
    }
    return report;
}

}  // namespace assistd::bench
