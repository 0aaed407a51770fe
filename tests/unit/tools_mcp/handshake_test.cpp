#include "tools/mcp/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/io_threads.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Answers what it is asked as a script says; what the script has no answer for is never answered.
class ScriptedLink : public Link {
  public:
    using Script = std::function<std::optional<Json>(const std::string& method, const Era& era)>;
    explicit ScriptedLink(Script script) : Link(LinkEvents()), script_(std::move(script)) {}

    Task<void> tell(std::string method, Json) override {
        asked.push_back(method);
        co_return;
    }
    void die() { end(McpError(Fault::crashed, "ended itself"), true); }

    std::vector<std::string> asked;
    std::vector<std::string> forgotten;

  protected:
    void send(Outgoing outgoing) override {
        asked.push_back(outgoing.method);
        if (std::optional<Json> answer = script_(outgoing.method, outgoing.era)) {
            (*answer)["jsonrpc"] = "2.0";
            (*answer)["id"] = *outgoing.id;
            take(answer->dump());
        }
    }
    void forget(std::int64_t, const std::string& method) override { forgotten.push_back(method); }
    Task<void> do_close() override { co_return; }

  private:
    Script script_;
};

Json modern() {
    return {{"result",
             {{"supportedVersions", {"2026-07-28"}},
              {"capabilities", {{"tools", {{"listChanged", true}}}}},
              {"serverInfo", {{"name", "m"}, {"version", "7"}}}}}};
}
Json old(const std::string& version) {
    return {{"result",
             {{"protocolVersion", version},
              {"capabilities", {{"tools", Json::object()}}},
              {"serverInfo", {{"name", "o"}, {"version", "1"}}}}}};
}
Json refusal(int code, const Json& data = Json()) {
    return {{"error", {{"code", code}, {"message", "no"}, {"data", data}}}};
}

struct Handshake : testing::Test {
    Peer shake(const ScriptedLink::Script& script, bool silence_is_old = true, bool probe = true) {
        link = std::make_shared<ScriptedLink>(script);
        HandshakePlan plan;
        plan.probe = probe;
        plan.probe_limit = 50ms;
        plan.limit = 1s;
        plan.silence_is_old = silence_is_old;
        return io.run(shake_hands(link, plan));
    }
    std::string complaint(const ScriptedLink::Script& script, bool silence_is_old = true) {
        try {
            return "speaks " + shake(script, silence_is_old).era.version;
        } catch (const McpError& error) {
            return error.what();
        }
    }

    test::IoThreads io;
    std::shared_ptr<ScriptedLink> link;
};

TEST_F(Handshake, ModernServersAreAskedOnce) {
    const Peer peer = shake([](const std::string&, const Era&) { return modern(); });
    EXPECT_TRUE(peer.era.modern);
    EXPECT_EQ(peer.version, "7");
    EXPECT_TRUE(peer.tells_of_changes("tools"));
    EXPECT_FALSE(peer.has("prompts"));
    EXPECT_THAT(link->asked, ElementsAre("server/discover"));
    EXPECT_TRUE(link->era().modern);
}

TEST_F(Handshake, OlderServersAreGreeted) {
    for (const std::string version : {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"}) {
        const auto script = [&](const std::string& method, const Era&) {
            return std::optional(method == "initialize" ? old(version) : refusal(-32601));
        };
        EXPECT_EQ(shake(script).era.version, version);
        EXPECT_THAT(link->asked, ElementsAre("server/discover", "initialize", "notifications/initialized"));
        EXPECT_FALSE(link->era().modern);
    }
    shake([](const std::string&, const Era&) { return old("2025-11-25"); }, true, false);
    EXPECT_THAT(link->asked, ElementsAre("initialize", "notifications/initialized"))
        << "which was not to be asked";
}

TEST_F(Handshake, SilenceIsOldOnlyOverStandardInput) {
    const auto script = [](const std::string& method, const Era&) {
        return method == "initialize" ? std::optional(old("2025-11-25")) : std::nullopt;
    };
    EXPECT_EQ(complaint(script), "speaks 2025-11-25");
    EXPECT_THAT(link->forgotten, ElementsAre("server/discover"));
    EXPECT_EQ(complaint(script, false), "did not answer within 1 s");
}

TEST_F(Handshake, ModernServersThatAreSlowToStart) {
    int asked = 0;
    EXPECT_EQ(complaint([&](const std::string& method, const Era&) -> std::optional<Json> {
                  if (method == "initialize") return refusal(-32022, {{"supported", {"2026-07-28"}}});
                  return ++asked == 1 ? std::nullopt : std::optional(modern());
              }),
              "speaks 2026-07-28");
}

TEST_F(Handshake, WithoutACommonRevisionThereIsNothing) {
    EXPECT_THAT(complaint([](const std::string&, const Era&) {
                    return refusal(-32022, {{"supported", {"2027-01-01"}}});
                }),
                "answers with an error: \"no\"");
    EXPECT_THAT(link->asked, ElementsAre("server/discover")) << "it has said that it knows nothing older";
    EXPECT_THAT(complaint([](const std::string& method, const Era&) {
                    return std::optional(method == "initialize" ? old("1999-01-01") : refusal(-32601));
                }),
                HasSubstr("speaks the revision \"1999-01-01\""));
    const auto both = [](const std::string& method, const Era&) {
        return std::optional(method == "initialize"
                                 ? old("2025-06-18")
                                 : refusal(-32022, {{"supported", {"2027-01-01", "2025-06-18"}}}));
    };
    EXPECT_EQ(complaint(both), "speaks 2025-06-18");
}

TEST_F(Handshake, WhatDiesSaysSo) {
    EXPECT_EQ(complaint([&](const std::string&, const Era&) {
                  link->die();
                  return std::nullopt;
              }),
              "ended itself");
}

TEST_F(Handshake, ListsAreReadPageByPage) {
    const auto script = [page = 0](const std::string&, const Era&) mutable {
        ++page;
        Json result = {{"tools", {page}}};
        if (page < 3) result["nextCursor"] = std::to_string(page);
        return std::optional(Json{{"result", result}});
    };
    link = std::make_shared<ScriptedLink>(script);
    EXPECT_THAT(io.run(list_all(link, "tools/list", "tools", Limits(), {})), ElementsAre(1, 2, 3));
    link = std::make_shared<ScriptedLink>([](const std::string&, const Era&) {
        return Json{{"result", {{"tools", 3}}}};
    });
    EXPECT_THROW(io.run(list_all(link, "tools/list", "tools", Limits(), {})), McpError);
}

TEST_F(Handshake, CallsThatNobodyWaitsForAreForgotten) {
    link = std::make_shared<ScriptedLink>([](const std::string&, const Era&) { return std::nullopt; });
    std::stop_source stop;
    Ask ask;
    ask.method = "tools/call";
    ask.stop = stop.get_token();
    std::future<Json> result = io.start(link->ask(ask));
    stop.request_stop();
    EXPECT_THROW(result.get(), McpError);
    EXPECT_THAT(link->forgotten, ElementsAre("tools/call"));
}

TEST_F(Handshake, AnotherAssistdSaysWhichOneItIs) {
    const auto saying = [](Json answer) {
        answer["result"]["_meta"]["org.assistd/instance"] = "them";
        return answer;
    };
    EXPECT_EQ(shake([&](const std::string&, const Era&) { return saying(modern()); }).instance, "them");
    const auto script = [&](const std::string& method, const Era&) {
        return std::optional(method == "initialize" ? saying(old("2025-11-25")) : refusal(-32601));
    };
    EXPECT_EQ(shake(script).instance, "them");
    EXPECT_EQ(shake([](const std::string&, const Era&) { return modern(); }).instance, "");
}

TEST_F(Handshake, WhatAServerSaysIsQuoted) {
    const auto script = [](const std::string&, const Era&) {
        Json answer;
        answer["error"] = {{"code", -32601}, {"message", "No  such\nmethod."}};
        return std::optional(answer);
    };
    EXPECT_EQ(complaint(script), "answers with an error: \"No such method.\"");
    EXPECT_EQ(with_full_stop("It " + complaint(script)), "It answers with an error: \"No such method.\"");
    EXPECT_EQ(with_full_stop("It says: \"no\""), "It says: \"no\".");
    EXPECT_EQ(with_full_stop("It was silent"), "It was silent.");
    EXPECT_EQ(with_full_stop("It was silent."), "It was silent.");
}

}  // namespace
}  // namespace assistd::tools::mcp
