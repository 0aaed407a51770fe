#include "cli/turn_renderer.h"

#include <sstream>

namespace assistd::cli {
namespace {

class TurnRendererTest : public testing::Test {
  protected:
    void show(TurnRenderer& renderer, const std::string& name, const Json& data, int ms = 0) {
        renderer.show({name, "1", data.dump()}, TurnRenderer::Time(std::chrono::milliseconds(ms)));
    }
    void call(TurnRenderer& renderer, const std::string& id, const std::string& name, int ms = 0) {
        show(renderer, "tool.call",
             {{"tool_call_id", id}, {"name", name}, {"arguments", {{"n", 500}, {"mode", "2d"}}}}, ms);
    }
    void progress(TurnRenderer& renderer, const std::string& id, double fraction, const std::string& note,
                  int ms = 0) {
        show(renderer, "tool.progress", {{"tool_call_id", id}, {"fraction", fraction}, {"note", note}}, ms);
    }
    void result(TurnRenderer& renderer, const std::string& id, const std::string& name, bool success,
                int ms = 0) {
        Json artifacts = Json::array();
        if (success) artifacts.push_back({{"handle", "simulation-1"}});
        show(renderer, "tool.result",
             {{"tool_call_id", id},
              {"name", name},
              {"success", success},
              {"summary", "Grew it."},
              {"artifacts", artifacts}},
             ms);
    }
    std::string taken() {
        std::string text = out.str();
        out.str("");
        return text;
    }

    std::ostringstream out;
    Terminal pipe;
    Terminal screen{true, false, 80};
};

TEST_F(TurnRendererTest, APipeGetsPlainLines) {
    TurnRenderer renderer(out, pipe);
    call(renderer, "c1", "grow");
    progress(renderer, "c1", 0.05, "few");
    progress(renderer, "c1", 0.5, "half");
    progress(renderer, "c1", 0.55, "more");
    renderer.tick(TurnRenderer::Time(std::chrono::seconds(1)));
    result(renderer, "c1", "grow", true, 2'100);
    show(renderer, "message.delta", {{"delta", "It "}});
    show(renderer, "message.delta", {{"delta", "grew."}});
    show(renderer, "message.completed", Json::object());
    renderer.finish();
    EXPECT_EQ(taken(),
              "grow: started with n=500, mode=2d\n"
              "grow: 50 % half\n"
              "grow: done in 2.1 s: Grew it. (simulation-1)\n"
              "It grew.\n");
    ASSERT_EQ(renderer.artifacts().size(), 1u);
}

class RestartedReply : public TurnRendererTest {
  protected:
    void delta(const std::string& message, const std::string& text) {
        show(renderer, "message.delta", {{"message_id", message}, {"delta", text}});
    }
    void completed() { show(renderer, "message.completed", Json::object()); }

    TurnRenderer renderer{out, pipe};
};

TEST_F(RestartedReply, IsNotShownTwice) {
    delta("m1", "It grew");
    delta("m1", " well");
    for (const char* piece : {"It ", "grew well, and", " then some."}) delta("m2", piece);
    completed();
    EXPECT_EQ(taken(), "It grew well, and then some.\n");
}

TEST_F(RestartedReply, ThatBreaksOffAgainIsStillNotShownTwice) {
    delta("m1", "It grew well");
    delta("m2", "It g");
    delta("m3", "It grew");
    delta("m3", " well.");
    delta("m4", "It grew well. Good.");
    completed();
    EXPECT_EQ(taken(), "It grew well. Good.\n");
}

TEST_F(RestartedReply, InOtherWordsIsShownWhole) {
    delta("m1", "It grew well");
    delta("m2", "It gr");
    delta("m2", "ows.");
    delta("m2", " Good.");
    completed();
    EXPECT_EQ(taken(), "It grew well\n(The reply begins anew.)\nIt grows. Good.\n");
}

TEST_F(RestartedReply, ThatIsShorterIsShownWhole) {
    delta("m1", "It grew well");
    delta("m2", "It grew");
    completed();
    EXPECT_EQ(taken(), "It grew well\n(The reply begins anew.)\nIt grew\n");
}

TEST_F(RestartedReply, IsNoneWhenTheMessageBeforeWasComplete) {
    delta("m1", "Again.");
    completed();
    delta("m2", "Again.");
    completed();
    EXPECT_EQ(taken(), "Again.\nAgain.\n");
}

TEST_F(TurnRendererTest, AReplyThatIsNotWholeIsSaidToBeNone) {
    TurnRenderer renderer(out, pipe);
    show(renderer, "message.delta", {{"delta", "Half"}});
    show(renderer, "message.completed", {{"message", {{"note", "It ended early."}}}});
    EXPECT_EQ(taken(), "Half\n(It ended early.)\n");
}

TEST_F(TurnRendererTest, ATerminalGetsABarThatIsDrawnAgain) {
    TurnRenderer renderer(out, screen);
    call(renderer, "c1", "grow");
    EXPECT_EQ(taken(), "\rgrow [------------------------]   0 %  0.0 s");
    progress(renderer, "c1", 0.5, "200 of 400", 1'500);
    EXPECT_EQ(taken(), "\r\x1b[J\rgrow [############------------]  50 %  1.5 s  200 of 400");
    renderer.tick(TurnRenderer::Time(std::chrono::milliseconds(1'600)));
    EXPECT_EQ(taken(), "\r\x1b[J\rgrow [############------------]  50 %  1.6 s  200 of 400");
    result(renderer, "c1", "grow", true, 2'000);
    EXPECT_EQ(taken(), "\r\x1b[J✓ grow: done in 2.0 s: Grew it. (simulation-1)\n");
    renderer.tick({});
    EXPECT_EQ(taken(), "");
}

TEST_F(TurnRendererTest, SeveralBarsStandBelowEachOther) {
    TurnRenderer renderer(out, screen);
    call(renderer, "c1", "one");
    call(renderer, "c2", "two");
    taken();
    renderer.tick({});
    EXPECT_EQ(taken(),
              "\x1b[1A\r\x1b[J\rone [------------------------]   0 %  0.0 s\n\rtwo "
              "[------------------------]   0 %  0.0 s");
    result(renderer, "c1", "one", false);
    EXPECT_EQ(
        taken(),
        "\x1b[1A\r\x1b[J✗ one: failed in 0.0 s: Grew it.\n\rtwo [------------------------]   0 %  0.0 s");
    show(renderer, "message.delta", {{"delta", "text"}});
    EXPECT_EQ(taken(), "\r\x1b[Jtext");
    renderer.finish();
    EXPECT_EQ(taken(), "\n");
}

TEST_F(TurnRendererTest, BarsFitTheTerminal) {
    TurnRenderer renderer(out, Terminal{true, false, 30});
    call(renderer, "c1", "grow");
    progress(renderer, "c1", 2.5, "a very long note that does not fit");
    const std::string last = taken();
    EXPECT_LT(width(last.substr(last.rfind('\r') + 1)), 30u);
}

TEST_F(TurnRendererTest, AJobIsSaidToGoOn) {
    TurnRenderer renderer(out, pipe);
    call(renderer, "c1", "grow");
    taken();
    show(
        renderer, "tool.result",
        {{"tool_call_id", "c1"}, {"name", "grow"}, {"success", true}, {"summary", "x"}, {"job_id", "job_7"}});
    EXPECT_EQ(taken(), "grow: goes on as job_7\n");
}

TEST_F(TurnRendererTest, WhatComesFromOutsideIsHarmless) {
    TurnRenderer renderer(out, screen);
    show(renderer, "message.delta", {{"delta", "a\x1b[2Jb"}});
    show(renderer, "tool.result",
         {{"tool_call_id", "c"}, {"name", "x\x1b[31m"}, {"success", true}, {"summary", "l1\nl2"}});
    show(renderer, "tool.progress", {{"tool_call_id", "unknown"}, {"fraction", "no number"}});
    renderer.show({"message.delta", "", "no json"}, {});
    show(renderer, "message.delta", {{"delta", 5}});
    EXPECT_EQ(taken(), "a[2Jb\n✓ x[31m: done: l1 l2\n");
}

TEST_F(TurnRendererTest, ColoursOnlyWhereTheyAreWanted) {
    TurnRenderer renderer(out, Terminal{true, true, 80});
    result(renderer, "c1", "grow", true);
    EXPECT_EQ(taken(), "\x1b[32m✓ \x1b[0mgrow: done: Grew it. (simulation-1)\n");
}

}  // namespace
}  // namespace assistd::cli
