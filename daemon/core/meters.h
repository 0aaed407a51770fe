#pragma once
// Who counts what the daemon does, for the metrics. Called from any thread; each call is quick. This one
// counts nothing.

#include <string>
#include <string_view>

#include "core/tool.h"
#include "core/turn.h"

namespace assistd::core {

// Why: so many of the user's run and wait already, he has spent what he may on a day, or the daemon has as
// many as it takes.
enum class TurnRefusal { at_once, day, overload };
std::string_view name_of(TurnRefusal refusal);

class Meters {
  public:
    virtual ~Meters() = default;
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
