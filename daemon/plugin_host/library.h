#pragma once
// The plugin's library, opened, and its one instance. Main thread only.

#include <string>

#include "assistd/plugin.h"

namespace assistd::plugin_host {

// Why a library cannot be used: the end of a sentence ("its create function returned nothing").
struct LoadFailure {
    std::string reason;
};

class Library {
  public:
    // Opens `path`, checks the version that the code itself says and makes the instance. Throws LoadFailure.
    // `host` must outlive the library.
    Library(const std::string& path, const assistd_host& host);
    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    // An exception that leaves the plugin ends the process: its state is unknown.
    assistd_status call(assistd_string tool, assistd_string arguments, assistd_call& call) noexcept;

  private:
    assistd_plugin* plugin_ = nullptr;
};

}  // namespace assistd::plugin_host
