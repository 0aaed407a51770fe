#include "tools/running_call.h"

#include "tools/call_bounds.h"
#include "tools/registry.h"
#include "tools/results.h"

namespace assistd::tools {

void RunningCall::end(SourceResult result) {
    // set() leaves the result alone when it comes too late.
    if (!early.set(std::move(result))) late.set(std::move(result));
}

void RunningCall::end_by_cancel() {
    stop.request_stop();
    end(failed(core::ToolErrorType::CancelledError, tool->spec->name + " was cancelled.", true));
}

// Ended first: a source that heeds the stop does not know why it was.
void RunningCall::end_by_cancel(const std::string& why) {
    end(failed(core::ToolErrorType::CancelledError, why, true));
    stop.request_stop();
}

void RunningCall::end_by_time_limit() {
    stop.request_stop();
    end(failed(core::ToolErrorType::TimeoutError,
               tool->spec->name + " did not finish within " + time_limit_of(*tool->spec) + ".", true));
}

}  // namespace assistd::tools
