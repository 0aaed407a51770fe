#pragma once
// Reads the configuration again while the daemon runs, all of it or nothing: it is loaded and checked, every
// part that can change prepares itself for it, and only when none of them has refused do all of them take it.
// What runs goes on with what it began with. Files may be on a file system that does not answer, so a thread
// of its own reads them, which is not waited for longer than the patience. Owned by the daemon; any thread,
// one reload at a time.

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/config_control.h"
#include "base/config.h"

namespace assistd::app {

using LoadConfig = std::function<Config()>;
// What a part does once all have agreed. Throws nothing that is to be expected.
using Take = std::function<void()>;
// Makes what the part needs for the next configuration. Throws Error{validation}; changes nothing.
using Prepare = std::function<Take(const Config& now, const Config& next)>;
// What came of a reload: the first line of why it was refused, or nothing when it was taken.
using Outcome = std::function<void(const std::string& refusal)>;
// What is odd about a configuration that counts from now on: whole sentences.
using Oddities = std::function<std::vector<std::string>(const Config& config)>;

// The keys of a configuration that name files which hold something else than what counts, and which its parts
// take at once. Throws Error{validation}.
using ChangedFiles = std::function<std::vector<std::string>(const Config& next)>;

class Reloader {
  public:
    Reloader(const Config& running, LoadConfig load,
             std::chrono::milliseconds patience = std::chrono::seconds(30));
    ~Reloader();  // waits for a reading that does not end
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;

    // Before the first reload.
    void add(Prepare part) { parts_.push_back(std::move(part)); }
    void look_for(Oddities oddities) { oddities_ = std::move(oddities); }
    void tell(Outcome outcome) { outcome_ = std::move(outcome); }
    void compare_files(ChangedFiles changed) { changed_files_ = std::move(changed); }

    // Blocks for some milliseconds, and for the patience at most. Throws Error{validation} with all that is
    // wrong, Error{unavailable} when it was not read in time or is being read; everything is as it was then.
    // What came of it is in the log.
    api::ConfigReport reload();
    // The same on a thread of this, which calls `begins` before and `ended` after it, however it ended. What
    // is asked for twice before it begins is done once.
    void reload_soon(std::function<void()> begins, std::function<void()> ended);
    // The same for a door, on a thread of this; `print` gives the configuration that counts. The functions
    // must not be called after stop().
    api::ConfigControl control();
    std::shared_ptr<const Config> config() const;
    // No reload begins after it, and none runs.
    void stop();
    // Whether a thread still waits for a file. It may use the parts.
    bool is_reading() const;
    void wait_for_reading();  // after stop()

  private:
    struct Prepared {
        std::vector<Take> takes;
        std::vector<std::string> changed_files;  // keys that name them
    };
    struct Next {
        std::shared_ptr<const Config> config;
        Prepared prepared;
    };
    // One thread's, until it is over.
    struct Reading {
        bool is_over = false;
        Next next;
        std::exception_ptr failure;
    };

    Prepared prepare(const Config& next) const;
    Next load_and_prepare() const;
    Next read();
    api::ConfigReport report_of(const Config& now, const Config& next, const Prepared& prepared) const;
    api::ConfigReport check();
    std::string print() const;
    Task<api::ConfigReport> elsewhere(api::ConfigReport (Reloader::*work)());

    const LoadConfig load_;
    const Config first_;  // which parts that cannot change go by
    const std::chrono::milliseconds patience_;
    std::vector<Prepare> parts_;
    Oddities oddities_;
    Outcome outcome_ = [](const std::string&) {};
    ChangedFiles changed_files_;
    std::mutex reloading_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Config> config_;
    int waiting_ = 0;
    bool is_asked_for_ = false;  // by reload_soon
    bool stopped_ = false;
    std::condition_variable changed_;   // of the next one, and of stopped_
    std::shared_ptr<Reading> reading_;  // the last one
    std::thread reader_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace assistd::app
