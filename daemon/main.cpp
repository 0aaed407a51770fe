// assistd: reads the command line and the configuration, runs the daemon, and stops it on a signal.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "app/access.h"
#include "app/access_oddities.h"
#include "app/daemon.h"
#include "app/idle_memory.h"
#include "app/oddities.h"
#include "app/plugin_places.h"
#include "app/prompts.h"
#include "app/restore.h"
#include "app/service_manager.h"
#include "app/signals.h"
#include "base/config.h"
#include "base/config_place.h"
#include "base/error.h"
#include "base/log_output.h"
#include "base/logging.h"

namespace {

struct Options {
    assistd::ConfigSources sources;
    bool check_only = false;
    bool print_only = false;
    bool safe_mode = false;
    bool make_admin_key = false;
    bool rebuild_search = false;
    std::string restore;       // a backup, or empty
    std::string check_backup;  // so too
    assistd::app::RestoreOptions restoring;
};

// A variable of a script that is not set must not mean something else.
bool is_given_empty(const CLI::Option* option) {
    if (option->count() == 0 || !option->as<std::string>().empty()) return false;
    std::cerr << "assistd: " << option->get_name()
              << " wants the name of a file, and what was given is empty.\n";
    return true;
}

// Returns an exit code when there is nothing to run.
std::optional<int> parse(int argc, char** argv, Options& options) {
    CLI::App app{"assistd turns shared-library tools into an assistant."};
    app.set_version_flag("--version", "assistd " ASSISTD_VERSION);
    std::string config_file;
    const CLI::Option* config =
        app.add_option("--config", config_file,
                       "configuration file (ASSISTD_CONFIG); an installed assistd reads "
                       "/etc/assistd/assistd.yaml without it");
    // By key, each with its option: one that is given empty is wrong, not absent.
    std::map<std::string, std::string> given;
    std::map<std::string, const CLI::Option*> keys;
    keys["listen"] = app.add_option("--listen", given["listen"],
                                    "address:port; port 0 takes any free one (ASSISTD_LISTEN)");
    keys["state"] =
        app.add_option("--state", given["state"], "folder for conversations and artifacts (ASSISTD_STATE)");
    keys["plugins.folders"] = app.add_option("--plugins", given["plugins.folders"],
                                             "plugin folders, separated by colons (ASSISTD_PLUGINS)");
    app.add_flag(
        "--safe-mode", options.safe_mode,
        "run nobody's code but assistd's own, whatever the configuration says: no other plugins, no MCP "
        "servers");
    app.add_flag("--check-config", options.check_only, "read the configuration, say what is wrong, and end");
    CLI::Option* restore =
        app.add_option("--restore", options.restore,
                       "make the state folder, which must be empty, of this backup, and end")
            ->type_name("FILE");
    app.add_flag("--end-keys", options.restoring.end_keys,
                 "with --restore: no API key of the backup is good any more")
        ->needs(restore);
    const CLI::Option* check_backup =
        app.add_option("--check-backup", options.check_backup, "say whether this backup is whole, and end")
            ->type_name("FILE");
    app.add_flag("--json", options.restoring.as_json,
                 "with --restore and --check-backup: say it as JSON, errors too");
    app.add_flag("--rebuild-search", options.rebuild_search,
                 "make what searches go by anew, and end; for the state folder of a daemon that is stopped");
    app.add_flag("--print-config", options.print_only,
                 "print the configuration that counts and where each value comes from, and end");
    app.add_flag("--make-admin-key", options.make_admin_key,
                 "print a new API key of an administrator, and end; for the state folder of a daemon that is "
                 "stopped");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (is_given_empty(config) || is_given_empty(restore) || is_given_empty(check_backup)) return 2;
    for (const auto& [key, value] : given)
        if (keys.at(key)->count() > 0) options.sources.command_line.emplace(key, value);
    options.sources.environment = assistd::process_environment();
    const auto variable = options.sources.environment.find("ASSISTD_CONFIG");
    if (config_file.empty() && variable != options.sources.environment.end()) config_file = variable->second;
    if (!config_file.empty())
        options.sources.file = config_file;
    else
        options.sources.file = assistd::usual_config_file();
    return std::nullopt;
}

// What a start would warn of; the configuration itself is good.
void tell_warnings(const assistd::Config& config) {
    const assistd::core::ToolSet tools = assistd::app::installed_tools(config);
    const auto installed = [&](const std::string& id) { return assistd::app::is_installed(config, id); };
    std::vector<std::string> warnings = config.warnings;
    for (const auto& folder : assistd::app::plugin_folders(config))
        if (!std::filesystem::is_directory(folder))
            warnings.push_back("The plugin folder " + folder.string() + " is not there.");
    for (std::string& sentence : assistd::app::oddities_of(config, tools, installed))
        warnings.push_back(std::move(sentence));
    for (std::string& sentence : assistd::app::access_oddities(config))
        warnings.push_back(std::move(sentence));
    for (const std::string& warning : warnings) std::cerr << "assistd: " << warning << "\n";
}

// Needs no more of the configuration than the folder, so that a key that is missing does no harm.
int run_on_state(const Options& options, const assistd::app::Signals& signals) {
    const auto between = [&signals] {
        if (signals.came())
            throw assistd::Error(assistd::ErrorCode::cancelled, "Stopped; nothing was changed.");
    };
    if (!options.check_backup.empty()) {
        std::cout << assistd::app::check_backup(options.check_backup, options.restoring, between) << "\n";
        return 0;
    }
    const auto& given = options.sources.command_line;
    const auto named = given.find("state");
    const std::filesystem::path state = named != given.end() ? std::filesystem::path(named->second)
                                                             : assistd::load_config(options.sources).state;
    if (options.rebuild_search)
        std::cout << assistd::app::rebuild_search(state, between) << "\n";
    else
        std::cout << assistd::app::restore_backup(options.restore, state, options.restoring, between) << "\n";
    return 0;
}

assistd::Config load(const Options& options) {
    assistd::Config config = assistd::load_config(options.sources);
    config.safe_mode = options.safe_mode;
    if (config.safe_mode) config.plugins_in_process.clear();
    return config;
}

// What is asked to end while a file does not answer has nothing yet that must be ended.
assistd::Config load_first(const Options& options) {
    const assistd::app::EndAtOnce while_reading;
    return load(options);
}

void follow(const assistd::app::Signals& signals, assistd::app::Daemon& daemon,
            const assistd::app::ServiceManager& service, const std::string& status) {
    const auto begins = [&service] { service.reloading(); };
    const auto ended = [&service, status] { service.ready(status); };
    while (signals.wait() == SIGHUP) daemon.reload_soon(begins, ended);
}

int run(Options options, const assistd::app::Signals& signals) {
    if (!options.restore.empty() || !options.check_backup.empty() || options.rebuild_search)
        return run_on_state(options, signals);
    const assistd::app::ServiceManager service;
    if (service.has_socket()) options.sources.socket = service.socket_address();
    // From a shell, where systemd passes no credentials; the start itself still wants them.
    options.sources.keys_elsewhere = options.check_only || options.print_only;
    assistd::Config config = load_first(options);
    assistd::app::check_prompts(config);  // before anything is made
    if (options.print_only) {
        std::cout << assistd::print_config(config);
        return 0;
    }
    if (options.check_only) {
        assistd::app::check_token_key(config);
        tell_warnings(config);
        std::cout << "The configuration is good.\n";
        return 0;
    }
    if (options.make_admin_key) {
        std::cout << assistd::app::make_admin_key(config) << "\n";
        return 0;
    }
    assistd::log::start(
        {config.log_level, config.log_as_json, config.log_to_journal, service.logs_to_journal()});
    for (const std::string& warning : config.warnings) assistd::log::warn(warning);
    assistd::app::give_large_blocks_back_at_once();
    service.status("Opening the store in " + config.state.string());
    assistd::app::Daemon daemon(
        config, [&options] { return load(options); }, service);
    const std::uint16_t port = daemon.start();
    const std::string listening = "Listening on http://" + config.listen_address + ":" + std::to_string(port);
    std::cout << "assistd: listening on http://" << config.listen_address << ":" << port << std::endl;
    service.ready(listening);
    follow(signals, daemon, service, listening);
    assistd::log::info("stopping: turns get a while to end");
    service.stopping("Turns get a while to end", daemon.longest_stop());
    {
        const assistd::app::SecondRequest watched(signals);
        daemon.stop();
    }
    if (daemon.has_runaway_threads()) {
        // They would go on while what they use is destroyed.
        spdlog::default_logger()->flush();
        std::cout.flush();
        std::_Exit(0);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const assistd::app::Signals signals;
    Options options;
    if (const auto code = parse(argc, argv, options)) return *code;
    try {
        return run(options, signals);
    } catch (const std::exception& error) {
        if (options.restoring.as_json) {
            std::cerr << assistd::app::error_as_json(error.what()) << "\n";
            return 1;
        }
        std::istringstream sentences(error.what());
        for (std::string sentence; std::getline(sentences, sentence);)
            std::cerr << "assistd: " << sentence << "\n";
        return 1;
    }
}
