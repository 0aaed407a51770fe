#pragma once
// Runs a plugin's tools as the daemon does: through its registry and schema checks, in a host process of its
// own, in the sandbox. One process of the plugin at a time. Used by one thread.

#include <sys/types.h>

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "check/example_files.h"
#include "check/options.h"
#include "tools/plugins/plugin_source.h"
#include "tools/registry.h"

namespace assistd::check {

using Milliseconds = std::chrono::duration<double, std::milli>;

// A folder of this process alone; gone at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

struct Ran {
    std::vector<FieldError> refused;  // the arguments, before the plugin saw them
    tools::SourceResult result;
    Milliseconds time{0};
};

class Caller {
  public:
    struct Settings {
        std::filesystem::path host;
        std::chrono::milliseconds cancel_grace{500};
    };
    // Throws Error when the plugin host cannot be used.
    Caller(const Options& options, const std::string& plugin_id, Settings settings);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    // Null when the registry refuses the tool; problem() then says why.
    std::shared_ptr<const tools::RegisteredTool> find(const std::string& tool) const;
    // What the daemon would say of the plugin: why it is refused, what it is not kept from.
    core::PluginStatus status() const;

    // One call of `tool`. The arguments are checked and completed as the daemon does.
    Ran run(const std::string& tool, const std::string& arguments, ExampleFiles& files,
            std::chrono::milliseconds time_limit, std::stop_token stop = {});
    // A call that only the host hears of: no schema is asked, and the plugin need not have the tool.
    Ran run_unchecked(const std::string& tool, const std::string& arguments,
                      std::chrono::milliseconds time_limit);

    // The plugin's process; 0 when there is none or it cannot be told.
    pid_t process() const;
    // Ends the plugin's process and waits for it. Nothing can be run afterwards.
    void stop();

  private:
    Ran wait_for(Task<Ran> call);

    const std::string plugin_id_;
    TemporaryFolder folder_;
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::shared_ptr<tools::PluginSource> source_;
    tools::ToolRegistry registry_;
    std::thread thread_;
};

}  // namespace assistd::check
