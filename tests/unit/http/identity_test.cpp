// Who asks, and what that allows.

#include <gtest/gtest.h>

#include "believer.h"
#include "support.h"

namespace assistd::http::test {
namespace {

// The user of "Authorization: NAME".
Identity named(const std::string& name) {
    if (name == "admin") return {name, {.admin = true, .scopes = every_scope, .credential = "key-1"}};
    if (name == "reader") return {name, {.admin = false, .scopes = {Scope::read}, .credential = "key-2"}};
    throw Error(ErrorCode::unauthenticated, "Nobody is called " + name + ".");
}

Router routes() {
    Router router;
    const Handler tell = [](Request request) -> Task<Reply> {
        co_return Reply::text(request.user + "," + request.rights.credential, "text/plain");
    };
    router.add(Method::get, "/open", tell, {.needs = Needs::nothing});
    router.add(Method::get, "/own", tell);
    router.add(Method::post, "/own", tell);
    router.add(Method::put, "/own", tell, {.max_body = 1 << 20, .body_to_file = true});
    router.add(Method::post, "/proto", [](Request request) -> Task<Reply> {
        co_return Reply::text(request.header("X-Forwarded-Proto").value_or("none"), "text/plain");
    });
    router.add(Method::get, "/tools", tell, {.needs = Needs::tools});
    router.add(Method::get, "/admin", tell, {.needs = Needs::admin});
    return router;
}

std::string as(const std::string& name) {
    return "Authorization: " + name + "\r\n";
}

class IdentityTest : public ::testing::Test {
  protected:
    Answer ask(const std::string& method, const std::string& path, const std::string& headers) {
        Client client(server_.port());
        return client.ask(request(method, path, headers, method == "POST" ? "x" : ""));
    }

    Believer believer_{named};
    ServerOptions options_ = [this] {
        ServerOptions options;
        options.authenticator = &believer_;
        return options;
    }();
    TestServer server_{routes(), options_};
};

TEST_F(IdentityTest, WithoutAnAuthenticatorEverybodyIsTheBuiltInUser) {
    TestServer server(routes());
    Client client(server.port());
    EXPECT_EQ(client.ask(request("GET", "/admin", "")).body, "local,");
}

TEST_F(IdentityTest, NobodyGetsOnlyWhatIsOpen) {
    EXPECT_EQ(ask("GET", "/open", "").body, ",");
    const Answer refused = ask("GET", "/own", "");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer realm=\"assistd\"");
    EXPECT_EQ(ask("POST", "/own", as("stranger")).status, 401);
    EXPECT_EQ(ask("POST", "/own", as("later stranger")).status, 401);
}

TEST_F(IdentityTest, NothingLargeIsTakenBeforeItIsKnownFromWhom) {
    const std::int64_t most = options_.limits.unknown_body_bytes;
    const auto head = [](const std::string& method, const std::string& name, const std::string& frame) {
        return method + " /own HTTP/1.1\r\nHost: localhost\r\n" + as(name) + frame + "\r\n";
    };
    const auto length = [](std::int64_t bytes) {
        return "Content-Length: " + std::to_string(bytes) + "\r\n";
    };
    // Each is answered although nothing of the body is sent.
    for (const std::string& text : {head("POST", "later admin", length(most + 1)),
                                    head("POST", "later admin", "Transfer-Encoding: chunked\r\n"),
                                    head("PUT", "later admin", length(1))}) {
        Client client(server_.port());
        EXPECT_EQ(client.ask(text).status, 401) << text;
    }
    const std::string body(static_cast<std::size_t>(most), 'x');
    Client small(server_.port());
    EXPECT_EQ(small.ask(head("POST", "later admin", length(most)) + body).status, 200);
    EXPECT_EQ(small.ask(head("POST", "later known admin", length(most + 1)) + body + "x").status, 200);
}

TEST_F(IdentityTest, OnlyTrustedProxiesSayThatItWasHttps) {
    const std::string headers = as("admin") + "X-Forwarded-Proto: https\r\n";
    EXPECT_EQ(ask("POST", "/proto", headers).body, "none");
    options_.trusted_proxies = {"127.0.0.1"};
    TestServer behind(routes(), options_);
    Client client(behind.port());
    EXPECT_EQ(client.ask(request("POST", "/proto", headers, "x")).body, "https");
}

TEST_F(IdentityTest, ACallerMayDoWhatItsScopesSay) {
    EXPECT_EQ(ask("GET", "/own", as("reader")).body, "reader,key-2");
    Client client(server_.port());
    client.send(request("HEAD", "/own", as("reader")));
    EXPECT_EQ(client.receive(true).status, 200);
    for (const std::string name : {"reader", "later reader"}) {
        const Answer refused = ask("POST", "/own", as(name));
        EXPECT_EQ(refused.status, 403);
        EXPECT_NE(refused.body.find("the scope \\\"write\\\""), std::string::npos) << refused.body;
        EXPECT_EQ(ask("GET", "/tools", as(name)).status, 403);
        EXPECT_NE(ask("GET", "/admin", as(name)).body.find("Only an administrator"), std::string::npos);
    }
    for (const std::string name : {"admin", "later admin"}) {
        EXPECT_EQ(ask("POST", "/own", as(name)).body, "admin,key-1");
        EXPECT_EQ(ask("GET", "/tools", as(name)).body, "admin,key-1");
        EXPECT_EQ(ask("GET", "/admin", as(name)).body, "admin,key-1");
    }
}

}  // namespace
}  // namespace assistd::http::test
