#include "api/chatkit/door.h"

#include <array>

#include "api/openai/errors.h"

namespace assistd::api::chatkit {
namespace {

constexpr std::int64_t largest_request = 4 << 20;
constexpr std::int64_t largest_upload = (512LL << 20) + (1 << 20);  // with what stands around the file

// What is wrong with a request is told before any stream begins, and as 400.
http::Reply render_error(const Error& error, std::string_view request_id) {
    http::Reply reply = http::error_reply(error, request_id);
    if (error.code() == ErrorCode::validation) reply.status = 400;
    return reply;
}

}  // namespace

Door::Door(const Services& services, DoorOptions options, core::WhyShutOut shut_out)
    : services_(services), options_(options), shut_out_(std::move(shut_out)) {}

void Door::add_routes(http::Router& router) {
    using enum http::Method;
    router.render_errors_below("/api/v1/chatkit", render_error);
    router.add(post, "/api/v1/chatkit", [this](http::Request request) { return answer(std::move(request)); },
               {.max_body = largest_request, .waits_soon = true});
    const http::RouteOptions upload_form{.max_body = largest_upload, .form_file = "file"};
    router.add(
        post, "/api/v1/chatkit/attachments",
        [this](http::Request request) { return upload(std::move(request), std::nullopt); }, upload_form);
    router.add(
        post, "/api/v1/chatkit/attachments/{attachment}",
        [this](http::Request request) {
            const auto id = ArtifactId::parse(request.path_value("attachment"), prefix::attachment);
            return upload(std::move(request), id.value_or(ArtifactId()));
        },
        upload_form);
    // Its address alone lets in: see preview_addresses.h.
    router.add(get, "/api/v1/chatkit/attachments/{attachment}/preview",
               [this](http::Request request) { return preview(std::move(request)); },
               {.needs = http::Needs::nothing});
    add_session_routes(router);
}

Task<http::Reply> Door::answer(http::Request request) {
    struct Type {
        std::string_view name;
        Handler handler;
    };
    static constexpr std::array types{
        Type{"threads.create", &Door::create_thread},
        Type{"threads.add_user_message", &Door::add_user_message},
        Type{"threads.add_client_tool_output", &Door::add_client_tool_output},
        Type{"threads.add_structured_input", &Door::add_structured_input},
        Type{"threads.retry_after_item", &Door::retry_after_item},
        Type{"threads.custom_action", &Door::custom_action},
        Type{"threads.sync_custom_action", &Door::sync_custom_action},
        Type{"threads.get_by_id", &Door::get_thread},
        Type{"threads.list", &Door::list_threads},
        Type{"threads.update", &Door::change_thread},
        Type{"threads.delete", &Door::delete_thread},
        Type{"items.list", &Door::list_items},
        Type{"items.feedback", &Door::give_feedback},
        Type{"attachments.create", &Door::create_attachment},
        Type{"attachments.delete", &Door::delete_attachment},
        Type{"input.transcribe", &Door::transcribe},
    };
    const Json json = openai::read_body(request);
    const openai::Fields body(json);
    const std::string type = body.required_text("type", 100);
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const Type& one) { return one.name == type; });
    if (found == types.end()) openai::refuse("type", "There is no request of the type \"" + type + "\".");
    body.required("params");
    Call call{request, *body.object("params"), setting_of(request)};
    co_return co_await (this->*found->handler)(std::move(call));
}

// As the client reached the daemon, through whatever stands in front of it.
Setting Door::setting_of(const http::Request& request) const {
    const std::string scheme = request.header("X-Forwarded-Proto").value_or("http");
    const std::string origin =
        (scheme == "https" ? "https://" : "http://") + request.header("Host").value_or("localhost");
    const auto preview = [this, origin, user = request.user, at = now()](ArtifactId picture) {
        return origin + previews_.of(user, picture, at);
    };
    return {origin, services_.tools.all(), preview};
}

Task<core::Conversation> Door::thread_in(const Call& call) {
    const std::string given = call.params.required_text("thread_id", 100);
    const auto id = ConversationId::parse(given, prefix::thread);
    std::optional<core::Conversation> thread;
    try {
        if (id) thread = co_await services_.store.conversation(call.request.user, *id);
    } catch (const Error& error) {
        // The store speaks of conversations.
        if (error.code() != ErrorCode::not_found) throw;
    }
    if (!thread) throw Error(ErrorCode::not_found, "There is no thread \"" + given + "\".");
    co_return std::move(*thread);
}

}  // namespace assistd::api::chatkit
