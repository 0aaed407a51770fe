#pragma once
// The Model Context Protocol at /mcp: the daemon's tools and artifacts for other people's programs, in both
// kinds of revisions (revision.h). It renders calls of the core, no more. Owned by app/, which tells it of
// changed tools; lives as long as the server; any thread.

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "api/mcp/backend.h"
#include "api/mcp/call.h"
#include "api/mcp/listeners.h"
#include "api/mcp/open_questions.h"
#include "api/mcp/session.h"
#include "api/mcp/wire.h"
#include "base/live.h"
#include "http/router.h"

namespace assistd::api::mcp {

struct DoorOptions {
    std::chrono::seconds approval_timeout{3'600};  // for a person
    SessionLimits sessions;
};

class Door {
  public:
    // Calls run on strands of `executor`.
    Door(Backend backend, Executor executor, DoorOptions options = {});
    ~Door();

    void add_routes(http::Router& router);
    void tools_changed();
    // Of the calls from now on.
    void change(std::chrono::seconds approval_timeout) { approval_timeout_.replace(approval_timeout); }
    // Ends every call, stream and session; what is asked later is refused.
    void stop();

  private:
    Task<http::Reply> post(http::Request request);
    Task<http::Reply> get(http::Request request);
    Task<http::Reply> remove(http::Request request);

    // door_legacy.cpp
    Task<http::Reply> legacy(http::Request request, Message message);
    http::Reply initialize(const http::Request& request, const Message& message);
    std::shared_ptr<Session> session_of(const http::Request& request);
    http::Reply call_in_session(const http::Request& request, const Message& message,
                                const std::shared_ptr<Session>& session);
    http::Reply general_stream(const http::Request& request, const std::shared_ptr<Session>& session);
    http::Reply resumed_stream(const http::Request& request, const std::shared_ptr<Session>& session,
                               const std::string& last_event);

    // door_modern.cpp
    Task<http::Reply> modern(http::Request request, Message message);
    http::Reply modern_call(const http::Request& request, const Message& message);
    http::Reply listen(const http::Request& request, const Message& message);

    // What both kinds of tools/call have. Throws RpcError for a tool that there is not.
    CallRequest read_call(const http::Request& request, const Message& message) const;
    // Who leaves it may come back for so long.
    std::shared_ptr<Call> make_call(CallRequest request, std::chrono::seconds grace);

    const Backend backend_;
    const Executor executor_;
    Live<std::chrono::seconds> approval_timeout_;
    Sessions sessions_;
    OpenQuestions questions_;
    Listeners listeners_;
    std::mutex mutex_;
    std::vector<std::weak_ptr<Call>> calls_;
    std::atomic<bool> stopping_{false};
};

// Who left must come back within this time, or what they called is stopped.
inline constexpr std::chrono::seconds time_to_come_back{30};

}  // namespace assistd::api::mcp
