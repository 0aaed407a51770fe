// Malformed and odd requests: the status that each must get, and whether the connection can be used
// afterwards.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <set>

#include "support.h"

namespace assistd::http::test {
namespace {

enum class Then { closed, usable };

struct Case {
    std::string name;
    std::string bytes;
    int status;
    Then then;
    std::string body_part = {};  // must be somewhere in the body
};

std::string many(std::size_t count, std::string_view text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

std::string numbered_headers(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += "X-" + std::to_string(i) + ": 1\r\n";
    return all;
}

std::string with_host(std::string_view line) {
    return std::string(line) + "\r\nHost: localhost\r\n\r\n";
}
std::string chunked(std::string_view body) {
    return "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}
std::string post(std::string_view headers, std::string_view body = {}) {
    return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
std::string get(std::string_view target, std::string_view headers = {}) {
    return request("GET", target, headers);
}

std::vector<Case> request_lines() {
    return {
        {"plain", get("/hello"), 200, Then::usable},
        {"trailing slash", get("/hello/"), 200, Then::usable},
        {"doubled slashes", get("//hello"), 200, Then::usable},
        {"leading empty lines", "\r\n\r\n" + get("/hello"), 200, Then::usable},
        {"leading line feed", "\n" + get("/hello"), 400, Then::closed},
        {"bare line feeds", "GET /hello HTTP/1.1\nHost: localhost\n\n", 400, Then::closed},
        {"a bare line feed among headers", "GET /hello HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n", 400,
         Then::closed},
        {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400, Then::closed},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501, Then::closed},
        {"HTTP/0.9", "GET /hello\r\n\r\n", 400, Then::closed},
        {"no version", "GET /hello \r\n\r\n", 400, Then::closed},
        {"two spaces", with_host("GET  /hello HTTP/1.1"), 400, Then::closed},
        {"a space in the target", with_host("GET /hel lo HTTP/1.1"), 400, Then::closed},
        {"a tab for a space", with_host("GET\t/hello HTTP/1.1"), 400, Then::closed},
        {"no target", with_host("GET HTTP/1.1"), 400, Then::closed},
        {"HTTP/1.2", with_host("GET /hello HTTP/1.2"), 505, Then::closed},
        {"HTTP/2.0", with_host("GET /hello HTTP/2.0"), 505, Then::closed},
        {"version with letters", with_host("GET /hello HTTP/one"), 400, Then::closed},
        {"small version", with_host("GET /hello http/1.1"), 400, Then::closed},
        {"small method", with_host("get /hello HTTP/1.1"), 501, Then::closed},
        {"unknown method", with_host("BREW /hello HTTP/1.1"), 501, Then::closed},
        {"TRACE", with_host("TRACE /hello HTTP/1.1"), 501, Then::closed},
        {"CONNECT", with_host("CONNECT localhost:80 HTTP/1.1"), 501, Then::closed},
        {"method with a colon", with_host("G:T /hello HTTP/1.1"), 400, Then::closed},
        {"long method", with_host(many(2000, "A") + " /hello HTTP/1.1"), 501, Then::closed},
        {"relative target", with_host("GET hello HTTP/1.1"), 400, Then::closed},
        {"asterisk with GET", with_host("GET * HTTP/1.1"), 400, Then::closed},
        {"asterisk with OPTIONS", with_host("OPTIONS * HTTP/1.1"), 204, Then::usable},
        {"absolute target", with_host("GET http://localhost/hello HTTP/1.1"), 200, Then::usable},
        {"absolute target without a path", with_host("GET http://localhost HTTP/1.1"), 404, Then::usable},
        {"absolute target of another scheme", with_host("GET ftp://localhost/hello HTTP/1.1"), 400,
         Then::closed},
        {"absolute target without a host", with_host("GET http:///hello HTTP/1.1"), 400, Then::closed},
        {"absolute target of another host", with_host("GET http://evil.example/hello HTTP/1.1"), 403,
         Then::usable},
        {"fragment", get("/hello#part"), 400, Then::closed},
        {"NUL in the target", with_host(std::string("GET /hel\0lo HTTP/1.1", 21)), 400, Then::closed},
        {"encoded NUL", get("/items/%00"), 400, Then::closed},
        {"half an escape", get("/items/%2"), 400, Then::closed},
        {"an escape that is none", get("/items/%zz"), 400, Then::closed},
        {"escape in the query that is none", get("/items/a?b=%zz"), 400, Then::closed},
        {"no UTF-8 in the path", get("/items/%ff"), 400, Then::closed},
        {"overlong UTF-8", get("/items/%c0%af"), 400, Then::closed},
        {"dot segments", get("/items/../hello"), 400, Then::closed},
        {"encoded dot segments", get("/items/%2e%2e"), 400, Then::closed},
        {"encoded slash in an id", get("/items/a%2Fb"), 200, Then::usable, R"("id":"a/b")"},
        {"colon in an id", get("/items/a:b"), 200, Then::usable, R"("id":"a:b")"},
        {"star and question mark in an id", get("/items/%2A%3F"), 200, Then::usable, R"("id":"*?")"},
        {"spaces and UTF-8 in an id", get("/items/a%20%C3%A4"), 200, Then::usable, "a \u00e4"},
        {"plus in a path is a plus", get("/items/a+b"), 200, Then::usable, R"("id":"a+b")"},
        {"a literal segment, encoded", get("/%68ello"), 200, Then::usable},
        {"an id that looks like a pattern", get("/items/:value"), 200, Then::usable, R"("id":":value")"},
        {"a path of another case", get("/HELLO"), 404, Then::usable},
        {"unknown path", get("/nothing"), 404, Then::usable},
        {"unknown deep path", get(many(1500, "/a")), 404, Then::usable},
        {"thousands of slashes", get(many(4000, "/")), 404, Then::usable},
        {"target of 4,096 bytes", get("/" + many(4095, "a")), 404, Then::usable},
        {"target of 4,097 bytes", get("/" + many(4096, "a")), 414, Then::closed},
        {"target of 20,000 bytes", get("/" + many(20000, "a")), 414, Then::closed},
        {"wrong method", request("DELETE", "/hello"), 405, Then::usable},
        {"wrong method with a body", request("PUT", "/hello", {}, "body"), 405, Then::closed},
        {"unknown path with a body", request("POST", "/nothing", {}, "body"), 404, Then::closed},
        {"repeated and listed query keys", get("/items/a?k=1&k=2&l[]=3&l%5B%5D=4&m&n=&=o&&p=a+b%2B"), 200,
         Then::usable,
         R"([["k","1"],["k","2"],["l","3"],["l","4"],["m",""],["n",""],["","o"],["p","a b+"]])"},
    };
}

std::vector<Case> headers() {
    return {
        {"no Host", "GET /hello HTTP/1.1\r\n\r\n", 400, Then::closed},
        {"two Hosts", get("/hello", "Host: localhost\r\n"), 400, Then::closed},
        {"empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400, Then::closed},
        {"Host with a path", "GET /hello HTTP/1.1\r\nHost: localhost/a\r\n\r\n", 400, Then::closed},
        {"Host of another site", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, Then::usable},
        {"Host that only begins like localhost",
         "GET /hello HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 403, Then::usable},
        {"Host with a port", "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:99\r\n\r\n", 200, Then::usable},
        {"Host in brackets", "GET /hello HTTP/1.1\r\nHost: [::1]:99\r\n\r\n", 200, Then::usable},
        {"HTTP/1.0 without Host", "GET /hello HTTP/1.0\r\n\r\n", 200, Then::closed},
        {"HTTP/1.0 that stays", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, Then::usable},
        {"Connection: close", get("/hello", "Connection: close\r\n"), 200, Then::closed},
        {"Connection with a list", get("/hello", "Connection: foo, Close\r\n"), 200, Then::closed},
        {"Upgrade that is not taken", get("/hello", "Connection: Upgrade\r\nUpgrade: h2c\r\n"), 200,
         Then::usable},
        {"a header without a colon", get("/hello", "Nonsense\r\n"), 400, Then::closed},
        {"a header without a name", get("/hello", ": value\r\n"), 400, Then::closed},
        {"a space before the colon", get("/hello", "X-A : 1\r\n"), 400, Then::closed},
        {"a folded header", get("/hello", "X-A: 1\r\n 2\r\n"), 400, Then::closed},
        {"a control character in a value", get("/hello", "X-A: a\x01z\r\n"), 400, Then::closed},
        {"a carriage return in a value", get("/hello", "X-A: a\rz\r\n"), 400, Then::closed},
        {"NUL in a value", get("/hello", std::string_view("X-A: a\0z\r\n", 10)), 400, Then::closed},
        {"an empty value", get("/hello", "X-A:\r\n"), 200, Then::usable},
        {"a value with Latin-1", get("/hello", "X-A: \xe9\r\n"), 200, Then::usable},
        {"99 more headers", get("/hello", numbered_headers(99)), 200, Then::usable},
        {"100 more headers", get("/hello", numbered_headers(100)), 431, Then::closed},
        {"a head of 20 kB", get("/hello", "X-A: " + many(20000, "a") + "\r\n"), 431, Then::closed},
        {"odd Cookie", get("/hello", "Cookie: =;;=a; b\r\n"), 200, Then::usable},
        {"odd Cache-Control", get("/hello", "Cache-Control: max-age=x,,foo=\"\r\n"), 200, Then::usable},
        {"odd Date", get("/hello", "Date: yesterday\r\n"), 200, Then::usable},
        {"odd Accept", get("/hello", "Accept: a/b/c;;q=z,\r\n"), 200, Then::usable},
        {"odd Content-Type", post("Content-Type: ;;/\r\nContent-Length: 2\r\n", "ab"), 200, Then::usable,
         "ab"},
        {"odd Authorization", get("/hello", "Authorization: \"\r\n"), 200, Then::usable},
        {"Expect of something else", post("Expect: magic\r\nContent-Length: 2\r\n", "ab"), 417, Then::closed},
        {"Expect with the body at once", post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab"), 200,
         Then::usable, "ab"},
        {"a post from another site's page", post("Origin: http://evil.example\r\n"), 403, Then::usable},
        {"a post from a page without an origin", post("Origin: null\r\n"), 403, Then::usable},
        {"a post from the own page", post("Origin: http://localhost\r\n"), 200, Then::usable},
    };
}

std::vector<Case> bodies() {
    return {
        {"no body at all", post(""), 200, Then::usable},
        {"length 0", post("Content-Length: 0\r\n"), 200, Then::usable},
        {"length with zeros", post("Content-Length: 0002\r\n", "ab"), 200, Then::usable, "ab"},
        {"length abc", post("Content-Length: abc\r\n"), 400, Then::closed},
        {"length 3abc", post("Content-Length: 3abc\r\n", "abc"), 400, Then::closed},
        {"length -1", post("Content-Length: -1\r\n"), 400, Then::closed},
        {"length +1", post("Content-Length: +1\r\n", "a"), 400, Then::closed},
        {"length 0x1", post("Content-Length: 0x1\r\n", "a"), 400, Then::closed},
        {"no length in the header", post("Content-Length:\r\n"), 400, Then::closed},
        {"length given twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "ab"), 400, Then::closed},
        {"length as a list", post("Content-Length: 2, 2\r\n", "ab"), 400, Then::closed},
        {"length of 20 GB", post("Content-Length: 20000000000\r\n"), 413, Then::closed},
        {"length of 40 digits", post("Content-Length: " + many(40, "9") + "\r\n"), 413, Then::closed},
        {"one byte too much", post("Content-Length: 1048577\r\n"), 413, Then::closed},
        {"a body with GET", request("GET", "/hello", {}, "body"), 200, Then::usable},
        {"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
         Then::closed},
        {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         400, Then::closed},
        {"gzip and chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, Then::closed},
        {"identity", post("Transfer-Encoding: identity\r\n"), 501, Then::closed},
        {"chunked with a vertical tab",
         post("Transfer-Encoding: \x0b"
              "chunked\r\n",
              "0\r\n\r\n"),
         400, Then::closed},
        {"chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
         Then::closed},
        {"chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200, Then::usable, "abcde"},
        {"Chunked, written large", post("Transfer-Encoding: CHUNKED\r\n", "1\r\na\r\n0\r\n\r\n"), 200,
         Then::usable, "a"},
        {"chunk sizes with zeros and large digits", chunked("0000A\r\n0123456789\r\n0\r\n\r\n"), 200,
         Then::usable, "0123456789"},
        {"chunk extensions", chunked("1;a=b\r\nx\r\n0;c\r\n\r\n"), 200, Then::usable, "x"},
        {"trailers", chunked("1\r\nx\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n"), 200, Then::usable, "x"},
        {"a chunk size that is none", chunked("z\r\n"), 400, Then::closed},
        {"a chunk size with a sign", chunked("-1\r\n"), 400, Then::closed},
        {"a chunk size with 0x", chunked("0x1\r\na\r\n"), 400, Then::closed},
        {"an empty chunk size", chunked("\r\n"), 400, Then::closed},
        {"a chunk size beyond 64 bits", chunked("10000000000000001\r\n"), 400, Then::closed},
        {"a chunk larger than the limit", chunked("100001\r\n" + many(0x100001, "a")), 413, Then::closed},
        {"a chunk longer than its size", chunked("1\r\nab\r\n0\r\n\r\n"), 400, Then::closed},
        {"bare line feeds in chunks", chunked("1\na\n0\n\n"), 400, Then::closed},
        {"an endless chunk extension", chunked("1;" + many(5000, "a")), 400, Then::closed},
        {"endless trailers", chunked("0\r\n" + many(2000, "X-A: 1234567\r\n")), 400, Then::closed},
    };
}

class OddRequests : public testing::Test {
  protected:
    static void check(const Case& one, std::uint16_t port) {
        SCOPED_TRACE(one.name);
        Client client(port);
        client.send(one.bytes);
        const Answer answer = client.receive();
        EXPECT_EQ(answer.status, one.status) << answer.body;
        EXPECT_TRUE(answer.complete);
        EXPECT_FALSE(answer.header("X-Request-ID").empty());
        if (one.status >= 400) {
            EXPECT_EQ(answer.header("Content-Type"), "application/json");
            const auto body = nlohmann::json::parse(answer.body);
            EXPECT_EQ(body["error"]["request_id"], answer.header("X-Request-ID"));
            EXPECT_TRUE(body["error"]["message"].get<std::string>().ends_with("."));
        }
        EXPECT_NE(answer.body.find(one.body_part), std::string::npos) << answer.body;
        EXPECT_EQ(answer.header("Connection") == "close", one.then == Then::closed);
        if (one.then == Then::usable) {
            EXPECT_TRUE(client.answers_another_request());
        } else {
            EXPECT_TRUE(client.is_closed_by_server());
        }
    }
};

TEST_F(OddRequests, GetTheirStatusAndLeaveTheConnectionInADefinedState) {
    TestServer server(small_router());
    std::set<std::string> names;
    for (const auto& table : {request_lines(), headers(), bodies()})
        for (const Case& one : table) {
            EXPECT_TRUE(names.insert(one.name).second) << one.name;
            check(one, server.port());
        }
    EXPECT_GE(names.size(), 60u);
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
}

// The same bytes must mean the same, however the network cuts them up.
TEST_F(OddRequests, MeanTheSameWhenEveryByteComesAlone) {
    TestServer server(small_router());
    for (const auto& table : {request_lines(), headers(), bodies()})
        for (const Case& one : table) {
            if (one.bytes.size() > 400) continue;
            SCOPED_TRACE(one.name);
            Client client(server.port());
            const int on = 1;
            ::setsockopt(client.fd(), 6 /* TCP */, 1 /* TCP_NODELAY */, &on, sizeof on);
            for (const char c : one.bytes) client.send({&c, 1});
            // The server may already have said that it waits for the body.
            Answer answer = client.receive();
            if (answer.status == 100) answer = client.receive();
            EXPECT_EQ(answer.status, one.status);
            EXPECT_NE(answer.body.find(one.body_part), std::string::npos) << answer.body;
        }
}

}  // namespace
}  // namespace assistd::http::test
