#include <fmt/format.h>

#include "plugin_bench.h"
#include "table.h"

namespace assistd::bench {
namespace {

constexpr double most_more_us = 60;  // of a host, with an argument of 4 KiB
constexpr double most_load_ms = 5;
constexpr double most_until_next_ms = 50;
constexpr double most_past_limit_ms = 100;

double us_of(const Latencies& times, double quantile) {
    return times.ms(quantile) * 1'000;
}

void add_calls(Table& table, const std::vector<CallCost>& calls) {
    table.title(fmt::format("One call at a time, now in a host and now in the daemon, {} of each",
                            calls.front().host.count()));
    for (const CallCost& call : calls) {
        table.row(call.what + ", in a host, median", us(us_of(call.host, 0.5)));
        table.row(call.what + ", in a host, 99th percentile", us(us_of(call.host, 0.99)));
        table.row(call.what + ", in the daemon, median", us(us_of(call.daemon, 0.5)));
        table.row(call.what + ", in the daemon, 99th percentile", us(us_of(call.daemon, 0.99)));
        const double more = us_of(call.host, 0.5) - us_of(call.daemon, 0.5);
        const bool is_goal = &call == &calls.back();
        table.row(call.what + ", what a host adds, median", us(more), is_goal ? us(most_more_us) : "",
                  more <= most_more_us);
    }
}

}  // namespace

std::string as_table(const PluginFigures& figures) {
    Table table;
    add_calls(table, figures.calls);
    table.title("Calls in hosts");
    for (const auto& [clients, per_second] : figures.side_by_side)
        table.row(fmt::format("{} at once, 50 bytes", clients), rate(per_second));
    table.row("users in turn, one more than there are hosts, median", ms(figures.users_in_turn.ms(0.5)));

    table.title("The first call of a plugin: its library copied, its host started and confined, the answer");
    for (const auto& [name, times] : figures.loads) {
        table.row(name + ", median", ms(times.ms(0.5)), ms(most_load_ms), times.ms(0.5) <= most_load_ms);
        table.row(fmt::format("{}, 99th percentile of {}", name, times.count()), ms(times.ms(0.99)));
    }

    table.title("The next call after a crash");
    for (const Crash& crash : figures.crashes) {
        table.row("by " + crash.what + ", median", ms(crash.next.ms(0.5)));
        table.row("by " + crash.what + ", 99th percentile", ms(crash.next.ms(0.99)));
        const double most = crash.next.ms(1);
        table.row(fmt::format("by {}, longest of {}", crash.what, crash.next.count()), ms(most),
                  ms(most_until_next_ms), most <= most_until_next_ms);
    }

    table.title(
        fmt::format("An endless loop: answered so long past its limit of {:.0f} ms", figures.loop_limit_ms));
    table.row("median", ms(figures.past_limit.ms(0.5)));
    const double most = figures.past_limit.ms(1);
    table.row(fmt::format("longest of {}", figures.past_limit.count()), ms(most), ms(most_past_limit_ms),
              most <= most_past_limit_ms);
    return table.text();
}

}  // namespace assistd::bench
