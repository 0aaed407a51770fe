// What is sent: heads, HEAD, compression, files, errors and request ids.

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "support.h"

namespace assistd::http::test {
namespace {

std::string json_text() {
    std::string text = "[";
    for (int i = 0; i < 500; ++i) text += std::to_string(i) + ",";
    return text + "0]";
}

Task<Reply> long_json(Request) {
    Reply reply = Reply::json(json_text());
    reply.with("ETag", "\"tag\"");
    co_return reply;
}
Task<Reply> picture(Request) {
    co_return Reply::text(std::string(5000, 'p'), "image/png");
}
Task<Reply> throw_error(Request request) {
    const std::string what = request.path_value("what");
    if (what == "conflict") throw Error(ErrorCode::conflict, "It is in use.");
    if (what == "internal") throw Error(ErrorCode::internal, "secret");
    if (what == "std") throw std::runtime_error("secret");
    if (what == "int") throw 42;
    throw Error(ErrorCode::rate_limited, "Too many.").with_retry_after(std::chrono::seconds(9));
}
Task<Reply> odd_headers(Request) {
    Reply reply = Reply::text("x", "text/plain");
    reply.with("Content-Disposition", "attachment; filename=\"a\r\nX-Evil: 1\"")
        .with("Content-Length", "999")
        .with("Transfer-Encoding", "chunked")
        .with("Bad Name", "1");
    co_return reply;
}
Task<Reply> nothing(Request) {
    co_return Reply::empty();
}
Task<Reply> not_modified(Request) {
    Reply reply = Reply::text("not sent", "text/plain", 304);
    co_return reply;
}

std::shared_ptr<UniqueFd> numbered_file() {
    std::string name = "/tmp/assistd-http-XXXXXX";
    auto file = std::make_shared<UniqueFd>(::mkstemp(name.data()));
    ::unlink(name.c_str());
    std::string text;
    for (int i = 0; i < 1'000'000; ++i) {
        text += fmt::format("{:07}\n", i);
    }
    if (::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) file->reset();
    return file;
}

Task<Reply> part_of(std::shared_ptr<UniqueFd> file, Request request) {
    const FileBody body{file, std::stoll(*request.query_value("offset")),
                        std::stoll(*request.query_value("length"))};
    co_return Reply::file(body, "text/plain");
}

Router router() {
    Router router = small_router();
    router.add(Method::get, "/json", long_json);
    router.add(Method::get, "/picture", picture);
    router.add(Method::get, "/throw/{what}", throw_error);
    router.add(Method::get, "/v1/throw/{what}", throw_error);
    router.add(Method::get, "/odd", odd_headers);
    router.add(Method::get, "/nothing-inside", nothing);
    router.add(Method::get, "/not-modified", not_modified);
    const auto file = numbered_file();
    router.add(Method::get, "/file", [file](Request request) { return part_of(file, std::move(request)); });
    router.render_errors_below("/v1", [](const Error& error, std::string_view id) {
        return Reply::json(
            std::string("{\"v1\":\"") + error.what() + "\",\"id\":\"" + std::string(id) + "\"}",
            status_of(error.code()));
    });
    return router;
}

std::string unpacked(std::string_view packed) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string text(1 << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const int result = inflate(&stream, Z_FINISH);
    text.resize(result == Z_STREAM_END ? stream.total_out : 0);
    inflateEnd(&stream);
    return text;
}

TEST(Replies, CarryDateAndLength) {
    TestServer server(router());
    const Answer answer = Client(server.port()).ask(request("GET", "/hello"));
    EXPECT_EQ(answer.header("Content-Length"), "17");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    std::tm parsed{};
    EXPECT_NE(::strptime(answer.header("Date").c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parsed), nullptr);
    EXPECT_LE(std::abs(std::difftime(::timegm(&parsed), std::time(nullptr))), 2);
    EXPECT_FALSE(answer.has("Connection"));
}

TEST(Replies, ToHeadHaveTheHeadOfGet) {
    TestServer server(router());
    Client client(server.port());
    for (const char* path :
         {"/hello", "/json", "/file?offset=5&length=1000000", "/nothing-inside", "/throw/conflict"}) {
        const Answer get = client.ask(request("GET", path));
        const Answer head = client.ask(request("HEAD", path), true);
        EXPECT_EQ(head.status, get.status);
        EXPECT_EQ(head.header("Content-Length"), get.header("Content-Length"));
        EXPECT_EQ(head.header("Content-Type"), get.header("Content-Type"));
    }
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Replies, WithoutABodyHaveNone) {
    TestServer server(router());
    Client client(server.port());
    const Answer empty = client.ask(request("GET", "/nothing-inside"));
    EXPECT_EQ(empty.status, 204);
    EXPECT_FALSE(empty.has("Content-Length"));
    EXPECT_EQ(client.ask(request("GET", "/not-modified")).status, 304);
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Replies, AreCompressedWhenAskedAndWorthIt) {
    TestServer server(router());
    Client client(server.port());
    const Answer plain = client.ask(request("GET", "/json"));
    EXPECT_EQ(plain.body, json_text());
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain.header("ETag"), "\"tag\"");
    const std::string accept = "Accept-Encoding: gzip\r\n";
    const Answer packed = client.ask(request("GET", "/json", accept));
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.header("ETag"), "W/\"tag\"");
    EXPECT_LT(packed.body.size(), json_text().size());
    EXPECT_EQ(unpacked(packed.body), json_text());
    EXPECT_FALSE(client.ask(request("GET", "/hello", accept)).has("Content-Encoding"));
    EXPECT_FALSE(client.ask(request("GET", "/picture", accept)).has("Content-Encoding"));
    EXPECT_FALSE(
        client.ask(request("GET", "/json", "Accept-Encoding: gzip;q=0\r\n")).has("Content-Encoding"));
}

TEST(Replies, HeadersOfAHandlerCannotBreakTheHead) {
    TestServer server(router());
    Client client(server.port());
    const Answer answer = client.ask(request("GET", "/odd"));
    EXPECT_EQ(answer.body, "x");
    EXPECT_EQ(answer.header("Content-Length"), "1");
    EXPECT_FALSE(answer.has("X-Evil"));
    EXPECT_FALSE(answer.has("Transfer-Encoding"));
    EXPECT_FALSE(answer.has("Bad Name"));
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Errors, OfHandlersBecomeTheirReply) {
    TestServer server(router());
    Client client(server.port());
    const Answer conflict = client.ask(request("GET", "/throw/conflict", "X-Correlation-ID: abc\r\n"));
    EXPECT_EQ(conflict.status, 409);
    EXPECT_EQ(conflict.header("X-Request-ID"), "abc");
    EXPECT_EQ(nlohmann::json::parse(conflict.body)["error"], (nlohmann::json{{"type", "conflict_error"},
                                                                             {"code", "conflict"},
                                                                             {"message", "It is in use."},
                                                                             {"request_id", "abc"}}));
    const Answer limited = client.ask(request("GET", "/throw/limit"));
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.header("Retry-After"), "9");
    for (const char* what : {"internal", "std", "int"})
        for (const char* prefix : {"/throw/", "/v1/throw/"}) {
            const Answer answer = client.ask(request("GET", std::string(prefix) + what));
            EXPECT_EQ(answer.status, 500);
            EXPECT_EQ(answer.body.find("secret"), std::string::npos);
        }
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Errors, BelowAPrefixHaveTheShapeOfTheirDoor) {
    TestServer server(router());
    Client client(server.port());
    const Answer thrown = client.ask(request("GET", "/v1/throw/limit", "X-Request-ID: q\r\n"));
    EXPECT_EQ(thrown.body, R"({"v1":"Too many.","id":"q"})");
    EXPECT_EQ(thrown.header("Retry-After"), "9");
    EXPECT_TRUE(client.ask(request("GET", "/v1/unknown")).body.starts_with(R"({"v1")"));
    const Answer wrong_method = client.ask(request("DELETE", "/v1/throw/limit"));
    EXPECT_EQ(wrong_method.status, 405);
    EXPECT_EQ(wrong_method.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_TRUE(wrong_method.body.starts_with(R"({"v1")"));
    EXPECT_TRUE(client.ask(request("GET", "/v1x")).body.starts_with(R"({"error")"));
}

TEST(RequestIds, AreTakenWhenSaneAndMadeOtherwise) {
    TestServer server(router());
    Client client(server.port());
    const auto id_for = [&](const std::string& headers) {
        const Answer answer = client.ask(request("GET", "/items/x", headers));
        EXPECT_EQ(nlohmann::json::parse(answer.body)["request_id"], answer.header("X-Request-ID"));
        return answer.header("X-Request-ID");
    };
    EXPECT_EQ(id_for("X-Request-ID: one\r\nX-Correlation-ID: two\r\n"), "one");
    EXPECT_EQ(id_for("X-Correlation-ID: two\r\n"), "two");
    EXPECT_EQ(id_for("X-Request-ID: " + std::string(128, 'a') + "\r\n"), std::string(128, 'a'));
    for (const std::string& wrong :
         {std::string(129, 'a'), std::string("a b"), std::string("\xc3\xa4"), std::string()}) {
        const std::string made = id_for("X-Request-ID: " + wrong + "\r\n");
        EXPECT_TRUE(made.starts_with("req_")) << made;
    }
    EXPECT_NE(id_for(""), id_for(""));
}

TEST(Files, AreSentFromAnyOffset) {
    TestServer server(router());
    Client client(server.port());
    const auto part = [&](std::int64_t offset, std::int64_t length) {
        return client.ask(
            request("GET", "/file?offset=" + std::to_string(offset) + "&length=" + std::to_string(length)));
    };
    EXPECT_EQ(part(0, 16).body, "0000000\n0000001\n");
    EXPECT_EQ(part(8 * 999'999, 8).body, "0999999\n");
    EXPECT_EQ(part(4, 0).body, "");
    const Answer whole = part(0, 8'000'000);
    ASSERT_EQ(whole.body.size(), 8'000'000u);
    for (int i = 0; i < 1'000'000; i += 997)
        ASSERT_EQ(std::stoi(whole.body.substr(static_cast<std::size_t>(i) * 8, 7)), i);
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Files, ThatEndEarlyBreakTheReplyOff) {
    TestServer server(router());
    Client client(server.port());
    const Answer answer = client.ask(request("GET", "/file?offset=7999992&length=100"));
    EXPECT_FALSE(answer.complete);
    EXPECT_TRUE(Client(server.port()).answers_another_request());
}

}  // namespace
}  // namespace assistd::http::test
