#include "api/mcp/event_reply.h"

#include <charconv>

namespace assistd::api::mcp {
namespace {

// False once the client takes nothing more.
bool write_message(http::StreamWriter& out, const LoggedMessage& message, int stream) {
    const std::string id = stream < 0 ? "" : event_id(stream, message.number);
    return http::write_event(out, "message", message.text, id);
}

Task<void> write_events(EventReply events, std::shared_ptr<http::StreamWriter> out) {
    const int reader = events.log->begin_reading();
    if (events.begin) events.begin();
    bool alive = true;
    if (events.primed)
        alive = out->write("id: " + event_id(events.stream, events.after) + "\nretry: 1000\ndata: \n\n");
    std::int64_t last = events.after;
    while (alive) {
        const std::vector<LoggedMessage> messages = co_await events.log->next(last, reader, events.gone);
        if (messages.empty()) break;
        for (const LoggedMessage& message : messages) {
            alive = alive && write_message(*out, message, events.stream);
            if (alive) events.log->set_given(message.number);
            last = message.number;
        }
    }
    events.log->end_reading(reader);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() && number >= 0;
}

}  // namespace

http::Reply event_reply(EventReply events) {
    return http::Reply::event_stream(
        [events](std::shared_ptr<http::StreamWriter> out) { return write_events(events, std::move(out)); });
}

std::string event_id(int stream, std::int64_t message) {
    return std::to_string(stream) + "-" + std::to_string(message);
}

std::optional<EventPlace> place_of(std::string_view event_id) {
    const std::size_t dash = event_id.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    EventPlace place;
    if (!read_number(event_id.substr(0, dash), place.stream) ||
        !read_number(event_id.substr(dash + 1), place.message))
        return std::nullopt;
    return place;
}

}  // namespace assistd::api::mcp
