#pragma once
// Who counts what the daemon does, for the metrics. Called from any thread; each call is quick. This one
// counts nothing.

#include <chrono>
#include <string>
#include <string_view>

#include "core/tool.h"
#include "core/turn.h"

namespace assistd::core {

// One request to a model's server.
struct ProviderAttempt {
    std::string_view provider;
    std::string_view model;
    std::string_view outcome;  // success, or what went wrong: one of few words
    int status = 0;            // of HTTP; 0: it did not come so far
    bool again = false;        // an earlier one for the same answer had failed
    std::chrono::microseconds duration{0};
};

// One transaction of the store's writer.
struct StoreCommit {
    std::size_t writes = 0;
    bool stored = true;
    std::chrono::microseconds duration{0};
};

// Why: so many of the user's run and wait already, he has spent what he may on a day, or the daemon has as
// many as it takes.
enum class TurnRefusal { at_once, day, overload };
std::string_view name_of(TurnRefusal refusal);

class Meters {
  public:
    virtual ~Meters() = default;
    virtual void first_text(const Turn&) {}  // its first piece of text is being told
    virtual void provider_asked(const ProviderAttempt&) {}
    virtual void committed(const StoreCommit&) {}
    // The end is stored.
    virtual void turn_ended(const Turn&) {}
    // A turn that was asked for and not begun.
    virtual void turn_refused(TurnRefusal) {}
    // What a model's answers cost, also those that came to nothing.
    virtual void spent(const std::string& /*provider*/, const std::string& /*model*/, const Usage&) {}
    virtual void tool_called(const std::string& /*tool*/, const ToolOutcome&) {}
    virtual void tool_refused(CallRefusal) {}
};

}  // namespace assistd::core
