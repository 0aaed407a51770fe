// Sentences and phrases made to hurt: the provider answers all of them, soon.

#include <chrono>

#include "conversation.h"

namespace assistd::test {
namespace {

using nlohmann::json;

std::string repeated(const std::string& part, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += part;
    return all;
}

// Far more than a bounded search needs, far less than an exponential one.
class Hostile : public ::testing::Test {
  protected:
    void SetUp() override { start_ = std::chrono::steady_clock::now(); }
    void TearDown() override {
        EXPECT_LT(std::chrono::steady_clock::now() - start_, std::chrono::seconds(20));
    }

    std::chrono::steady_clock::time_point start_;
};

TEST_F(Hostile, Sentences) {
    Conversation talk(shipped_tools());
    for (const std::string& sentence : std::vector<std::string>{
             repeated("run ", 10'000), repeated("analyze it and ", 10'000),
             repeated("analyze it and ", 50) + "sing",
             repeated("run a dla simulation with 500 particles, ", 25), repeated("and then ", 300),
             repeated("the ", 350), repeated("one hundred thousand million ", 80), repeated("((((", 5'000),
             std::string(1'000'000, 'a'), std::string(100'000, '\n'), repeated("\"", 999),
             repeated("'a ", 999), std::string("run\0a dla", 9),
             std::string("run a \xff\xfe dla \xc3( simulation"), repeated("\xf0\x9f\x92\xa9", 1000),
             repeated("9", 10'000), "run a dla simulation with " + repeated("9", 500) + " particles",
             "run a dla simulation with -1e999 particles", "analyze simulation-" + repeated("9", 300)}) {
        const std::string reply = talk.say(sentence);
        EXPECT_FALSE(reply.empty());
        EXPECT_NO_THROW(json(reply).dump()) << "The reply is no UTF-8.";
        talk.messages.clear();
    }
}

TEST_F(Hostile, TenThousandWordsAreNoOrder) {
    Conversation talk(shipped_tools());
    const std::string reply = talk.say(repeated("please ", 10'000) + "analyze simulation-1");
    EXPECT_EQ(talk.calls(), "");
    EXPECT_NE(reply.find("too long"), std::string::npos);
}

TEST_F(Hostile, Phrases) {
    const json text{{"type", "string"}, {"optional", true}};
    const json number{{"type", "integer"}, {"optional", true}};
    std::vector<std::string> options;
    for (int i = 0; i < 64; ++i) options.push_back("[q] [b] [c] (q|b|c|{x}) [q] [b] [c]");
    Conversation talk(make_tools({make_tool(
        "bad", {{"x", text}, {"n", number}},
        {repeated("[q] ", 60) + "b", repeated("[q|[b|[c]]] ", 12) + "{x}", repeated("(q|q|q) ", 24) + "c",
         "{x} {x} {x} {x} {x} {x} {x} {x} end", "q " + repeated("[{n}] ", 60) + "z"},
        options)}));
    for (const std::string& sentence : std::vector<std::string>{
             repeated("q ", 60), repeated("q b c ", 20) + "d", repeated("1 ", 60),
             repeated("q and ", 23) + "z", repeated("x ", 60) + "end", repeated("q, b, ", 11)}) {
        EXPECT_FALSE(talk.say(sentence).empty());
        talk.messages.clear();
    }
}

TEST_F(Hostile, BadResultsInTheHistory) {
    Conversation talk(shipped_tools());
    for (const json& body : std::vector<json>{
             json(), json(3), json::array(), json{{"success", "maybe"}},
             json{{"success", true}, {"artifacts", 7}},
             json{{"success", true},
                  {"artifacts", {1, nullptr, {{"handle", 5}}}},
                  {"data", {{"rows", {nullptr, 1}}}}},
             json{{"success", false}, {"error", "text"}},
             json{{"success", false}, {"error", {{"message", 5}, {"details", {{"errors", 5}}}}}}}) {
        talk.runner = [&](const std::string&, const json&) {
            return body.is_object() ? body : json{{"odd", body}};
        };
        EXPECT_FALSE(talk.say("run a dla simulation with 500 particles and analyze it").empty());
        EXPECT_FALSE(talk.say("list algorithms").empty());
    }
}

// How long an ordinary sentence takes; printed, not judged.
TEST_F(Hostile, OrdinarySentencesAreQuick) {
    providers::OfflineProvider provider(nullptr);
    auto message = std::make_shared<core::Message>();
    message->role = core::Role::user;
    message->blocks.push_back(
        core::TextBlock{"Run a DLA simulation with 500 particles, then analyze it and export it as CSV"});
    const std::vector<std::shared_ptr<const core::Message>> messages{message};
    core::ProviderRequest request;
    request.messages = messages;
    request.tools = shipped_tools();
    request.owner = "local";
    constexpr int rounds = 200;
    run_provider(provider, request, nullptr);  // compiles the grammar
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i)
        EXPECT_EQ(run_provider(provider, request, nullptr).finish_reason, "tool_calls");
    const auto took = std::chrono::steady_clock::now() - start;
    std::printf("one round: %.1f us\n", std::chrono::duration<double, std::micro>(took).count() / rounds);
}

}  // namespace
}  // namespace assistd::test
