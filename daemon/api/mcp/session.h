#pragma once
// What is kept of clients that speak a revision with a handshake: who they are, what they are asked, the
// calls that they may still cancel, and the streams that they may come back to. Owned by the door; any
// thread.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "api/mcp/event_log.h"
#include "api/mcp/wire.h"
#include "core/conversation.h"

namespace assistd::api::mcp {

class Session {
  public:
    Session(core::Owner owner, std::string revision, bool can_elicit);

    const std::string& id() const { return id_; }
    const core::Owner& owner() const { return owner_; }
    const std::string& revision() const { return revision_; }
    bool can_elicit() const { return can_elicit_; }

    std::string log_level() const;
    void set_log_level(std::string level);

    // A request that runs, by its id in JSON. False when one of that id runs already.
    bool begin(const std::string& request, std::stop_source stop);
    void finish(const std::string& request);
    void cancel(const std::string& request);

    // Streams by number; that of the messages that belong to no request is 0.
    std::shared_ptr<EventLog> stream(int number) const;  // null: there is none, or none any more
    int add_stream(std::shared_ptr<EventLog> log);

    // A question to the client: under which id, and its answer, which is nothing when the session ends.
    struct Question {
        std::string id;
        OneShot<std::optional<Json>> answer;
    };
    Question ask();
    void forget(const std::string& question);
    void answer(const Json& id, Json result);

    // The client has been told of the tools of this version.
    void knows_tools(std::uint64_t version);
    // Tells the client that there are others now, unless it is about to be told already.
    void tools_changed(std::uint64_t version);

    void end();  // its calls are stopped, and with them their streams end; the general one does at once
    void touch();
    // Since when nobody has asked for anything and nothing has run; nothing while something does.
    std::optional<std::chrono::steady_clock::time_point> idle_since() const;

  private:
    const std::string id_;
    const core::Owner owner_;
    const std::string revision_;
    const bool can_elicit_;
    mutable std::mutex mutex_;
    std::string log_level_;
    std::map<std::string, std::stop_source> running_;
    std::map<int, std::shared_ptr<EventLog>> streams_;
    std::map<std::string, OneShot<std::optional<Json>>> questions_;
    int last_stream_ = 0;
    int last_question_ = 0;
    std::uint64_t told_version_ = 0;
    std::chrono::steady_clock::time_point touched_ = std::chrono::steady_clock::now();
};

struct SessionLimits {
    std::size_t of_one_user = 64;  // then the one that is idle longest goes
    std::chrono::minutes idle{60};
};

class Sessions {
  public:
    explicit Sessions(SessionLimits limits = {}) : limits_(limits) {}

    // Throws RpcError when the user has too many that are all in use.
    std::shared_ptr<Session> add(core::Owner owner, std::string revision, bool can_elicit);
    // Null when there is none of that user.
    std::shared_ptr<Session> find(const core::Owner& owner, const std::string& id);
    void remove(const std::shared_ptr<Session>& session);
    std::vector<std::shared_ptr<Session>> all() const;
    void end_all();

  private:
    std::vector<std::shared_ptr<Session>> take_expired();
    std::shared_ptr<Session> take_idlest(const core::Owner& owner);

    const SessionLimits limits_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Session>> sessions_;
};

}  // namespace assistd::api::mcp
