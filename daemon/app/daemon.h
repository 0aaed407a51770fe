#pragma once
// The composition root: makes every part of the daemon, gives each what it needs, and takes all down in the
// right order. Lives on the main thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "app/reload.h"
#include "app/service_manager.h"
#include "base/config.h"

namespace assistd::app {

class Daemon {
  public:
    // Opens the store, loads the plugins and makes everything ready, but for the doors. Throws Error with a
    // sentence for the person at the keyboard. `load` reads the configuration again, for a reload; `service`
    // outlives the daemon.
    Daemon(const Config& config, LoadConfig load, const ServiceManager& service);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    // Takes up interrupted turns and jobs and opens the doors; returns the port that was bound.
    std::uint16_t start();
    // Reads the configuration again, all of it or nothing, and does not wait for it: another thread calls
    // `begins` before and `ended` after it. What came of it is in the log.
    void reload_soon(std::function<void()> begins, std::function<void()> ended);
    // How long stop() takes at most: the time that turns get, and what parts take to end.
    std::chrono::seconds longest_stop() const;
    // Drains and stops: new turns are refused, running ones get a while to end, the rest go on after the
    // restart.
    void stop();
    // After stop(): there are threads that nobody can end, which run calls of plugins in the daemon itself or
    // wait for a file of the configuration. They use what the destructor takes down, so the process has to
    // end without it.
    bool has_runaway_threads() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace assistd::app
