#include "measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "daemon_process.h"
#include "http_text.h"
#include "load.h"
#include "support/scripted_upstream.h"
#include "upstream_script.h"
#include "whole_turns.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;

Throughput throughput_of(int clients, const LoadResult& result) {
    Throughput throughput;
    throughput.clients = clients;
    throughput.per_second = result.per_second();
    throughput.p50_ms = result.latencies.ms(0.5);
    throughput.p99_ms = result.latencies.ms(0.99);
    return throughput;
}

double micros_each(std::chrono::microseconds time, const LoadResult& result) {
    return static_cast<double>(time.count()) / static_cast<double>(result.latencies.count());
}

Throughput measure_turns(const Settings& settings, const DaemonProcess& daemon, int clients) {
    // Each client goes round conversations of its own, so that histories stay about as short as people's are.
    const std::size_t each = clients == 1 ? 256 : 64;
    Asker asker(daemon.port());
    std::vector<std::vector<std::string>> paths(static_cast<std::size_t>(clients));
    for (auto& own : paths) {
        for (std::size_t i = 0; i < each; ++i) own.push_back(chat_path(new_conversation(asker)));
    }
    const auto path = [&](int client, std::uint64_t number) {
        return paths[static_cast<std::size_t>(client)][number % each];
    };
    run_turns(daemon.port(), clients, std::chrono::milliseconds(300), path);  // warm

    const auto daemon_before = daemon.figures().cpu;
    const auto hosts_before = daemon.host_figures().cpu;
    const auto own_before = own_cpu();
    const LoadResult result = run_turns(daemon.port(), clients, milliseconds_of(settings.seconds), path);
    Throughput throughput = throughput_of(clients, result);
    throughput.bench_us = micros_each(own_cpu() - own_before, result);
    throughput.daemon_us = micros_each(daemon.figures().cpu - daemon_before, result);
    throughput.hosts_us = micros_each(daemon.host_figures().cpu - hosts_before, result);
    return throughput;
}

// Fills a conversation by chatting, with messages as long as a short sentence.
std::string fill_conversation(const DaemonProcess& daemon, Asker& asker, int messages) {
    const std::string conversation = new_conversation(asker);
    for (int i = 0; i < messages / 2; ++i) {
        const Answer answer =
            asker.ask(chat_request(chat_path(conversation), fmt::format("plain message {}", i)));
        if (!answer.success)
            throw std::runtime_error("The long conversation could not be filled: " + answer.body);
    }
    const Answer shown =
        Asker(daemon.port()).ask(get_request(conversations_path + "/" + conversation + "/messages?limit=1"));
    if (!shown.success) throw std::runtime_error("The long conversation cannot be listed: " + shown.body);
    return conversation;
}

LongConversation measure_long(const Settings& settings, const DaemonProcess& daemon) {
    Asker asker(daemon.port());
    const std::string filled = fill_conversation(daemon, asker, settings.long_messages);
    Latencies chat;
    Latencies empty_chat;
    Latencies list;
    Latencies empty_list;
    const auto timed = [&](Latencies& latencies, const std::string& request) {
        const Answer answer = asker.ask(request);
        if (!answer.success) throw std::runtime_error("A reply was wrong: " + answer.body);
        latencies.add(answer.time);
    };
    // As many messages on the page as an empty conversation has after its first turn.
    const auto page = [](const std::string& id) {
        return get_request(conversations_path + "/" + id + "/messages?limit=2");
    };
    for (int i = 0; i < 300; ++i) {
        const std::string empty = new_conversation(asker);
        const std::string content = fmt::format("plain question {}", i);
        // Each comes first as often as the other, since what runs before warms the caches.
        const auto chat_filled = [&] { timed(chat, chat_request(chat_path(filled), content)); };
        const auto chat_empty = [&] { timed(empty_chat, chat_request(chat_path(empty), content)); };
        const auto list_filled = [&] { timed(list, page(filled)); };
        const auto list_empty = [&] { timed(empty_list, page(empty)); };
        if (i % 2 == 0) {
            chat_filled(), chat_empty(), list_filled(), list_empty();
        } else {
            chat_empty(), chat_filled(), list_empty(), list_filled();
        }
    }
    return {settings.long_messages, chat.ms(0.5), empty_chat.ms(0.5), list.ms(0.5), empty_list.ms(0.5)};
}

}  // namespace

Throughput measure_floor(const Settings& settings, int clients, Commit commit) {
    const fs::path folder = settings.folder / "floor";
    fs::remove_all(folder);
    fs::create_directories(folder);
    test::ScriptedUpstream upstream(answer_like_a_model);
    FloorServer server(folder, upstream.port(), clients, commit);
    const auto path = [](int, std::uint64_t) { return conversations_path + "/conv_0/chat"; };
    run_turns(server.port(), clients, std::chrono::milliseconds(200), path);
    const auto before = own_cpu();
    const LoadResult result = run_turns(server.port(), clients, milliseconds_of(settings.seconds), path);
    Throughput throughput = throughput_of(clients, result);
    throughput.bench_us = micros_each(own_cpu() - before, result);
    return throughput;
}

StartFigures measure_start(const Settings& settings) {
    std::vector<double> times;
    StartFigures figures;
    for (int i = 0; i < 7; ++i) {
        // The first start makes the database; what people wait for is every later one as well.
        auto options = daemon_options(settings, "start", settings.plugins.string());
        const DaemonProcess daemon(settings.daemon, options, settings.folder / "start.log");
        times.push_back(static_cast<double>(daemon.time_to_first_answer().count()) / 1000);
        if (i > 0) continue;
        // Idle means that it has calmed down: as soon as a second passes without more processor time.
        auto before = daemon.figures().cpu;
        for (int round = 0; round < 10; ++round) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            const auto after = daemon.figures().cpu;
            if (after == before) break;
            before = after;
        }
        figures.idle_rss_mb = daemon.figures().rss_mb;
    }
    std::nth_element(times.begin(), times.begin() + 3, times.end());
    figures.first_answer_ms = times[3];
    return figures;
}

DaemonFigures measure_daemon(const Settings& settings) {
    test::ScriptedUpstream upstream(answer_like_a_model);
    auto options = daemon_options(settings, "state", settings.echo_plugins.string());
    const auto model = model_options(settings, upstream.port());
    options.insert(options.end(), model.begin(), model.end());
    const DaemonProcess daemon(settings.daemon, options, settings.folder / "daemon.log");
    DaemonFigures figures;
    for (const int clients : settings.clients)
        figures.turns.push_back(measure_turns(settings, daemon, clients));
    figures.peak_rss_mb = daemon.figures().peak_rss_mb;
    figures.hosts_rss_mb = daemon.host_figures().rss_mb;
    if (settings.long_messages > 0) figures.long_conversation = measure_long(settings, daemon);
    return figures;
}

}  // namespace assistd::bench
