#include "study.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "daemon_process.h"
#include "http_text.h"
#include "support/scripted_upstream.h"
#include "table.h"
#include "upstream_script.h"
#include "whole_turns.h"

namespace assistd::bench {
namespace {

using nlohmann::json;

constexpr double most_slower = 2;
constexpr int quiet_rounds = 4;
constexpr std::size_t conversations = 256;  // that one client goes round

json asked(std::uint16_t port, const std::string& request) {
    const Answer answer = Asker(port).ask(request);
    if (!answer.success) throw std::runtime_error("A request failed: " + answer.body);
    return json::parse(answer.body);
}

std::string begin_study(std::uint16_t port, const StudySettings& settings) {
    const json study = {{"tool", "run_dla_simulation"},
                        {"base_parameters", {{"n_particles", settings.particles}, {"dimensions", 2}}},
                        {"seeds_per_combination", settings.runs}};
    return asked(port, post_request("/api/v1/ai/studies", study.dump())).at("id").get<std::string>();
}

}  // namespace

StudyFigures measure_study(const StudySettings& settings) {
    const Settings& common = settings.common;
    test::ScriptedUpstream upstream(answer_like_a_model);
    auto options =
        daemon_options(common, "study", common.plugins.string() + ":" + common.echo_plugins.string());
    const auto model = model_options(common, upstream.port());
    options.insert(options.end(), model.begin(), model.end());
    const DaemonProcess daemon(common.daemon, options, common.folder / "study.log");

    // New conversations each time: the longer they are, the longer their turns take.
    const auto chat = [&](std::chrono::milliseconds duration) {
        Asker asker(daemon.port());
        std::vector<std::string> chats;
        for (std::size_t i = 0; i < conversations; ++i) chats.push_back(chat_path(new_conversation(asker)));
        return run_turns(daemon.port(), 1, duration,
                         [&](int, std::uint64_t number) { return chats[number % chats.size()]; });
    };
    chat(std::chrono::milliseconds(300));  // warm

    StudyFigures figures;
    // Before and after, as a machine that others share gets slower and quicker in between.
    Latencies quiet;
    for (int i = 0; i < quiet_rounds; ++i) quiet.add(chat(milliseconds_of(common.seconds)).latencies);
    const auto began = std::chrono::steady_clock::now();
    const std::string study = "/api/v1/ai/studies/" + begin_study(daemon.port(), settings);
    Latencies busy;
    json now;
    do {
        busy.add(chat(milliseconds_of(common.seconds)).latencies);
        now = asked(daemon.port(), get_request(study));
    } while (now.at("status") == "running");
    figures.study_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (now.at("counts").at("completed") != settings.runs)
        throw std::runtime_error("Not every run of the study completed: " + now.dump());
    figures.busy_p50_ms = busy.ms(0.5);
    figures.busy_p99_ms = busy.ms(0.99);
    figures.turns = static_cast<double>(busy.count());
    figures.rss_mb = daemon.figures().rss_mb;
    for (int i = 0; i < quiet_rounds; ++i) quiet.add(chat(milliseconds_of(common.seconds)).latencies);
    figures.quiet_p50_ms = quiet.ms(0.5);
    figures.quiet_p99_ms = quiet.ms(0.99);
    return figures;
}

std::string as_table(const StudySettings& settings, const StudyFigures& figures) {
    Table table;
    table.title(fmt::format("A study of {} runs of {} particles, and one client that chats", settings.runs,
                            settings.particles));
    table.row("a turn before and after, median", ms(figures.quiet_p50_ms));
    table.row("a turn before and after, 99th percentile", ms(figures.quiet_p99_ms));
    table.row("a turn meanwhile, median", ms(figures.busy_p50_ms));
    const double slower = figures.busy_p99_ms / figures.quiet_p99_ms;
    table.row(fmt::format("a turn meanwhile, 99th percentile of {:.0f}", figures.turns),
              ms(figures.busy_p99_ms));
    table.row("99th percentile, meanwhile to without", times(slower), times(most_slower),
              slower <= most_slower);
    table.row("runs of the study", rate(settings.runs / figures.study_seconds));
    table.row("RSS of the daemon at its end", mb(figures.rss_mb));
    return table.text();
}

}  // namespace assistd::bench
