#pragma once
// Questions to people that modern clients were handed instead of a result: a client puts the question to its
// person and calls again with the answer. What it may then do is kept here, so that an answer counts once,
// for its user and for exactly the call that was asked about. Owned by the door; any thread.

#include <chrono>
#include <deque>
#include <mutex>
#include <string>

#include "core/conversation.h"

namespace assistd::api::mcp {

class OpenQuestions {
  public:
    explicit OpenQuestions(std::chrono::seconds patience) : patience_(patience) {}

    // Returns the state that the client sends back. Of one user the newest 64 are kept.
    std::string ask(const core::Owner& owner, const std::string& call);
    // Whether the state belongs to an open question about the call, which is open no longer then.
    bool take(const core::Owner& owner, const std::string& state, const std::string& call);

  private:
    struct Question {
        std::string state;
        core::Owner owner;
        std::string call;
        std::chrono::steady_clock::time_point until;
    };
    void forget_old();

    const std::chrono::seconds patience_;
    std::mutex mutex_;
    std::deque<Question> questions_;  // oldest first
};

}  // namespace assistd::api::mcp
