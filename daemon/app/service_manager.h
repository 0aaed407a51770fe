#pragma once
// systemd as the one that started the daemon: the socket it gave, how it is told what the daemon is doing,
// and its watchdog. Started by anybody else, or built without libsystemd, nobody is told anything. Made on
// the main thread before there are others, owned by main(); what it tells may be told from any thread.

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "base/unique_fd.h"

namespace assistd::app {

class ServiceManager {
  public:
    // Throws Error{unavailable} with a sentence when systemd gave something that the daemon cannot listen on.
    ServiceManager();

    // The socket that systemd listens on in the daemon's place (assistd.socket), and its address as the key
    // `listen` has it.
    bool has_socket() const { return static_cast<bool>(socket_); }
    int socket() const { return socket_.get(); }  // stays this object's
    const std::string& socket_address() const { return socket_address_; }

    // One line that `systemctl status` shows.
    void status(const std::string& line) const;
    // The start goes on, and shows it again within this time; until then it may take longer than it was
    // given.
    void starting(const std::string& line, std::chrono::seconds at_most) const;
    // The daemon can be used: after the start, and again after each reloading().
    void ready(const std::string& line) const;
    void reloading() const;
    // Why the last configuration was refused, in a line that ready() and still_alive() add to theirs. Empty:
    // it was taken.
    void refused(const std::string& why) const;
    // The daemon begins to end, and will be gone within this time unless it is killed.
    void stopping(const std::string& line, std::chrono::seconds at_most) const;

    // How often still_alive() is wanted at least; nothing when there is no watchdog.
    std::optional<std::chrono::microseconds> watchdog() const;
    void still_alive(const std::string& line) const;

    // Whether standard error ends in the journal, which then wants to be told each line's level.
    static bool logs_to_journal();

  private:
    std::string with_refusal(const std::string& line) const;

    UniqueFd socket_;
    std::string socket_address_;
    mutable std::mutex mutex_;
    mutable std::string refusal_;
};

}  // namespace assistd::app
