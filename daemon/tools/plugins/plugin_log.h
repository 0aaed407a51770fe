#pragma once
// What plugins write (log lines, standard output and error) on its way into the daemon's log: made printable,
// and bounded, so that a flood neither fills the disk nor keeps the daemon busy. One for each plugin; any
// thread.

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace assistd::tools {

// `text` with what is not UTF-8 or not printable replaced, cut to whole code points within `max_bytes`.
std::string printable(std::string_view text, std::size_t max_bytes);

class PluginLog {
  public:
    using Clock = std::chrono::steady_clock;

    explicit PluginLog(std::string plugin_id) : plugin_id_(std::move(plugin_id)) {}
    ~PluginLog() { tell_dropped(Clock::time_point::max()); }
    PluginLog(const PluginLog&) = delete;
    PluginLog& operator=(const PluginLog&) = delete;

    void write(int level, std::string_view line);  // level: assistd_log_level
    // Says how many lines were too many, a second after the first. True while that is still to be said.
    bool tell_dropped(Clock::time_point now);

  private:
    bool may_write(std::size_t bytes);
    void begin_second(Clock::time_point now);  // with mutex_ held

    const std::string plugin_id_;
    std::mutex mutex_;
    Clock::time_point since_{};
    std::size_t written_ = 0;  // bytes since then
    std::size_t dropped_ = 0;  // lines since then
};

// The reading end of the pipe that is a host's standard output and error. Used by one thread at a time.
class CapturedOutput {
  public:
    explicit CapturedOutput(UniqueFd pipe) : pipe_(std::move(pipe)) {}

    // Moves what is there, up to a bound, into the log. Does not block.
    void drain(PluginLog& log, bool last = false);

  private:
    void take(std::string_view rest, PluginLog& log);

    UniqueFd pipe_;
    std::string line_;  // begun, not ended
};

}  // namespace assistd::tools
