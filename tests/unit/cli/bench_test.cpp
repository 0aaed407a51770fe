// assistctl bench against a scripted server.

#include <atomic>
#include <nlohmann/json.hpp>
#include <regex>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Bench : public CliTest {
  protected:
    Bench() {
        server.on("POST " + api + "/conversations", [this](const SeenRequest&, const Connection& to) {
            to.json(R"({"id": "conv_)" + std::to_string(++begun) + R"("})", 201);
        });
    }
    // Every third turn fails.
    void script_turns(int turns) {
        for (int i = 1; i <= turns; ++i) {
            const std::string path = api + "/conversations/conv_" + std::to_string(i);
            server.on("POST " + path + "/chat", [i](const SeenRequest&, const Connection& to) {
                to.begin_events();
                to.event(1, "turn.started", "{}");
                to.event(2, i % 2 ? "message.delta" : "thinking.delta", R"({"delta": "Hi"})");
                if (i % 3 == 0)
                    to.event(3, "turn.failed", R"({"error": {"message": "The model is away."}})");
                else
                    to.event(3, "turn.completed", "{}");
            });
            server.on("DELETE " + path, [this](const SeenRequest&, const Connection& to) {
                ++deleted;
                to.raw("HTTP/1.1 204 X\r\nConnection: close\r\n\r\n");
            });
        }
    }
    std::atomic<int> begun = 0;
    std::atomic<int> deleted = 0;
};

TEST_F(Bench, TellsHowLongTurnsTakeAndWhatFailed) {
    script_turns(7);
    EXPECT_EQ(assistctl({"--json", "bench", "--turns", "7", "--at-once", "3", "--model", "fast"}), 1);
    const json told = json::parse(out.str());
    EXPECT_EQ(told["completed"], 5);
    EXPECT_EQ(told["failed"], 2);
    EXPECT_EQ(told["first_token"]["count"], 7);
    EXPECT_EQ(told["turn"]["count"], 5);
    EXPECT_LE(told["turn"]["p50_s"], told["turn"]["p95_s"]);
    EXPECT_LE(told["turn"]["p95_s"], told["turn"]["max_s"]);
    EXPECT_THAT(err.str(), HasSubstr("2 of the turns failed. The first one: The model is away."));
    EXPECT_EQ(deleted, 7);
    EXPECT_EQ(json::parse(server.seen()[0].body)["model"], "fast");
}

TEST_F(Bench, IsATableForPeople) {
    script_turns(2);
    EXPECT_EQ(assistctl({"bench", "--turns", "2"}), 0) << err.str();
    EXPECT_TRUE(std::regex_search(out.str(), std::regex("first token +2 +[0-9.]+ ms +[0-9.]+ ms")))
        << out.str();
    EXPECT_THAT(out.str(), HasSubstr("2 of 2 turns in "));
}

TEST_F(Bench, SaysWhyNothingWasMeasured) {
    server.on("POST " + api + "/conversations", [](const SeenRequest&, const Connection& to) {
        to.json(R"({"error": {"message": "Too many."}})", 429);
    });
    EXPECT_EQ(assistctl({"bench", "--turns", "1"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("Too many."));
    EXPECT_EQ(assistctl({"bench", "--turns", "0"}), 2);
}

}  // namespace
}  // namespace assistd::cli
