#pragma once
// Another program that runs below an assistd-keeper, and the three pipes to it. When this object lets go of
// it, or the daemon dies, the program and all that it started end, at the latest after keeper_longest. Used
// on one strand; the destructor may run on any thread.

#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/unique_fd.h"

namespace assistd::tools::mcp {

struct ChildPlan {
    std::filesystem::path keeper;  // assistd-keeper
    std::string command;           // looked for in PATH when it has no slash
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;  // beside PATH, HOME, LANG and the like
    std::string folder;                              // empty: the daemon's own
};

class ChildProcess {
  public:
    // Throws Error{unavailable} when the system cannot start one. That there is no such command is seen by
    // its exit code, 127, and its last words.
    ChildProcess(asio::io_context& context, const ChildPlan& plan);
    ~ChildProcess();  // lets go and waits for the end
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    asio::posix::stream_descriptor& input() { return input_; }
    asio::posix::stream_descriptor& output() { return output_; }
    asio::posix::stream_descriptor& errors() { return errors_; }

    // Closes its standard input; what does not end by itself is ended.
    void let_go();
    // Ends a keeper that does not do its work, and the program.
    void kill();
    // The wait status, once it has ended with all that it started.
    Task<int> ended();

  private:
    std::optional<int> try_reap();

    asio::posix::stream_descriptor input_, output_, errors_, ended_;
    UniqueFd life_, pidfd_;
    pid_t pid_ = -1;
    std::optional<int> status_;
};

}  // namespace assistd::tools::mcp
