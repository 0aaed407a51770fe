#pragma once
// The host as a plugin sees it for its whole life (assistd_host). Whoever makes one keeps it, where it is,
// for longer than the plugin's instance; log may come from any thread.

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "assistd/plugin.h"

namespace assistd::plugin_abi {

class HostTable {
  public:
    // At most max_text_bytes of a line.
    using Log = std::function<void(assistd_log_level level, std::string_view line)>;

    HostTable(std::string scratch_folder, Log log);
    HostTable(const HostTable&) = delete;
    HostTable& operator=(const HostTable&) = delete;

    const assistd_host& table() const { return table_; }
    // The last line that was logged as an error; empty: there was none.
    std::string last_error() const;

  private:
    void log(assistd_log_level level, std::string_view line) const;

    const std::string scratch_folder_;
    const Log log_;
    assistd_host table_{};
    mutable std::mutex mutex_;
    mutable std::string last_error_;
};

}  // namespace assistd::plugin_abi
