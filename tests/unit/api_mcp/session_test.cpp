#include "api/mcp/session.h"

#include <gtest/gtest.h>

namespace assistd::api::mcp {
namespace {

TEST(Session, ARequestIsCancelledByItsIdAndType) {
    Session session("alice", "2025-11-25", false);
    std::stop_source number;
    std::stop_source text;
    EXPECT_TRUE(session.begin("1", number));
    EXPECT_TRUE(session.begin("\"1\"", text));
    EXPECT_FALSE(session.begin("1", {}));
    session.cancel("\"1\"");
    session.cancel("2");
    EXPECT_TRUE(text.stop_requested());
    EXPECT_FALSE(number.stop_requested());
    session.finish("1");
    EXPECT_TRUE(session.begin("1", {}));
}

TEST(Session, ItsEndStopsWhatRunsAndAnswersWhatIsAsked) {
    Session session("alice", "2025-11-25", true);
    std::stop_source running;
    session.begin("1", running);
    const Session::Question question = session.ask();
    const auto log = session.stream(0);
    session.end();
    EXPECT_TRUE(running.stop_requested());
    EXPECT_TRUE(question.answer.done());
    EXPECT_TRUE(log->ended());
}

TEST(Session, AnAnswerIsTakenOnce) {
    Session session("alice", "2025-11-25", true);
    const Session::Question question = session.ask();
    session.answer(7, {{"action", "accept"}});
    session.answer("assistd-99", {{"action", "accept"}});
    EXPECT_FALSE(question.answer.done());
    session.answer(question.id, {{"action", "decline"}});
    EXPECT_TRUE(question.answer.done());
    EXPECT_NE(session.ask().id, question.id);
}

TEST(Session, OfEndedStreamsTheLatestAreKept) {
    Session session("alice", "2025-11-25", false);
    const auto open = std::make_shared<EventLog>();
    const int first = session.add_stream(open);
    std::vector<int> ended;
    for (int i = 0; i < 40; ++i) {
        const auto log = std::make_shared<EventLog>();
        ended.push_back(session.add_stream(log));
        log->end();
    }
    session.add_stream(std::make_shared<EventLog>());
    EXPECT_EQ(session.stream(first), open);
    EXPECT_TRUE(session.stream(0));
    EXPECT_FALSE(session.stream(ended.front()));
    EXPECT_TRUE(session.stream(ended.back()));
    EXPECT_TRUE(session.stream(ended[40 - 16]));
    EXPECT_FALSE(session.stream(ended[40 - 17]));
}

TEST(Session, OneNoticeOfOtherToolsIsEnough) {
    Session session("alice", "2025-11-25", false);
    session.knows_tools(1);
    session.tools_changed(1);
    const auto log = session.stream(0);
    EXPECT_EQ(log->last(), 0);
    session.tools_changed(2);
    session.tools_changed(3);
    EXPECT_EQ(log->last(), 1);
    log->set_given(1);
    session.tools_changed(4);
    EXPECT_EQ(log->last(), 2);
}

TEST(Sessions, OneThatIsInUseIsNotPushedOut) {
    Sessions sessions({1, std::chrono::minutes(1)});
    const auto first = sessions.add("alice", "2025-11-25", false);
    std::stop_source running;
    first->begin("1", running);
    EXPECT_THROW(sessions.add("alice", "2025-11-25", false), RpcError);
    EXPECT_EQ(sessions.find("alice", first->id()), first);
    EXPECT_EQ(sessions.find("bob", first->id()), nullptr);
    first->finish("1");
    const auto second = sessions.add("alice", "2025-11-25", false);
    EXPECT_EQ(sessions.find("alice", first->id()), nullptr);
    EXPECT_NE(first->id(), second->id());
    EXPECT_TRUE(first->stream(0)->ended());
}

}  // namespace
}  // namespace assistd::api::mcp
