#pragma once
// Runs one turn against the daemon: asks for it, passes the events on, re-joins the stream when the
// connection breaks, and cancels the turn on Ctrl-C. One thread.

#include <chrono>
#include <functional>
#include <string>

#include "cli/api_client.h"
#include "cli/interrupts.h"
#include "cli/sse_reader.h"

namespace assistd::cli {

enum class TurnEnd { completed, failed, cancelled };

struct TurnResult {
    TurnEnd end = TurnEnd::failed;
    std::string error;                 // a sentence when it failed
    Json reply;                        // the reply object when it completed
    std::string code = "turn_failed";  // of the error
    std::vector<std::string> jobs;     // background jobs that the turn began
};

struct TurnWatch {
    std::function<void(const Event&)> sink;
    std::function<void()> tick;           // ten times a second
    std::function<void(bool)> away = {};  // the daemon cannot be reached, or can be again
    // How long a daemon that has gone away is waited for.
    std::chrono::milliseconds patience{2'500};
    // Also one that is not there at the beginning.
    bool waits_to_begin = false;
};

class TurnRunner {
  public:
    TurnRunner(const ApiClient& api, Interrupts& interrupts, TurnWatch watch);

    // `action` is what begins the turn in the conversation, "chat" or "regenerate", and `body` what it takes.
    // Throws Failure when the turn cannot be begun or its stream is lost for good.
    TurnResult run(const std::string& conversation, const std::string& action, const Json& body);

  private:
    using Clock = std::chrono::steady_clock;

    void see(const Event& event);
    void watch_interrupts();
    bool attempt(const std::string& action, const Json& body);
    bool stream(const std::string& path, const Json* body);  // true when the turn has ended
    void pause();
    [[noreturn]] void give_up(const std::string& conversation) const;

    const ApiClient& api_;
    Interrupts& interrupts_;
    TurnWatch watch_;
    std::string conversation_;
    std::string key_;  // one turn, however often it is asked for
    std::string turn_;
    std::string last_id_;
    bool gone_ = false;
    bool cancel_wanted_ = false;
    bool cancel_sent_ = false;
    bool ended_ = false;
    TurnResult result_;
};

}  // namespace assistd::cli
