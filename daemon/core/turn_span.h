#pragma once
// A turn, and its steps, in its request's trace. They live in the turn's coroutine.

#include "base/span.h"
#include "core/turn.h"

namespace assistd::core {

// A step that contains what is done next, until the end of its scope.
class StepSpan : public Span {
  public:
    explicit StepSpan(std::string_view name) : Span(name) { enter(); }
};

class TurnSpan {
  public:
    void ended(const Turn& turn);

  private:
    StepSpan span_{"invoke_agent assistd"};
};

}  // namespace assistd::core
