#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <regex>

#include "base/config.h"
#include "base/config_place.h"
#include "base/error.h"
#include "cli/findings.h"
#include "cli/listeners.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;
using enum Level;

constexpr double little_space_gb = 1;
constexpr double no_space_bytes = 1e6;  // nothing that is worth while can be written
constexpr auto patience_with_a_stranger = std::chrono::seconds(2);

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

// What the configuration says of a key that is not in the environment.
std::optional<std::string> missing_variable(const std::string& sentence) {
    static const std::regex pattern("the environment variable ([A-Za-z0-9_]+), which is not set");
    std::smatch found;
    if (!std::regex_search(sentence, found, pattern)) return std::nullopt;
    return found[1].str();
}

// A daemon that runs was perhaps started with another environment, or by another user, and has its keys.
Finding missing_key(const std::string& sentence, bool running) {
    return {running ? note : problem, "provider", sentence, "Set it where the daemon is started."};
}

// Keys that are not in this process' environment are told of and then taken for given, so that what else is
// wrong is found too.
Config load_without_keys(ConfigSources& sources, bool running, Findings& findings) {
    while (true) {
        try {
            return load_config(sources);
        } catch (const Error& error) {
            const auto& wrong = error.fields();
            const auto missing = std::find_if(wrong.begin(), wrong.end(), [](const FieldError& one) {
                return missing_variable(one.message).has_value();
            });
            if (missing == wrong.end()) throw;
            std::string& value = sources.environment[*missing_variable(missing->message)];
            if (!value.empty()) throw;
            value = "unknown";
            findings.push_back(missing_key(missing->message, running));
        }
    }
}

void look_at_key_files(const Config& config, bool running, Findings& findings) {
    for (const ProviderConfig& provider : config.providers)
        if (!provider.api_key_file.empty() && ::access(provider.api_key_file.c_str(), R_OK) != 0)
            findings.push_back(
                missing_key(fmt::format("{} has no key here: {} cannot be read: {}.", provider.name,
                                        provider.api_key_file, std::strerror(errno)),
                            running));
}

std::string url_of(const Config& config) {
    const std::string& host = config.listen_address;
    const bool is_bare_ipv6 = host.find(':') != std::string::npos && !host.starts_with('[');
    return "http://" + (is_bare_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(config.listen_port);
}

// Another program there may take the question and never answer.
bool answers(const ApiClient& api) {
    const auto end = std::chrono::steady_clock::now() + patience_with_a_stranger;
    try {
        api.must_be_ready([end] {
            if (std::chrono::steady_clock::now() > end) throw Unreachable("It does not answer in time.");
        });
        return true;
    } catch (const NotReady&) {
        return true;
    } catch (const Failure&) {
        return false;
    }
}

void look_at_space(const fs::path& state, Findings& findings) {
    struct statvfs about {};
    if (::statvfs(state.c_str(), &about) != 0) return;
    const auto gigabytes = [&about](fsblkcnt_t blocks) {
        return static_cast<double>(blocks) * static_cast<double>(about.f_frsize) / 1e9;
    };
    const double free_gb = gigabytes(about.f_bavail);
    if (const double bytes_left = free_gb * 1e9; bytes_left < no_space_bytes) {
        findings.push_back(
            {problem, "state",
             fmt::format("The disk of {} is full: {:.0f} kB of {:.1f} GB are left.", state.string(),
                         bytes_left / 1e3, gigabytes(about.f_blocks)),
             "Free space there; a daemon that runs goes on by itself then. Or name a folder on "
             "a larger disk in state."});
        return;
    }
    const bool little = free_gb < little_space_gb;
    findings.push_back({little ? problem : good, "state",
                        fmt::format("{} has {:.1f} GB left.", state.string(), free_gb),
                        little ? "Make room, or name a folder on a larger disk in state." : ""});
}

}  // namespace

ConfigSources sources_with(const std::string& file) {
    ConfigSources sources;
    sources.environment = process_environment();
    if (!file.empty())
        sources.file = file;
    else
        sources.file = usual_config_file();
    return sources;
}

std::shared_ptr<const Config> look_at_config(ConfigSources sources, bool running, Findings& findings) {
    if (sources.file && !is_there(*sources.file)) {
        findings.push_back(
            {problem, "config", sources.file->string() + " cannot be read: there is no such file.",
             "Name the file that the daemon is started with, with --config or in ASSISTD_CONFIG; "
             "config/assistd.yaml is one to begin with."});
        return nullptr;
    }
    try {
        const auto config = std::make_shared<const Config>(load_without_keys(sources, running, findings));
        findings.push_back({good, "config",
                            sources.file
                                ? sources.file->string() + " is good."
                                : "There is no file; everything has its default. Name one with --config."});
        for (const std::string& warning : config->warnings) findings.push_back({note, "config", warning});
        look_at_key_files(*config, running, findings);
        return config;
    } catch (const Error& error) {
        for (const FieldError& wrong : error.fields())
            findings.push_back({problem, "config", wrong.message,
                                "Mend that line; assistd --check-config says whether it is good then, and "
                                "config/assistd.yaml has every key."});
        return nullptr;
    }
}

std::string server_of(const std::string& file) {
    ConfigSources sources = sources_with(file);
    Findings told_elsewhere;
    try {
        const Config config = load_without_keys(sources, true, told_elsewhere);
        return config.origins.contains("listen") && config.listen_port != 0 ? url_of(config) : "";
    } catch (const std::exception&) {
        return "";  // look_at_config tells
    }
}

void look_at_port(const Context& context, const Config& config, Findings& findings) {
    if (config.listen_port == 0) return;
    const std::set<std::string> sockets = listeners_on(config.listen_port);
    const std::string port = "Port " + std::to_string(config.listen_port);
    if (sockets.empty()) {
        findings.push_back({good, "port", port + " is free."});
        return;
    }
    const std::string who = process_with(sockets);
    const std::string url = url_of(config);
    if (url != context.api.http().server() &&
        answers(ApiClient(context.api.called(), url, context.api.http().key()))) {
        findings.push_back({note, "port",
                            port + " is taken by assistd itself, which answers at " + url +
                                (who.empty() ? "" : ": " + who) + ".",
                            "Ask that one: " + ApiClient(context.api.called(), url).program() + " doctor"});
        return;
    }
    findings.push_back({problem, "port",
                        port + " is taken by " + (who.empty() ? "a program of another user" : who) + ".",
                        "End that program, or give assistd another port: listen: 127.0.0.1:" +
                            std::to_string(config.listen_port + 1) + "."});
}

void look_at_state(const fs::path& state, Findings& findings) {
    struct stat about {};
    if (::stat(state.c_str(), &about) != 0) {
        if (errno == ENOENT)
            findings.push_back({note, "state", state.string() + " is not there yet; the daemon makes it.",
                                "If yours is elsewhere, name it with --state."});
        else
            findings.push_back({problem, "state",
                                state.string() + " cannot be seen: " + std::strerror(errno) + ".",
                                "Run assistctl doctor as the daemon's user."});
        return;
    }
    if (!S_ISDIR(about.st_mode)) {
        findings.push_back({problem, "state", state.string() + " is no folder.",
                            "Name another one in state, or move the file away."});
        return;
    }
    constexpr unsigned for_others = S_IRWXG | S_IRWXO;
    if ((about.st_mode & for_others) != 0)
        findings.push_back({problem, "state",
                            fmt::format("{} may be read or written by others than its owner (mode {:o}), and "
                                        "conversations are in it.",
                                        state.string(), about.st_mode & 07777U),
                            "chmod 700 " + state.string()});
    if (about.st_uid == ::geteuid() && ::access(state.c_str(), R_OK | W_OK | X_OK) != 0)
        findings.push_back({problem, "state",
                            state.string() + " cannot be written: " + std::strerror(errno) + ".",
                            "chmod 700 " + state.string()});
    if (::access((state / "admin.key").c_str(), F_OK) == 0)
        findings.push_back(
            {note, "state",
             (state / "admin.key").string() +
                 " is still there: whoever reads it, or a copy of the folder, is an administrator.",
             "Take the key that is in it, and delete the file."});
    look_at_space(state, findings);
}

}  // namespace assistd::cli
