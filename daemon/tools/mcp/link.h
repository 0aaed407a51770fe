#pragma once
// A connection to one MCP server, over whatever carries the messages: asks, waits for the replies, answers
// the little that servers may ask a client that offers nothing, and passes on what changed. Made by a
// RemoteServer, shared with the coroutines that use it; any thread. Coroutines that await run on a strand.

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/async.h"
#include "core/tool.h"
#include "tools/mcp/message.h"

namespace assistd::tools::mcp {

enum class Fault {
    refused,       // the server answered with an error
    timeout,       // one of the limits
    cancelled,     // the caller wants it no more
    gone,          // there is no server at the other end, or not any more
    crashed,       // its process ended by itself, or had to be ended
    left_alone,    // it was not asked, since it kept crashing
    session_lost,  // it knows our session no more; nothing was done
    unauthorized,  // it does not accept the key
    itself,        // it is this very daemon
    broken,        // what it sent is no MCP
};

// Whether trying again soon is of no use.
constexpr bool wants_a_person(Fault fault) {
    return fault == Fault::unauthorized || fault == Fault::itself;
}

// what() is what follows "The MCP server NAME": "was silent for 60 s", or, with the server's own words
// quoted, "answers with an error: \"No.\"". with_full_stop() ends the sentence.
class McpError : public std::runtime_error {
  public:
    McpError(Fault what_kind, const std::string& clause) : std::runtime_error(clause), fault(what_kind) {}
    Fault fault;
    int code = 0;  // of a refusal
    Json data;     // so too
    int http_status = 0;
};

// The server's own error: `text` is what it said of it.
McpError refusal_of(const std::string& text);

// The revision of the protocol that both sides speak.
struct Era {
    bool modern = false;  // from 2026-07-28 on there is no session, and each request says everything
    std::string version;
};

struct Limits {
    std::chrono::milliseconds idle{60'000};  // without a reply and without progress
    std::chrono::milliseconds total{60'000};
};

struct Ask {
    std::string method;
    Json params = Json::object();
    Limits limits;
    core::ProgressSink progress;  // may be empty: none is wanted
    std::stop_token stop;
    std::vector<std::string> headers;  // "Name: value", of HTTP
    std::optional<Era> era;            // instead of the link's own
};

// Called on the link's strand.
struct LinkEvents {
    std::function<void(const std::string& method, const Json& params)> notified;
    std::function<void(const McpError& why)> ended;  // once, and not when it was closed by us
};

class Link : public std::enable_shared_from_this<Link> {
  public:
    virtual ~Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // The result. Throws McpError.
    Task<Json> ask(Ask ask);
    // Returns when it is on its way. Throws McpError.
    virtual Task<void> tell(std::string method, Json params) = 0;

    // What was agreed on: goes into every later request.
    void use(Era era);
    Era era() const;
    // Opens what notifications come by, where that is something of its own.
    virtual void listen() {}
    // Ends it; returns when nothing of it is left, or somebody else has begun that. `why` is what those are
    // told who still wait for an answer; nothing: that the daemon wanted it.
    Task<void> close(std::optional<McpError> why = std::nullopt);

  protected:
    using Clock = std::chrono::steady_clock;
    struct Outcome {
        Json result;
        std::optional<McpError> error;
    };
    struct Pending {
        OneShot<Outcome> done;
        std::atomic<Clock::time_point> last_heard{Clock::now()};
        core::ProgressSink progress;
    };
    struct Outgoing {
        std::optional<std::int64_t> id;  // of a request
        std::string method;              // empty: a reply
        std::string text;
        std::vector<std::string> headers;
        Limits limits;
        Era era;
    };

    explicit Link(LinkEvents events) : events_(std::move(events)) {}

    // Begins to send. A failure is told to whoever waits for the reply.
    virtual void send(Outgoing outgoing) = 0;
    virtual Task<void> do_close() = 0;
    // Nobody waits for that reply any more, which may still come.
    virtual void forget(std::int64_t id, const std::string& method) = 0;

    // What came. False: that was no message.
    bool take(std::string_view text);
    void fail(std::int64_t id, const McpError& error);
    bool is_pending(std::int64_t id) const;
    std::optional<McpError> why_closed() const;
    // Nothing can be asked from now on.
    void end(const McpError& error, bool tell_of_it);

    const LinkEvents events_;

  private:
    std::int64_t add(const std::shared_ptr<Pending>& pending);
    void take_one(const Incoming& message);
    void answer(const Incoming& request);
    void report(const Json& params);
    std::shared_ptr<Pending> find(const Json& id, bool remove);

    mutable std::mutex mutex_;
    std::map<std::int64_t, std::shared_ptr<Pending>> pending_;
    std::int64_t last_id_ = 0;
    std::optional<McpError> ended_, why_closed_;
    Era era_;
    std::atomic<bool> closing_ = false;
};

}  // namespace assistd::tools::mcp
