#include "cli/listeners.h"

#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <vector>

#include "base/config_place.h"
#include "cli/terminal.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;

bool has_one_of(const fs::path& process, const std::set<std::string>& sockets) {
    std::error_code unseen;
    for (const fs::directory_entry& file : fs::directory_iterator(process / "fd", unseen))
        if (sockets.contains(fs::read_symlink(file.path(), unseen).string())) return true;
    return false;
}

// Calls `look` with the folder in /proc of each process that has one of the sockets, until it returns true.
void each_process_with(const std::set<std::string>& sockets,
                       const std::function<bool(const fs::path&)>& look) {
    std::error_code error;
    for (const fs::directory_entry& process : fs::directory_iterator("/proc", error)) {
        const std::string pid = process.path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        if (has_one_of(process.path(), sockets) && look(process.path())) return;
    }
}

std::string name_of(const fs::path& process) {
    std::ifstream about(process / "comm");
    std::string name;
    std::getline(about, name);
    return name;
}

// The texts of a file of /proc, each of which ends with a zero byte.
std::vector<std::string> texts_in(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::string> texts;
    for (std::string text; std::getline(stream, text, '\0');) texts.push_back(text);
    return texts;
}

// What the option was given last, as "--name value" or "--name=value".
std::optional<std::string> option(const std::vector<std::string>& words, const std::string& name) {
    std::optional<std::string> value;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == name && i + 1 < words.size())
            value = words[++i];
        else if (words[i].starts_with(name + "="))
            value = words[i].substr(name.size() + 1);
    }
    return value;
}

// Where the lock of its state folder is (app/state_lock.h).
fs::path state_of(const fs::path& process) {
    std::error_code unseen;
    for (const fs::directory_entry& file : fs::directory_iterator(process / "fd", unseen)) {
        const fs::path path = fs::read_symlink(file.path(), unseen);
        if (path.is_absolute() && path.filename() == "lock") return path.parent_path();
    }
    return {};
}

ConfigSources sources_of(const fs::path& process, const fs::path& folder) {
    ConfigSources sources;
    for (const std::string& text : texts_in(process / "environ"))
        if (const std::size_t end = text.find('='); end != std::string::npos)
            sources.environment[text.substr(0, end)] = text.substr(end + 1);
    const std::vector<std::string> words = texts_in(process / "cmdline");
    std::optional<std::string> file = option(words, "--config");
    if (const auto named = sources.environment.find("ASSISTD_CONFIG");
        !file && named != sources.environment.end() && !named->second.empty())
        file = named->second;
    sources.file = file ? std::optional((folder / *file).lexically_normal()) : usual_config_file();
    if (const auto state = option(words, "--state")) sources.command_line["state"] = *state;
    return sources;
}

}  // namespace

std::set<std::string> listeners_on(std::uint16_t port) {
    constexpr const char* listening = "0A";
    std::set<std::string> inodes;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream lines(table);
        std::string line;
        std::getline(lines, line);  // the heading
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
            words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >>
                inode;
            const std::size_t colon = local.find(':');
            if (state != listening || colon == std::string::npos) continue;
            unsigned number = 0;
            std::from_chars(local.data() + colon + 1, local.data() + local.size(), number, 16);
            if (number == port) inodes.insert("socket:[" + inode + "]");
        }
    }
    return inodes;
}

std::string process_with(const std::set<std::string>& sockets) {
    std::string found;
    each_process_with(sockets, [&](const fs::path& process) {
        found = harmless(name_of(process)) + " (process " + process.filename().string() + ")";
        return true;
    });
    return found;
}

std::optional<RunningDaemon> daemon_with(const std::set<std::string>& sockets) {
    std::optional<RunningDaemon> found;
    // systemd may have the socket, too.
    each_process_with(sockets, [&](const fs::path& process) {
        if (name_of(process) != "assistd") return false;
        std::error_code unseen;
        RunningDaemon daemon;
        daemon.process = static_cast<pid_t>(std::stol(process.filename().string()));
        daemon.folder = fs::read_symlink(process / "cwd", unseen);
        daemon.state = state_of(process);
        daemon.sources = sources_of(process, daemon.folder);
        if (!unseen) found = std::move(daemon);
        return true;
    });
    return found;
}

}  // namespace assistd::cli
