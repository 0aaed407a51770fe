#include "api/assistants/routes.h"

#include "api/assistants/handlers.h"
#include "api/openai/routes.h"

namespace assistd::api::assistants {
namespace {

constexpr std::int64_t messages_body = 32 << 20;  // pictures may come along
constexpr std::int64_t assistant_body = 4 << 20;  // instructions and schemas of 128 tools

}  // namespace

void add_routes(http::Router& router, const Services& services) {
    using enum http::Method;
    const auto route = [&](http::Method method, const std::string& path,
                           Task<Reply> (*handler)(const Services&, Request),
                           http::RouteOptions options = {}) {
        openai::add_route(
            router, method, path,
            [&services, handler](Request request) { return handler(services, std::move(request)); }, options);
    };

    route(post, "/assistants", create_assistant, {.max_body = assistant_body});
    route(get, "/assistants", list_assistants);
    route(get, "/assistants/{assistant}", show_assistant);
    route(post, "/assistants/{assistant}", change_assistant, {.max_body = assistant_body});
    route(del, "/assistants/{assistant}", delete_assistant);

    route(post, "/threads", create_thread, {.max_body = messages_body});
    route(get, "/threads/{thread}", show_thread);
    route(post, "/threads/{thread}", change_thread);
    route(del, "/threads/{thread}", delete_thread);

    route(post, "/threads/{thread}/messages", create_message, {.max_body = messages_body});
    route(get, "/threads/{thread}/messages", list_messages);
    route(get, "/threads/{thread}/messages/{message}", show_message);
    route(post, "/threads/{thread}/messages/{message}", change_message);
    route(del, "/threads/{thread}/messages/{message}", delete_message);
}

}  // namespace assistd::api::assistants
