#pragma once
// A log's messages as a reply of server-sent events. Any thread.

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "api/mcp/event_log.h"
#include "http/reply.h"

namespace assistd::api::mcp {

struct EventReply {
    std::shared_ptr<EventLog> log;
    std::int64_t after = 0;       // messages up to this one are known
    int stream = -1;              // its number, which the events' ids begin with; -1: they have none
    bool primed = false;          // begins with an id alone, for a client that loses the connection early
    std::stop_token gone;         // the client has left
    std::function<void()> begin;  // called once there is a reader
};

http::Reply event_reply(EventReply events);

// "STREAM-MESSAGE", as the events' ids are.
std::string event_id(int stream, std::int64_t message);
struct EventPlace {
    int stream = 0;
    std::int64_t message = 0;
};
std::optional<EventPlace> place_of(std::string_view event_id);

}  // namespace assistd::api::mcp
