#pragma once
// What `assistctl doctor` finds, and where it looks. Nothing is changed by looking. One thread.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace assistd {
struct Config;
struct ConfigSources;
}  // namespace assistd

namespace assistd::cli {

enum class Level { good, note, problem };

struct Finding {
    Level level;
    std::string about;
    std::string message;
    std::string advice = {};  // what to do; always there for a problem
};
using Findings = std::vector<Finding>;

// Asks the daemon for its plugins and its providers, whose answer is left in `providers`; false when it does
// not answer.
bool look_at_daemon(const Context& context, Json& providers, Findings& findings);

// Users whom nobody is asked for, of a daemon that answers everybody.
void look_at_users(const Context& context, Findings& findings);

// What a daemon that is started here would read; `file`: empty, it is not named.
ConfigSources sources_with(const std::string& file);
// The configuration that a daemon would start with; null when it is wrong. `running`: one answers, and knows
// better than this process where its keys are.
std::shared_ptr<const Config> look_at_config(ConfigSources sources, bool running, Findings& findings);
// Where the daemon of that configuration can be asked; empty when it does not say or is wrong.
std::string server_of(const std::string& file);
// Who listens where the daemon would.
void look_at_port(const Context& context, const Config& config, Findings& findings);
void look_at_state(const std::filesystem::path& state, Findings& findings);

// Lets the daemon look at all that it stores, which takes a while.
void look_at_data(const Context& context, bool remove_orphans, Findings& findings);

// The kernel, the memory, the clock, and the programs that assistd starts.
void look_at_machine(Findings& findings);

}  // namespace assistd::cli
