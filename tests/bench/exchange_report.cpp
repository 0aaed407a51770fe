// The figures of plain exchanges as a table, with the goals beside them, and as JSON.

#include <nlohmann/json.hpp>

#include "exchange.h"
#include "table.h"

namespace assistd::bench {
namespace {

using nlohmann::json;

void add_exchange(Table& table, const Exchange& figures, bool has_nginx) {
    const ExchangeTimes& added = figures.added_by_daemon;
    table.title(
        fmt::format("The model sends {} (median of {} rounds; each asks directly, {}through the daemon)",
                    figures.model, figures.samples, has_nginx ? "through nginx and " : ""));
    table.row("first chunk, asked directly", us(figures.direct.first));
    table.row("  later through the daemon", us(added.first), "<= 300 us", added.first <= 300);
    if (has_nginx) table.row("  later through nginx", us(figures.added_by_nginx.first));
    table.row("last chunk, asked directly", us(figures.direct.last));
    table.row("  later through the daemon", us(added.last), "<= 150 us", added.last <= 150);
    if (has_nginx) table.row("  later through nginx", us(figures.added_by_nginx.last));
    table.row("end of the reply, asked directly", us(figures.direct.end));
    table.row("  later through the daemon, the turn being stored", us(added.end), "<= 150 us",
              added.end <= 150);
    if (has_nginx) table.row("  later through nginx", us(figures.added_by_nginx.end));
    const double most_end = 2 * figures.added_by_nginx.end;
    table.row("  later through /v1/chat/completions, nothing being kept", us(figures.added_by_completion.end),
              has_nginx ? fmt::format("<= {}", us(most_end)) : "",
              !has_nginx || figures.added_by_completion.end <= most_end);
    table.row("one durable commit of SQLite, in the same rounds", us(figures.commit));
    if (figures.direct.chunk <= 0) return;
    table.row("a further chunk, asked directly: sent -> here", us(figures.direct.chunk));
    if (!has_nginx) {
        table.row("  added by the daemon", us(added.chunk));
        return;
    }
    const double most = 1.5 * figures.added_by_nginx.chunk;
    table.row("  added by nginx", us(figures.added_by_nginx.chunk));
    table.row("  added by the daemon", us(added.chunk), fmt::format("<= {}", us(most)), added.chunk <= most);
}

void add_completions(Table& table, const CompletionFigures& figures) {
    const double wanted = wanted_times_node * node_gateway_per_second;
    table.title(fmt::format("Chat completions without tools, {} clients at once", figures.clients));
    table.row(fmt::format("{:.1f} times what a gateway in Node answers ({})",
                          figures.per_second / node_gateway_per_second, rate(node_gateway_per_second)),
              rate(figures.per_second), fmt::format(">= {}", rate(wanted)), figures.per_second >= wanted);
}

void add_streams(Table& table, const StreamFigures& figures) {
    table.title(fmt::format("{} streams of 20 chunks a second, {:.1f} s", figures.streams, figures.seconds));
    table.row("chunks that came, each once and in order", fmt::format("{}", figures.chunks),
              fmt::format("= {}", figures.expected), figures.chunks == figures.expected);
    table.row("sent -> here, p50, p99", fmt::format("{}, {}", ms(figures.p50_ms), ms(figures.p99_ms)));
    table.row("  the same without the daemon",
              fmt::format("{}, {}", ms(figures.direct_p50_ms), ms(figures.direct_p99_ms)));
    table.row("processor time of the daemon, of one core",
              fmt::format("{:.0f} %", figures.daemon_core_percent));
    table.row("  for each chunk", fmt::format("{:.1f} us", figures.daemon_us_per_chunk));
}

void add_memory(Table& table, const MemoryFigures& figures) {
    const double most = 1.1 * figures.idle_mb;
    table.row(fmt::format("idle, before {} turns in {} conversations", figures.turns, figures.conversations),
              mb(figures.idle_mb));
    table.row("  after them", mb(figures.after_mb), fmt::format("<= {}", mb(most)), figures.after_mb <= most);
    table.row("  right after the last one; peak",
              fmt::format("{}; {}", mb(figures.right_after_mb), mb(figures.peak_mb)));
    table.row("  its own memory without files, before; after",
              fmt::format("{}; {}", mb(figures.idle_anonymous_mb), mb(figures.after_anonymous_mb)));
    table.row("  turns with 64 clients", rate(figures.per_second));
}

json to_json(const ExchangeTimes& times) {
    return {
        {"first_us", times.first}, {"last_us", times.last}, {"end_us", times.end}, {"chunk_us", times.chunk}};
}

}  // namespace

std::string as_table(const ExchangeReport& report) {
    Table table;
    table.title("Plain streamed exchanges: one model call, no tools, one client, synchronous=FULL");
    if (!report.has_nginx)
        table.title("nginx is not installed (Debian: nginx-light): there is nothing to compare chunks with.");
    for (const Exchange& exchange : report.exchanges) add_exchange(table, exchange, report.has_nginx);
    if (report.completions) add_completions(table, *report.completions);
    if (report.streams) add_streams(table, *report.streams);
    if (report.waiting || !report.memory.empty())
        table.title(
            fmt::format("Memory (RSS); idle is {} s after a start and 256 turns", report.settle_seconds));
    if (report.waiting) {
        const WaitingFigures& waiting = *report.waiting;
        const double more = waiting.waiting_mb - waiting.idle_mb;
        table.row("idle", mb(waiting.idle_mb));
        table.row(fmt::format("  more with {} turns that wait for the model", waiting.turns), mb(more),
                  "<= 64.0 MB", more <= 64);
        table.row("  until all of them waited", fmt::format("{:.2f} s", waiting.seconds_to_arrive));
    }
    for (const MemoryFigures& memory : report.memory) add_memory(table, memory);
    return table.text();
}

std::string as_json(const ExchangeReport& report) {
    json result{
        {"exchanges", json::array()}, {"memory", json::array()}, {"settle_seconds", report.settle_seconds}};
    for (const Exchange& one : report.exchanges) {
        json entry{{"model", one.model},
                   {"samples", one.samples},
                   {"direct", to_json(one.direct)},
                   {"daemon", to_json(one.daemon)},
                   {"added_by_daemon", to_json(one.added_by_daemon)},
                   {"completion", to_json(one.completion)},
                   {"added_by_completion", to_json(one.added_by_completion)},
                   {"commit_us", one.commit}};
        if (report.has_nginx) {
            entry["nginx"] = to_json(one.nginx);
            entry["added_by_nginx"] = to_json(one.added_by_nginx);
        }
        result["exchanges"].push_back(std::move(entry));
    }
    if (report.completions)
        result["completions"] = {{"clients", report.completions->clients},
                                 {"per_second", report.completions->per_second},
                                 {"node_gateway_per_second", node_gateway_per_second}};
    if (report.streams) {
        const StreamFigures& one = *report.streams;
        result["streams"] = {{"streams", one.streams},
                             {"seconds", one.seconds},
                             {"chunks", one.chunks},
                             {"expected", one.expected},
                             {"p50_ms", one.p50_ms},
                             {"p99_ms", one.p99_ms},
                             {"direct_p50_ms", one.direct_p50_ms},
                             {"direct_p99_ms", one.direct_p99_ms},
                             {"daemon_core_percent", one.daemon_core_percent},
                             {"daemon_us_per_chunk", one.daemon_us_per_chunk}};
    }
    if (report.waiting) {
        result["waiting"] = {{"turns", report.waiting->turns},
                             {"idle_mb", report.waiting->idle_mb},
                             {"waiting_mb", report.waiting->waiting_mb},
                             {"seconds_to_arrive", report.waiting->seconds_to_arrive}};
    }
    for (const MemoryFigures& one : report.memory) {
        result["memory"].push_back({{"turns", one.turns},
                                    {"conversations", one.conversations},
                                    {"turns_per_second", one.per_second},
                                    {"idle_mb", one.idle_mb},
                                    {"peak_mb", one.peak_mb},
                                    {"right_after_mb", one.right_after_mb},
                                    {"after_mb", one.after_mb},
                                    {"idle_anonymous_mb", one.idle_anonymous_mb},
                                    {"after_anonymous_mb", one.after_anonymous_mb}});
    }
    return result.dump(2) + "\n";
}

}  // namespace assistd::bench
