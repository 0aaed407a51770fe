// Conversations that their client keeps: it sends what was said, and none of the calls that were made for it.

#include "conversation.h"

namespace assistd::test {
namespace {

class StatelessHistory : public ::testing::Test {
  protected:
    StatelessHistory() {
        for (const char* handle : {"simulation-1", "simulation-2", "simulation-3", "plot-1"})
            talk_.artifacts->put(handle);
    }
    void said(core::Role role, const std::string& text) {
        auto message = std::make_shared<core::Message>();
        message->id = MessageId::make();
        message->role = role;
        message->blocks.push_back(core::TextBlock{text});
        talk_.messages.push_back(std::move(message));
    }

    Conversation talk_{shipped_tools()};
};

TEST_F(StatelessHistory, ItIsWhatTheRepliesName) {
    said(core::Role::user, "Run a DLA simulation with 500 particles");
    said(core::Role::assistant, "Grew 500 particles: **simulation-1**.");
    const std::string reply = talk_.say("analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-1"})");
    EXPECT_THAT(reply, testing::Not(testing::HasSubstr("outside this conversation")));
}

TEST_F(StatelessHistory, TheNewestNameThatFitsAndIsThere) {
    said(core::Role::user, "Use simulation-1");
    said(core::Role::assistant, "simulation-1 is there.");
    said(core::Role::user, "And now?");
    said(core::Role::assistant, "Made plot-1 of simulation-2, as chapter-3 says; simulation-99 is gone.");
    talk_.say("analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-2"})");
}

TEST_F(StatelessHistory, WithoutNamesItIsTheNewestOfAll) {
    said(core::Role::user, "Hello");
    said(core::Role::assistant, "Hello!");
    talk_.say("analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-3"})");
}

TEST(NoTools, IsSaidAsItIs) {
    Conversation talk(make_tools({}));
    for (const char* sentence : {"list tools", "hello", "run a dla simulation"}) {
        const std::string reply = talk.say(sentence);
        EXPECT_THAT(reply, testing::HasSubstr("no tools that I may use here")) << reply;
        EXPECT_THAT(reply, testing::Not(testing::HasSubstr("are installed"))) << reply;
    }
}

}  // namespace
}  // namespace assistd::test
