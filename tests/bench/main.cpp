// assistd-bench turn: starts the real daemon against a scripted model server and prints what it does, next to
// what a bare loop does on the same machine in the same minute.
// assistd-bench exchange: what the daemon adds to a plain streamed exchange, and what many of them cost.
// assistd-bench study: what a study of many runs costs those who chat meanwhile.
// assistd-bench science: how fast clusters grow and are counted into boxes, next to the goals.
// assistd-bench retrieval: how fast documents are indexed and searched.
// assistd-bench sessions: how long ChatKit's sessions and threads take to begin.
// assistd-bench overload: what others notice of one who asks for too much.
// assistd-bench auth: what finding out who asks adds to a request.
// assistd-bench provider: the OpenAI-compatible client alone.

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "auth.h"
#include "exchange_command.h"
#include "overload.h"
#include "plugin_bench.h"
#include "provider_bench.h"
#include "report.h"
#include "retrieval.h"
#include "science.h"
#include "sessions.h"
#include "study.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;

// The build tree that this program stands in.
fs::path build_folder() {
    return fs::read_symlink("/proc/self/exe").parent_path().parent_path();
}

// Where the database is written must be a real disk, or a sync costs nothing and the figures are no figures.
class Workspace {
  public:
    explicit Workspace(const fs::path& parent) {
        std::string pattern = (parent / "assistd-bench-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("No folder can be made in " + parent.string() + ".");
        folder_ = pattern;
    }
    ~Workspace() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const fs::path& folder() const { return folder_; }

  private:
    fs::path folder_;
};

struct Options {
    Settings settings;
    fs::path parent;
    bool json = false;
    bool floors_only = false;
};

void add_options(CLI::App& command, Options& options) {
    const fs::path build = build_folder();
    options.parent = build;
    options.settings.daemon = build / "bin/assistd";
    options.settings.plugins = build / "plugins";
    options.settings.echo_plugins = build / "bench-plugins";
    command.add_option("--seconds", options.settings.seconds, "How long each load lasts")
        ->check(CLI::Range(0.1, 600.0));
    command.add_option("--clients", options.settings.clients, "How many clients at once, several numbers")
        ->check(CLI::Range(1, 1000));
    command
        .add_option("--long-messages", options.settings.long_messages,
                    "Length of the long conversation, 0: without")
        ->check(CLI::Range(0, 1'000'000));
    command.add_option("--window", options.settings.window, "The model's context window in tokens")
        ->check(CLI::Range(1'000, 10'000'000));
    command.add_option("--daemon", options.settings.daemon, "The daemon's program");
    command.add_option("--plugins", options.settings.plugins, "The folder of plugins for the start");
    command.add_option("--echo-plugins", options.settings.echo_plugins,
                       "The folder of the plugin with the tool \"echo\"");
    command.add_option("--folder", options.parent, "Where to put databases meanwhile, on a real disk");
    command.add_flag("--floors-only", options.floors_only, "Leave the daemon out");
    command.add_flag("--json", options.json, "Print JSON");
}

void note(std::string_view text) {
    fmt::print(stderr, "assistd-bench: {}\n", text);
}

Report measure(const Options& options, const fs::path& folder) {
    Settings settings = options.settings;
    settings.folder = folder;
    Report report;
    for (const int clients : settings.clients) {
        note(fmt::format("floors at {} clients", clients));
        Floors floors;
        floors.clients = clients;
        floors.each_write = measure_floor(settings, clients, Commit::each_write);
        floors.group = measure_floor(settings, clients, Commit::group);
        report.floors.push_back(floors);
    }
    if (options.floors_only) return report;
    for (const auto& needed : {settings.daemon, settings.plugins, settings.echo_plugins}) {
        if (!fs::exists(needed))
            throw std::runtime_error("There is no " + needed.string() + "; build everything first.");
    }
    note("start");
    report.start = measure_start(settings);
    note("turns");
    report.window = settings.window;
    report.daemon = measure_daemon(settings);
    return report;
}

int run(int argc, char** argv) {
    CLI::App app("Measures assistd.");
    app.require_subcommand(1);
    Options options;
    CLI::App& turn =
        *app.add_subcommand("turn", "Whole turns: two model calls and one isolated tool call each");
    add_options(turn, options);
    CLI::App& provider =
        *app.add_subcommand("provider", "The OpenAI-compatible client alone, against the scripted model");
    provider.add_option("--seconds", options.settings.seconds, "How long each load lasts")
        ->check(CLI::Range(0.1, 600.0));
    provider.add_option("--clients", options.settings.clients, "How many requests at once, several numbers");
    CLI::App& exchange = *app.add_subcommand(
        "exchange", "Plain streamed exchanges next to asking the model directly, and what many of them cost");
    ExchangeSettings exchange_settings;
    exchange_settings.common = options.settings;  // with the defaults of the build tree
    add_options(exchange, exchange_settings);
    exchange.add_option("--folder", options.parent, "Where to put databases meanwhile, on a real disk");
    exchange.add_flag("--json", options.json, "Print JSON");
    CLI::App& auth = *app.add_subcommand("auth", "What keys, tokens and logins add to a request");
    AuthSettings auth_settings;
    auth.add_option("--keys", auth_settings.keys, "How many keys there are")->check(CLI::Range(1, 1'000'000));
    auth.add_option("--requests", auth_settings.requests, "How many requests of each kind")
        ->check(CLI::Range(100, 10'000'000));
    auth.add_option("--folder", options.parent, "Where to put the store meanwhile, on a real disk");
    CLI::App& study = *app.add_subcommand("study", "Chat beside a study of many runs");
    add_options(study, options);
    StudySettings study_settings;
    study.add_option("--runs", study_settings.runs, "How many runs it has")->check(CLI::Range(1, 10'000));
    study.add_option("--particles", study_settings.particles, "How many particles each of them grows");
    CLI::App& plugin =
        *app.add_subcommand("plugin", "Calls of plugins, their loading, their crashes and their end");
    add_options(plugin, options);
    PluginSettings plugin_settings;
    plugin.add_option("--calls", plugin_settings.calls, "How many calls of each kind")
        ->check(CLI::Range(100, 1'000'000));
    plugin.add_option("--loads", plugin_settings.loads, "How many loads")->check(CLI::Range(1, 100'000));
    plugin.add_option("--crashes", plugin_settings.crashes, "How many crashes of each kind")
        ->check(CLI::Range(1, 100'000));
    plugin.add_option("--loops", plugin_settings.loops, "How many endless loops")
        ->check(CLI::Range(1, 10'000));
    CLI::App& science =
        *app.add_subcommand("science", "Growth, memory and box counting of clusters, without a daemon");
    ScienceSettings science_settings;
    science.add_option("--largest", science_settings.largest, "Leave out clusters of more particles")
        ->check(CLI::Range(1'000, 1'000'000));
    science.add_option("--clusters", science_settings.clusters, "How many of each tunable case")
        ->check(CLI::Range(1, 1'000));
    science.add_option("--seed", science_settings.seed, "The first seed")
        ->check(CLI::Range(1, 2'000'000'000));
    CLI::App& retrieval =
        *app.add_subcommand("retrieval", "Indexing and searching documents, without a daemon");
    RetrievalSettings retrieval_settings;
    retrieval.add_option("--chunks", retrieval_settings.chunks, "How many chunks at least")
        ->check(CLI::Range(100, 10'000'000));
    retrieval.add_option("--queries", retrieval_settings.queries, "How many searches of each kind")
        ->check(CLI::Range(10, 1'000'000));
    retrieval.add_option("--dimensions", retrieval_settings.dimensions, "Of the vectors, 0: words only")
        ->check(CLI::Range(0, 4'096));
    retrieval.add_option("--folder", options.parent, "Where to put the database meanwhile, on a real disk");
    CLI::App& sessions = *app.add_subcommand("sessions", "How long ChatKit's sessions take to begin");
    add_options(sessions, options);
    SessionSettings session_settings;
    sessions.add_option("--sessions", session_settings.sessions, "How many")->check(CLI::Range(10, 100'000));
    CLI::App& overload =
        *app.add_subcommand("overload", "What others notice of a user who asks for too much");
    add_options(overload, options);
    OverloadSettings overload_settings;
    overload
        .add_option("--times", overload_settings.times, "How many times what the daemon can do he asks for")
        ->check(CLI::Range(0.1, 100.0));
    overload.add_option("--others", overload_settings.others, "How many others there are")
        ->check(CLI::Range(1, 200));
    overload.add_option("--model-ms", overload_settings.model_ms, "How long the model takes")
        ->check(CLI::Range(0, 10'000));
    CLI11_PARSE(app, argc, argv);
    ::signal(SIGPIPE, SIG_IGN);
    try {
        if (provider.parsed()) {
            for (const int clients : options.settings.clients)
                fmt::print("{}", bench_provider(clients, options.settings.seconds));
            return 0;
        }
        if (science.parsed()) {
            fmt::print("{}", as_table(measure_science(science_settings, note)));
            return 0;
        }
        if (options.parent.empty()) options.parent = build_folder();
        const Workspace workspace(options.parent);
        if (retrieval.parsed()) {
            retrieval_settings.folder = workspace.folder();
            fmt::print("{}", as_table(retrieval_settings, measure_retrieval(retrieval_settings, note)));
            return 0;
        }
        if (auth.parsed()) {
            auth_settings.folder = workspace.folder();
            fmt::print("{}", as_table(auth_settings, measure_auth(auth_settings)));
            return 0;
        }
        if (exchange.parsed()) {
            exchange_settings.common.folder = workspace.folder();
            const ExchangeReport report = run_exchange(exchange_settings, note);
            fmt::print("{}", options.json ? as_json(report) : as_table(report));
            return 0;
        }
        if (study.parsed()) {
            study_settings.common = options.settings;
            study_settings.common.folder = workspace.folder();
            fmt::print("{}", as_table(study_settings, measure_study(study_settings)));
            return 0;
        }
        if (plugin.parsed()) {
            plugin_settings.common = options.settings;
            plugin_settings.common.folder = workspace.folder();
            fmt::print("{}", as_table(measure_plugins(plugin_settings)));
            return 0;
        }
        if (overload.parsed()) {
            overload_settings.common = options.settings;
            overload_settings.common.folder = workspace.folder();
            fmt::print("{}", as_table(overload_settings, measure_overload(overload_settings, note)));
            return 0;
        }
        if (sessions.parsed()) {
            session_settings.common = options.settings;
            session_settings.common.folder = workspace.folder();
            fmt::print("{}", as_table(measure_sessions(session_settings)));
            return 0;
        }
        const Report report = measure(options, workspace.folder());
        fmt::print("{}", options.json ? as_json(report) : as_table(report));
        return 0;
    } catch (const std::exception& error) {
        note(error.what());
        return 1;
    }
}

}  // namespace
}  // namespace assistd::bench

int main(int argc, char** argv) {
    return assistd::bench::run(argc, argv);
}
