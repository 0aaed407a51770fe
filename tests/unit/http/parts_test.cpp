// The small parts that have no socket: decoding, routes, replies as values.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/chunked_decoder.h"
#include "http/gzip.h"
#include "http/percent.h"
#include "http/route_table.h"
#include "support.h"

namespace assistd::http::test {
namespace {

TEST(Percent, DecodesAndRefuses) {
    EXPECT_EQ(percent_decode("a%20b+c", false), "a b+c");
    EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
    EXPECT_EQ(percent_decode("%e2%82%AC", false), "\u20ac");
    for (const char* wrong : {"%", "%1", "%g0", "%00", "%80", "%c0%80", "%ed%a0%80", "%f4%90%80%80"})
        EXPECT_FALSE(percent_decode(wrong, false)) << wrong;
}

TEST(Percent, EncodingHasOneForm) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode("a/b:c*?\u00e4"), "a%2Fb%3Ac%2A%3F%C3%A4");
}

TEST(ChunkedDecoder, GivesTheSameBodyHoweverItIsCut) {
    const std::string coded = "5;x=y\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nnext";
    for (std::size_t piece = 1; piece <= coded.size(); ++piece) {
        ChunkedDecoder decoder;
        std::string body;
        std::string rest;
        for (std::size_t at = 0; at < coded.size(); at += piece) {
            std::string_view bytes = std::string_view(coded).substr(at, piece);
            while (!bytes.empty() && !decoder.done()) body += decoder.take(bytes);
            rest += bytes;
        }
        EXPECT_TRUE(decoder.done());
        EXPECT_EQ(body, "hello 0123456789");
        EXPECT_EQ(rest, "next");
    }
}

Router routes_of(std::vector<std::pair<Method, std::string>> patterns) {
    Router router;
    for (auto& [method, pattern] : patterns) router.add(method, pattern, hello);
    return router;
}

std::string found(const RouteTable& table, Method method, std::string_view path) {
    const auto* entry = table.find(method, parse_target(path));
    return entry == nullptr ? "" : entry->route.pattern;
}

TEST(RouteTable, PrefersLiteralsAndGoesBackWhenTheyLeadNowhere) {
    const RouteTable table(routes_of({{Method::get, "/"},
                                      {Method::get, "/a/{id}"},
                                      {Method::get, "/a/new"},
                                      {Method::get, "/a/{other}/b"},
                                      {Method::post, "/a/{id}/c"},
                                      {Method::get, "/a/new/d/{x}/e"}}));
    EXPECT_EQ(found(table, Method::get, "/"), "/");
    EXPECT_EQ(found(table, Method::get, "///"), "/");
    EXPECT_EQ(found(table, Method::get, "/a/new"), "/a/new");
    EXPECT_EQ(found(table, Method::get, "/a/old"), "/a/{id}");
    EXPECT_EQ(found(table, Method::get, "/a/new/b"), "/a/{other}/b");
    EXPECT_EQ(found(table, Method::get, "/a/new/d/1/e"), "/a/new/d/{x}/e");
    EXPECT_EQ(found(table, Method::get, "/a/old/d/1/e"), "");
    EXPECT_EQ(found(table, Method::get, "/a"), "");
    EXPECT_EQ(found(table, Method::get, "/a/x%2Fb"), "/a/{id}");
    EXPECT_EQ(found(table, Method::post, "/a/old/c"), "/a/{id}/c");
    EXPECT_EQ(found(table, Method::head, "/a/old"), "/a/{id}");
    EXPECT_EQ(table.allowed_methods(parse_target("/a/1/c")), "POST, OPTIONS");
    EXPECT_EQ(table.allowed_methods(parse_target("/a/1")), "GET, HEAD, OPTIONS");
    EXPECT_EQ(table.allowed_methods(parse_target("/nothing")), "");
}

TEST(RouteTable, WithoutAnyRouteFindsNothing) {
    const RouteTable table{Router()};
    EXPECT_EQ(found(table, Method::get, "/"), "");
    EXPECT_EQ(found(table, Method::options, "/a"), "");
}

TEST(Router, RefusesTheSameShapeTwice) {
    Router router;
    router.add(Method::get, "/a/{id}", hello);
    router.add(Method::post, "/a/{id}", hello);
    EXPECT_THROW(router.add(Method::get, "/a/{name}/", hello), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "a", hello), std::logic_error);
}

TEST(RouteTable, TheLongestPrefixRendersErrors) {
    Router router;
    const auto say = [](const char* text) {
        return [text](const Error&, std::string_view) { return Reply::text(text, "text/plain", 404); };
    };
    router.render_errors_below("/v1", say("v1"));
    router.render_errors_below("/v1/threads/", say("threads"));
    const RouteTable table(std::move(router));
    const auto rendered = [&](std::string_view path) {
        const Reply reply = table.render(Error(ErrorCode::not_found, "No."), path, "id");
        return std::get<std::string>(reply.body);
    };
    EXPECT_EQ(rendered("/v1"), "v1");
    EXPECT_EQ(rendered("/v1/threadsx"), "v1");
    EXPECT_EQ(rendered("/v1/threads/1"), "threads");
    EXPECT_TRUE(rendered("/v1x").starts_with(R"({"error")"));
}

TEST(ErrorReply, HasTheShapeOfTheTable) {
    const Error error(ErrorCode::validation, "Two fields are wrong.",
                      {{"limit", "It is too large."}, {"a.b", "No."}});
    const Reply reply = error_reply(error, "req_1");
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(std::get<std::string>(reply.body),
              R"({"error":{"type":"validation_error","code":"validation","message":"Two fields are wrong.",)"
              R"("details":[{"field":"limit","message":"It is too large."},{"field":"a.b","message":"No."}],)"
              R"("request_id":"req_1"}})");
}

TEST(ErrorReply, SaysWhenToRetryAndNothingOfTheInside) {
    Error limited(ErrorCode::rate_limited, "Too many.");
    limited.with_retry_after(std::chrono::seconds(7));
    EXPECT_EQ(error_reply(limited, "r").headers.back(),
              (std::pair<std::string, std::string>("Retry-After", "7")));
    EXPECT_EQ(error_reply(Error(ErrorCode::unavailable, "Busy."), "r").headers.back().first, "Retry-After");
    const Reply internal = error_reply(Error(ErrorCode::internal, "password=1"), "r");
    EXPECT_EQ(internal.status, 500);
    EXPECT_EQ(std::get<std::string>(internal.body).find("password"), std::string::npos);
    const Reply odd = error_reply(Error(ErrorCode::not_found, "No \xff here."), "r");
    EXPECT_TRUE(nlohmann::json::accept(std::get<std::string>(odd.body)));
}

struct Collector : StreamWriter {
    bool write(std::string_view bytes) override {
        text += bytes;
        return true;
    }
    bool alive() const override { return true; }
    std::string text;
};

TEST(Events, HaveAFieldForEachLine) {
    Collector out;
    write_event(out, "message.delta", "one\ntwo\r\n\rend", "7");
    write_event(out, "", "");
    EXPECT_EQ(out.text,
              "id: 7\nevent: message.delta\ndata: one\ndata: two\ndata: \ndata: end\n\n"
              "data: \n\n");
}

TEST(Gzip, IsTakenAsTheClientSays) {
    EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
    EXPECT_TRUE(accepts_gzip("br;q=1.0, GZIP;q=0.5"));
    EXPECT_TRUE(accepts_gzip("*"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("*, gzip;q=0.0"));
    EXPECT_FALSE(accepts_gzip("identity"));
    EXPECT_FALSE(accepts_gzip("gzipped"));
    EXPECT_TRUE(worth_gzip("application/json; charset=utf-8", 2000));
    EXPECT_FALSE(worth_gzip("application/json", 1024));
    EXPECT_FALSE(worth_gzip("image/png", 100000));
    EXPECT_FALSE(worth_gzip("text/event-stream", 100000));
}

}  // namespace
}  // namespace assistd::http::test
