#pragma once
// Who counts what the daemon does, for the metrics. Called from any thread; each call is quick. This one
// counts nothing.

#include <string>

#include "core/tool.h"
#include "core/turn.h"

namespace assistd::core {

class Meters {
  public:
    virtual ~Meters() = default;
    // The end is stored.
    virtual void turn_ended(const Turn&) {}
    // What a model's answers cost, also those that came to nothing.
    virtual void spent(const std::string& /*provider*/, const std::string& /*model*/, const Usage&) {}
    virtual void tool_called(const std::string& /*tool*/, const ToolOutcome&) {}
    virtual void tool_refused(CallRefusal) {}
};

}  // namespace assistd::core
