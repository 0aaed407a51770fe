#pragma once
// What this process uses of the machine. Made before the sandbox closes /proc. A plugin may spoil what it
// says about its own process. Call thread only.

#include <cstdint>
#include <optional>

#include "base/unique_fd.h"

namespace assistd::plugin_host {

class OwnProcess {
  public:
    OwnProcess();

    static std::uint64_t cpu_us();
    std::uint64_t address_space_bytes() const;
    // The most that was in memory since forget_peak(); 0: this kernel does not say.
    std::uint64_t peak_memory_bytes() const;
    void forget_peak() const;
    // Nothing when the plugin has closed what it is read from.
    std::optional<int> threads() const;

  private:
    UniqueFd size_, status_, forget_peak_, threads_;
};

}  // namespace assistd::plugin_host
