#pragma once
// What runs the calls of one plugin: its hosts, or threads of the daemon itself. Knows how often the plugin
// crashed in a row, and leaves one alone that keeps crashing. Shared by the plugin source and the calls that
// run; thread-safe.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tools/plugins/crash_count.h"
#include "tools/plugins/library_copy.h"
#include "tools/plugins/plugin_log.h"
#include "tools/source.h"

namespace assistd::tools {

class CallPool {
  public:
    explicit CallPool(std::shared_ptr<LibraryCopy> library);
    virtual ~CallPool() = default;
    CallPool(const CallPool&) = delete;
    CallPool& operator=(const CallPool&) = delete;

    // Throws Error{unavailable} when the line is full, the pool is closed or nothing can be started.
    virtual Task<SourceResult> call(SourceCall call, core::ProgressSink progress) = 0;

    // Looks after time limits, cancels and what ends; true while there is any.
    virtual bool watch_busy() = 0;
    // Ends what was idle for long; true while something is idle.
    virtual bool watch_idle() = 0;
    // Stops every call and ends all that runs, as far as it can be ended, and waits until it is gone.
    virtual void close() = 0;
    // The plugin will be called soon, and its file may be written over at any moment.
    virtual void prepare() = 0;
    // Something else has taken the plugin's place: calls that are here are ended on this version, then it
    // goes.
    virtual void retire() = 0;
    virtual bool is_gone() const = 0;  // retired, and nothing is left
    // Host processes that are running now.
    virtual std::size_t hosts() const = 0;
    // Calls that nobody waits for any more and that run on all the same.
    virtual std::size_t runaway_calls() const { return 0; }
    // Adds how it does: whether it could be loaded, whether it is left alone, what it is not kept from.
    virtual void describe(core::PluginStatus& status) const;

    const std::shared_ptr<LibraryCopy>& library() const { return library_; }
    const std::shared_ptr<const PluginFile>& plugin() const { return plugin_; }
    // A pool for the same plugin: what the other has counted goes on here if their libraries are the same.
    void go_on_from(const CallPool& other);
    // Whether it has crashed since it last worked.
    bool has_crashed() const;
    // Lets a plugin that is left alone since it kept crashing run again.
    void release();
    // Nothing: it may run.
    std::optional<Quarantine> quarantine() const;

  protected:
    using Clock = std::chrono::steady_clock;

    // A failure while the plugin is left alone.
    std::optional<SourceResult> refusal() const;
    bool is_left_alone() const { return quarantine().has_value(); }
    // A call that began then has ended: by a crash, which `message` tells, or in a way that says that the
    // plugin works.
    void crashed(const std::string& message);
    void worked(Clock::time_point begun);
    // What the last loading came to: sentences, empty when all is well.
    void loaded(const std::string& load_failure, const std::string& unprotected);
    PluginLog& plugin_log() const { return *log_; }
    const std::shared_ptr<PluginLog>& shared_plugin_log() const { return log_; }

  private:
    std::string quarantine_sentence(std::chrono::seconds left) const;  // with mutex_ held

    const std::shared_ptr<LibraryCopy> library_;
    const std::shared_ptr<const PluginFile> plugin_;
    const std::shared_ptr<PluginLog> log_;
    mutable std::mutex mutex_;
    CrashCount crashes_;
    std::string load_failure_;  // when the plugin was last loaded; empty: it could be
    std::string unprotected_;   // from what the last host could not be kept
};

}  // namespace assistd::tools
