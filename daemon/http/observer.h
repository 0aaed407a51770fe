#pragma once
// Who is told of every request when it arrives and when it was answered: for the log, the metrics and traces.
// The server has at most one. Called from any thread, also while a connection is locked: each call is quick
// and does not come back to the server. Outlives it.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/activity.h"
#include "http/request.h"

namespace assistd::http {

// One request, from its head on.
struct RequestNote {
    std::shared_ptr<Activity> activity;  // never null
    SpanId span = 0;                     // of the request itself, while its trace is there
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::optional<Method> method;  // nothing: its head was none
    std::string_view route;        // the pattern; empty: there is none for it
    std::string path;              // as it was asked, decoded
    std::string peer;
    std::string user;  // empty: nobody's in particular
};

struct Outcome {
    int status = 0;
    std::int64_t bytes = 0;  // of the body, as it was sent
    bool streamed = false;
    bool delivered = true;  // false: the client had left
};

class Observer {
  public:
    virtual ~Observer() = default;
    // May begin a trace, and says where the request's spans go.
    virtual void arrived(Activity&) {}
    virtual void answered(const RequestNote&, const Outcome&) {}
};

}  // namespace assistd::http
