#pragma once
// A plugin's library, opened, and its instances. What a plugin throws goes through to the caller, who has to
// know what that means where he is. Used by one thread, the plugin's "main" and "call" thread in one.

#include <string>

#include "assistd/plugin.h"
#include "plugin_abi/host_table.h"

namespace assistd::plugin_abi {

// Why a library cannot be used: the end of a sentence ("its create function returned nothing").
struct LoadFailure {
    std::string reason;
};

// A value: the library itself stays open for ever, since its threads, those of what it is linked with, and
// its exit handlers may outlive every instance.
class Library {
  public:
    // Opens `path` and checks the version that the code itself says. Throws LoadFailure.
    explicit Library(const std::string& path);

    const assistd_plugin_descriptor& descriptor() const { return *descriptor_; }

  private:
    const assistd_plugin_descriptor* descriptor_;
};

class Instance {
  public:
    // Throws LoadFailure. `host` must outlive the instance.
    Instance(const Library& library, const HostTable& host);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    assistd_status call(assistd_string tool, assistd_string arguments, assistd_call& call);

  private:
    assistd_plugin* plugin_;
};

}  // namespace assistd::plugin_abi
