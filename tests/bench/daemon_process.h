#pragma once
// The real daemon as a child of the benchmark: started, asked for its figures, ended with it.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::bench {

struct ProcessFigures {
    double rss_mb = 0;
    double peak_rss_mb = 0;
    double anonymous_mb = 0;  // of the RSS: its own memory, without files
    std::chrono::microseconds cpu{0};
};

class DaemonProcess {
  public:
    // Returns once it answers GET /livez. Throws std::runtime_error with what it said when it does not come
    // up.
    DaemonProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                  const std::filesystem::path& log);
    ~DaemonProcess();  // SIGTERM, and SIGKILL after 10 s
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;

    std::uint16_t port() const { return port_; }
    std::chrono::microseconds time_to_first_answer() const { return time_to_first_answer_; }

    ProcessFigures figures() const;       // of the daemon itself
    ProcessFigures host_figures() const;  // of its child processes, added up

  private:
    void wait_until_it_listens(const std::filesystem::path& log);

    pid_t pid_ = -1;
    UniqueFd output_;
    std::uint16_t port_ = 0;
    std::chrono::microseconds time_to_first_answer_{0};
};

// What this process and its threads have used.
std::chrono::microseconds own_cpu();

}  // namespace assistd::bench
