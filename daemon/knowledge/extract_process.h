#pragma once
// One assistd-extract process with all that it started, and the pipe with what it says. Owned by one
// extraction; kill() may come from any thread. It must be made on a thread that lives as long as the daemon:
// it ends with that.

#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <mutex>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/unique_fd.h"
#include "knowledge/extraction.h"

namespace assistd::knowledge {

class ExtractProcess {
  public:
    // `file` is given to the process. Throws Error{unavailable} when the system cannot start it.
    ExtractProcess(asio::io_context& context, const ExtractionOptions& options, int file,
                   const std::string& name);
    ~ExtractProcess();  // kills it and waits for its end
    ExtractProcess(const ExtractProcess&) = delete;
    ExtractProcess& operator=(const ExtractProcess&) = delete;

    asio::posix::stream_descriptor& output() { return output_; }
    void kill();
    // The wait status, once it has ended; then all that it started is gone too.
    Task<int> ended();

  private:
    bool has_ended() const;
    void kill_group();  // with mutex_ held

    std::mutex mutex_;  // kill and reap exclude each other: a reaped pid may be another process's
    asio::posix::stream_descriptor output_, ended_;
    pid_t pid_ = -1;
    UniqueFd pidfd_;
    std::optional<int> status_;
};

}  // namespace assistd::knowledge
