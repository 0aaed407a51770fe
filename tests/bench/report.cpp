#include "report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "table.h"

namespace assistd::bench {
namespace {

using nlohmann::json;

std::string with_clients(std::string_view what, int clients) {
    return fmt::format("{}, {} client{}", what, clients, clients == 1 ? "" : "s");
}

const Floors* floors_at(const Report& report, int clients) {
    for (const auto& floors : report.floors) {
        if (floors.clients == clients) return &floors;
    }
    return nullptr;
}

void add_turns(Table& table, const Report& report, const Throughput& turns) {
    const int clients = turns.clients;
    if (clients == 64)
        table.row(with_clients("turns", clients), rate(turns.per_second), ">= 2500 /s",
                  turns.per_second >= 2500);
    else
        table.row(with_clients("turns", clients), rate(turns.per_second));
    if (clients == 1)
        table.row("  p50", ms(turns.p50_ms), "<= 1.50 ms", turns.p50_ms <= 1.5);
    else
        table.row("  p50", ms(turns.p50_ms));
    table.row("  p99", ms(turns.p99_ms));
    table.row("  processor time of the daemon, a turn", fmt::format("{:.0f} us", turns.daemon_us));
    table.row("  processor time of its plugin hosts, a turn", fmt::format("{:.0f} us", turns.hosts_us));
    table.row("  processor time of load and upstream, a turn", fmt::format("{:.0f} us", turns.bench_us));
    const Floors* floors = floors_at(report, clients);
    if (floors == nullptr) return;
    table.row("  of the floor with one commit per write",
              times(turns.per_second / floors->each_write.per_second), clients == 64 ? "> 1.00 times" : "",
              turns.per_second > floors->each_write.per_second);
    table.row("  of the floor with group commit", times(turns.per_second / floors->group.per_second));
}

void add_long(Table& table, const LongConversation& figures, int window) {
    if (figures.messages == 0) return;
    table.title(fmt::format("A conversation of {} messages next to empty ones, model window {} tokens (p50)",
                            figures.messages, window));
    const double chat = figures.chat_ms / figures.empty_chat_ms;
    table.row("chat", fmt::format("{} : {}", ms(figures.chat_ms), ms(figures.empty_chat_ms)));
    table.row("  ratio", times(chat), "<= 1.20 times", chat <= 1.2);
    const double list = figures.list_ms / figures.empty_list_ms;
    table.row("list of messages, a page",
              fmt::format("{} : {}", ms(figures.list_ms), ms(figures.empty_list_ms)));
    table.row("  ratio", times(list), "<= 1.20 times", list <= 1.2);
}

json to_json(const Throughput& turns) {
    return {{"clients", turns.clients},         {"turns_per_second", turns.per_second},
            {"p50_ms", turns.p50_ms},           {"p99_ms", turns.p99_ms},
            {"daemon_cpu_us", turns.daemon_us}, {"hosts_cpu_us", turns.hosts_us},
            {"bench_cpu_us", turns.bench_us}};
}

}  // namespace

std::string as_table(const Report& report) {
    Table table;
    table.title("Floors: a bare loop with a turn's socket calls and SQLite writes, synchronous=FULL");
    for (const auto& floors : report.floors) {
        table.row(with_clients("one commit per write", floors.clients), rate(floors.each_write.per_second));
        table.row("  p50, p99",
                  fmt::format("{}, {}", ms(floors.each_write.p50_ms), ms(floors.each_write.p99_ms)));
        table.row(with_clients("group commit", floors.clients), rate(floors.group.per_second));
        table.row("  p50, p99", fmt::format("{}, {}", ms(floors.group.p50_ms), ms(floors.group.p99_ms)));
        table.row("  processor time a turn, load and upstream included",
                  fmt::format("{:.0f} us", floors.group.bench_us));
    }
    if (report.daemon) {
        table.title("The daemon: two model calls and one isolated tool call in each turn, synchronous=FULL");
        for (const auto& turns : report.daemon->turns) add_turns(table, report, turns);
    }
    if (report.start) {
        table.title("Start and memory");
        table.row("first 200 after the start", ms(report.start->first_answer_ms), "<= 50 ms",
                  report.start->first_answer_ms <= 50);
        table.row("idle RSS", mb(report.start->idle_rss_mb), "<= 25 MB", report.start->idle_rss_mb <= 25);
    }
    if (report.daemon) {
        table.row("peak RSS under load", mb(report.daemon->peak_rss_mb));
        table.row("RSS of the plugin hosts, added up", mb(report.daemon->hosts_rss_mb));
        add_long(table, report.daemon->long_conversation, report.window);
    }
    return table.text();
}

std::string as_json(const Report& report) {
    json result{{"floors", json::array()}};
    for (const auto& floors : report.floors) {
        result["floors"].push_back({{"clients", floors.clients},
                                    {"each_write", to_json(floors.each_write)},
                                    {"group", to_json(floors.group)}});
    }
    if (report.start) {
        result["start"] = {{"first_answer_ms", report.start->first_answer_ms},
                           {"idle_rss_mb", report.start->idle_rss_mb}};
    }
    if (report.daemon) {
        json& daemon = result["daemon"] = {{"turns", json::array()},
                                           {"peak_rss_mb", report.daemon->peak_rss_mb},
                                           {"hosts_rss_mb", report.daemon->hosts_rss_mb}};
        for (const auto& turns : report.daemon->turns) daemon["turns"].push_back(to_json(turns));
        const LongConversation& one = report.daemon->long_conversation;
        if (one.messages > 0) {
            daemon["long_conversation"] = {{"messages", one.messages}, {"window", report.window},
                                           {"chat_ms", one.chat_ms},   {"empty_chat_ms", one.empty_chat_ms},
                                           {"list_ms", one.list_ms},   {"empty_list_ms", one.empty_list_ms}};
        }
    }
    return result.dump(2) + "\n";
}

}  // namespace assistd::bench
