#pragma once
// Runs assistctl in the test's process against a scripted server.

#include <csignal>
#include <filesystem>
#include <sstream>

#include "cli/command_line.h"
#include "unit/cli/scripted_server.h"

namespace assistd::cli {

// Ctrl-C is sent to the whole process: every thread must have it blocked, also those of the server.
class BlockedInterrupts {
  public:
    BlockedInterrupts() {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set, nullptr);
    }
};

class CliTest : public testing::Test {
  protected:
    int assistctl(std::vector<std::string> arguments) {
        out.str("");
        err.str("");
        arguments.insert(arguments.begin(), {"--server", server.url(), "--state", folder.string()});
        return run("assistctl", std::move(arguments), out, err);
    }
    CliTest() {
        std::string name = (std::filesystem::temp_directory_path() / "cli_test_XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("No temporary folder.");
        folder = name;
    }
    ~CliTest() override { std::filesystem::remove_all(folder); }

    BlockedInterrupts blocked;
    ScriptedServer server;
    std::filesystem::path folder;
    std::ostringstream out;
    std::ostringstream err;
};

inline const std::string api = "/api/v1/ai";

}  // namespace assistd::cli
