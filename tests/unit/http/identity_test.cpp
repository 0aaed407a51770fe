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
