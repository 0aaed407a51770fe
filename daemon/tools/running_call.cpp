#include "tools/running_call.h"

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
    const double seconds = static_cast<double>(tool->spec->time_limit.count()) / 1000;
    std::string text = nlohmann::json(seconds).dump();
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    end(failed(core::ToolErrorType::TimeoutError,
               tool->spec->name + " did not finish within its time limit of " + text + " s.", true));
}

}  // namespace assistd::tools
