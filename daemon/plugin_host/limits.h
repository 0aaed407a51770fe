#pragma once
// What the host may do once a plugin's code runs in it. Everything that takes rights away belongs here;
// Landlock and seccomp come into drop_privileges, which main calls before the library is opened.

#include <cstdint>

namespace assistd::plugin_host {

struct Limits {
    std::uint64_t memory_bytes = 0;  // the largest that any tool of the plugin asks for
};

// Ties this process to the daemon: it ends when the daemon does. False when the daemon has ended already.
bool die_with_parent(int parent_pid);

// No new privileges, no core dumps, and limits on memory, files, file sizes and processes. For good.
void drop_privileges(const Limits& limits);

// What each single call may use. Made once the plugin is loaded: what is in use then is normal.
class CallLimits {
  public:
    explicit CallLimits(const Limits& limits);
    ~CallLimits();
    CallLimits(const CallLimits&) = delete;
    CallLimits& operator=(const CallLimits&) = delete;

    // The next call may use this much memory beyond the normal, at most Limits::memory_bytes.
    void begin(std::uint64_t memory_bytes);
    // Whether calls left so much behind (memory or open descriptors) that the next one should have a fresh
    // process. `held`: descriptors that the last call still holds rightly.
    bool worn_out(std::size_t held) const;

  private:
    int statm_;  // kept open: it is read after each call
    std::uint64_t normal_bytes_;
    std::uint64_t memory_bytes_ = 0;
    int normal_descriptor_;
};

}  // namespace assistd::plugin_host
