#include "api/openai/errors.h"

namespace assistd::api::openai {
namespace {

std::string_view type_of(int status) {
    switch (status) {
        case 401:
            return "authentication_error";
        case 403:
            return "permission_error";
        case 429:
            return "rate_limit_error";
        default:
            return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

Json code_of(const Error& error) {
    switch (error.code()) {
        case ErrorCode::invalid_request:
        case ErrorCode::validation:
        case ErrorCode::internal:
            return nullptr;
        case ErrorCode::unauthenticated:
            return "invalid_api_key";
        case ErrorCode::rate_limited:
            return "rate_limit_exceeded";
        case ErrorCode::context_too_long:
            return "context_length_exceeded";
        case ErrorCode::not_found:
            return error.fields().empty() ? "not_found" : error.fields().front().field + "_not_found";
        default:
            return std::string(name_of(error.code()));
    }
}

// One sentence for everything: clients show nothing else.
std::string message_of(const Error& error) {
    if (error.code() == ErrorCode::internal)
        return "Something went wrong inside the server. Its log has the details under this request's "
               "x-request-id.";
    if (error.fields().empty()) return error.what();
    const std::string& sentence = error.fields().front().message;
    return sentence.empty() ? error.what() : sentence;
}

}  // namespace

int status_of(const Error& error) {
    const bool of_fields =
        error.code() == ErrorCode::validation || error.code() == ErrorCode::context_too_long;
    return of_fields ? 400 : assistd::status_of(error.code());
}

Json error_body(const Error& error) {
    return {{"message", message_of(error)},
            {"type", type_of(status_of(error))},
            {"param", error.fields().empty() ? Json() : Json(error.fields().front().field)},
            {"code", code_of(error)}};
}

http::Reply error_reply(const Error& error) {
    const int status = status_of(error);
    const Json body = {{"error", error_body(error)}};
    http::Reply reply = json_reply(body, status);
    // The openai packages would ask again, and get the same answer; they wait for a minute at most.
    if (status == 409 || error.retry_after() > std::chrono::minutes(1)) reply.with("x-should-retry", "false");
    http::add_retry_after(reply, error);
    return reply;
}

void add_error_shape(http::Router& router) {
    router.render_errors_below("/v1",
                               [](const Error& error, std::string_view) { return error_reply(error); });
}

void refuse(const std::string& field, const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence, {{field, sentence}});
}

}  // namespace assistd::api::openai
