#pragma once
// What the messages of a request tell: which exchanges there were, which tools ran in them and what they
// made. The provider keeps nothing between rounds; everything it must know is read from here. Views into the
// messages of one request, used while it lasts.

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/message.h"

namespace assistd::providers::offline {

struct MadeArtifact {
    std::string handle;
    std::string kind;
    std::string maker;        // the tool's name and arguments, in lower case; empty when no call made it here
    bool mentioned = false;   // only worked on, neither made nor attached here
    bool brought_up = false;  // worked on by a question about it, or what an answer was
    bool called = false;      // worked on, and the user called it by its handle or name
    // "The study “p”": what still runs and has made nothing yet; there is no handle.
    std::string unended = {};
};

// One call, with its result once there is one.
struct Call {
    enum class State { open, good, failed, running };
    const core::ToolCallBlock* block = nullptr;
    const core::ToolResultBlock* result = nullptr;
    std::size_t reply = 0;  // which assistant message of the exchange made it

    State state = State::open;
    nlohmann::json body;  // the result; of a background job that was waited for, the job's own
    std::string job;      // the background job that it became

    std::string summary() const;
    std::string text(const char* key) const;      // of the result's data; empty without such a text
    std::vector<MadeArtifact> artifacts() const;  // a file the result lists
    bool begins_study() const;                    // which goes on by itself
};

// Whether the notice is that of the call's end: "run_dla_simulation failed: …", "The study "p" of … finished:
// …".
bool tells_end(std::string_view notice, const Call& call);

// A user message and what was done for it.
struct Exchange {
    const core::Message* user = nullptr;
    std::string text;                   // without what is attached
    std::vector<std::string> attached;  // handles
    std::vector<Call> calls;
    std::vector<const core::Message*> replies;  // those that call nothing
    bool answered = false;                      // an assistant message without tool calls closed it
    // Handles in the notices that came after it: what background jobs made meanwhile, oldest first.
    std::vector<std::string> noticed;
    std::vector<std::string> notices;  // their texts
};

class History {
  public:
    explicit History(std::span<const std::shared_ptr<const core::Message>> messages);

    // Oldest first; empty when no user said anything.
    const std::vector<Exchange>& exchanges() const { return exchanges_; }
    // The same, with the results read: states and bodies are set.
    const Exchange& read(std::size_t exchange);
    // The most recent background job that is not known to have ended; empty when there is none.
    std::string last_job();
    // Whether what the exchange's call was to make will never be: it failed, or its job did or was cancelled.
    bool made_nothing(std::size_t exchange, const Call& call);
    // The calls whose jobs and studies are not known to have ended, oldest first.
    const std::vector<const Call*>& running();

  private:
    void find_running();

    std::vector<Exchange> exchanges_;
    std::vector<bool> read_;
    std::optional<std::vector<const Call*>> running_;
};

}  // namespace assistd::providers::offline
