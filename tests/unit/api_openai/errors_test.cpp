// Errors in OpenAI's shape, whoever finds them: a handler, the router, or the framing.

#include "api/openai/errors.h"

#include "../http/support.h"
#include "api/openai/routes.h"

namespace assistd::api::openai {
namespace {

using http::Method;
using http::test::Answer;
using http::test::Client;
using http::test::request;
using http::test::TestServer;

struct Row {
    Error error;
    int status;
    const char* type;
    const char* param;
    const char* code;
};

TEST(Errors, HaveTheFourMembersWhateverTheStatus) {
    const std::vector<FieldError> of_tools = {{"tools[2].function.name", "It is wrong."}};
    const Row rows[] = {
        {{ErrorCode::invalid_request, "x"}, 400, "invalid_request_error", "", ""},
        {{ErrorCode::validation, "x", of_tools}, 400, "invalid_request_error", "tools[2].function.name", ""},
        {{ErrorCode::context_too_long, "x"}, 400, "invalid_request_error", "", "context_length_exceeded"},
        {{ErrorCode::unauthenticated, "x"}, 401, "authentication_error", "", "invalid_api_key"},
        {{ErrorCode::forbidden, "x"}, 403, "permission_error", "", "forbidden"},
        {{ErrorCode::not_found, "x"}, 404, "invalid_request_error", "", "not_found"},
        {{ErrorCode::not_found, "x", {{"model", "There is no model x."}}},
         404,
         "invalid_request_error",
         "model",
         "model_not_found"},
        {{ErrorCode::conflict, "x"}, 409, "invalid_request_error", "", "conflict"},
        {{ErrorCode::rate_limited, "x"}, 429, "rate_limit_error", "", "rate_limit_exceeded"},
        {{ErrorCode::internal, "x"}, 500, "server_error", "", ""},
        {{ErrorCode::unavailable, "x"}, 503, "server_error", "", "unavailable"},
    };
    for (const Row& row : rows) {
        const http::Reply reply = error_reply(row.error);
        EXPECT_EQ(reply.status, row.status) << row.type;
        const Json error = Json::parse(std::get<std::string>(reply.body)).at("error");
        EXPECT_EQ(error.size(), 4u);
        EXPECT_EQ(error.at("type"), row.type);
        EXPECT_EQ(error.at("param"), *row.param ? Json(row.param) : Json());
        EXPECT_EQ(error.at("code"), *row.code ? Json(row.code) : Json()) << row.type;
        EXPECT_FALSE(error.at("message").get<std::string>().empty());
    }
    EXPECT_EQ(error_body({ErrorCode::validation, "In general.", of_tools}).at("message"), "It is wrong.");
}

TEST(Errors, AskClientsNotToRepeatAConflict) {
    const auto headers = error_reply({ErrorCode::conflict, "x"}).headers;
    EXPECT_NE(std::find(headers.begin(), headers.end(),
                        std::pair<std::string, std::string>("x-should-retry", "false")),
              headers.end());
}

Task<http::Reply> answer(http::Request) {
    co_return http::Reply::json("{}");
}

http::Router router() {
    http::Router router = http::test::small_router();
    add_route(router, Method::post, "/threads", answer, {.max_body = 100});
    add_route(router, Method::get, "/threads/{thread}", answer);
    add_error_shape(router);
    return router;
}

// The "error" of an answer in OpenAI's shape; null when it has another.
Json error_in(const Answer& answer) {
    const Json body = Json::parse(answer.body, nullptr, false);
    if (!body.is_object() || !body.contains("error") || !body["error"].contains("param")) return nullptr;
    return body["error"];
}

TEST(Errors, OfTheRouterHaveTheShapeBelowV1) {
    TestServer server(router());
    Client client(server.port());
    const Answer unknown = client.ask(request("GET", "/v1/nothing", "X-Request-ID: mine\r\n"));
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(error_in(unknown).value("code", ""), "not_found");
    EXPECT_EQ(unknown.header("X-Request-ID"), "mine");
    const Answer method = client.ask(request("PUT", "/v1/threads"));
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.header("Allow"), "POST, OPTIONS");
    EXPECT_EQ(error_in(method).value("type", ""), "invalid_request_error");
    const Answer large = Client(server.port()).ask(request("POST", "/v1/threads", {}, std::string(101, ' ')));
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(error_in(large).value("code", ""), "payload_too_large");
    const Answer elsewhere = client.ask(request("GET", "/nothing"));
    EXPECT_EQ(elsewhere.status, 404);
    EXPECT_TRUE(error_in(elsewhere).is_null());
}

TEST(Errors, OfABrokenHeadHaveTheShapeBelowV1) {
    TestServer server(router());
    const std::string long_line(20'000, 'x');
    for (const std::string& bytes :
         {"GET /v1/threads/a HTTP/1.1\r\nHost: localhost\r\nX-Long: " + long_line + "\r\n\r\n",
          "GET /v1/threads?" + long_line.substr(0, 5'000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
          std::string("GET /v1/threads/a HTTP/1.1\r\nno colon\r\n\r\n"),
          std::string("POST /v1/threads HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
          std::string("BREW /v1/threads HTTP/1.1\r\nHost: a\r\n\r\n")}) {
        const Answer refused = Client(server.port()).ask(bytes);
        EXPECT_GE(refused.status, 400) << bytes.substr(0, 60);
        EXPECT_FALSE(error_in(refused).is_null()) << refused.body;
    }
    EXPECT_TRUE(error_in(Client(server.port()).ask("GET /api HTTP/1.1\r\nno colon\r\n\r\n")).is_null());
    EXPECT_TRUE(error_in(Client(server.port()).ask("\x16\x03\x01 /v1/threads\r\n\r\n")).is_null());
}

TEST(Routes, RefuseTheFirstVersionOfTheAssistantsApi) {
    TestServer server(router());
    Client client(server.port());
    for (const char* header : {"", "OpenAI-Beta: assistants=v2\r\n", "OpenAI-Beta: realtime=v1\r\n"})
        EXPECT_EQ(client.ask(request("GET", "/v1/threads/a", header)).status, 200) << header;
    for (const char* header : {"OpenAI-Beta: assistants=v1\r\n", "openai-beta: other=1, Assistants=v1\r\n"}) {
        const Answer refused = client.ask(request("GET", "/v1/threads/a", header));
        EXPECT_EQ(refused.status, 400);
        EXPECT_EQ(error_in(refused).value("param", ""), "OpenAI-Beta");
    }
}

}  // namespace
}  // namespace assistd::api::openai
