#include "cli/turn_renderer.h"

#include <sstream>

#include "base/utf8.h"
#include "unit/cli/screen.h"

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
    std::string taken(std::ostringstream& from) {
        std::string text = from.str();
        from.str("");
        return text;
    }
    std::string taken() { return taken(out); }
    // What the terminal shows by now.
    std::string seen() {
        display.write(taken());
        return display.text();
    }

    std::ostringstream out;
    std::ostringstream err;
    Terminal pipe;
    Terminal terminal{true, false, 80};
    Screen display;
};

TEST_F(TurnRendererTest, ToolsHaveTheirTitlesAndOnceTheirNames) {
    const auto title = [](const std::string& name) { return name == "grow" ? "Growth" : name; };
    TurnRenderer piped(out, err, pipe, {}, title);
    call(piped, "c1", "grow");
    result(piped, "c1", "grow", true, 2'100);
    EXPECT_EQ(taken(err),
              "Growth (grow): started with n=500, mode=2d\nGrowth: done in 2.1 s: Grew it. (simulation-1)\n");
    TurnRenderer shown(out, err, terminal, {}, title);
    call(shown, "c2", "grow");
    EXPECT_THAT(seen(), testing::HasSubstr("Growth [---"));
    result(shown, "c2", "grow", true);
    EXPECT_THAT(seen(), testing::HasSubstr("✓ Growth (grow): done"));
    result(shown, "c3", "other", true);
    EXPECT_THAT(seen(), testing::HasSubstr("✓ other: done"));
}

TEST_F(TurnRendererTest, ThatItWasStoppedIsToldAtTheEndAlone) {
    TurnRenderer renderer(out, err, pipe);
    show(renderer, "message.delta", {{"delta", "Half"}});
    show(renderer, "message.completed",
         {{"message", {{"note", "It was cancelled."}, {"finish_reason", "cancelled"}}}});
    renderer.finish();
    EXPECT_EQ(taken(), "Half\n");
    EXPECT_EQ(taken(err), "");
}

TEST_F(TurnRendererTest, APipeGetsPlainLines) {
    TurnRenderer renderer(out, err, pipe);
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
    EXPECT_EQ(taken(), "It grew.\n");
    EXPECT_EQ(taken(err),
              "grow: started with n=500, mode=2d\n"
              "grow: 50 % half\n"
              "grow: done in 2.1 s: Grew it. (simulation-1)\n");
    ASSERT_EQ(renderer.artifacts().size(), 1u);
}

class RestartedReply : public TurnRendererTest {
  protected:
    void delta(const std::string& message, const std::string& text) {
        show(renderer, "message.delta", {{"message_id", message}, {"delta", text}});
    }
    void completed() { show(renderer, "message.completed", Json::object()); }

    TurnRenderer renderer{out, err, pipe};
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
    EXPECT_EQ(taken(), "It grew well\nIt grows. Good.\n");
    EXPECT_EQ(taken(err), "(The reply begins anew.)\n");
}

TEST_F(RestartedReply, ThatIsShorterIsShownWhole) {
    delta("m1", "It grew well");
    delta("m2", "It grew");
    completed();
    EXPECT_EQ(taken(), "It grew well\nIt grew\n");
    EXPECT_EQ(taken(err), "(The reply begins anew.)\n");
}

TEST_F(RestartedReply, IsNoneWhenTheMessageBeforeWasComplete) {
    delta("m1", "Again.");
    completed();
    delta("m2", "Again.");
    completed();
    EXPECT_EQ(taken(), "Again.\nAgain.\n");
}

TEST_F(TurnRendererTest, AReplyThatIsNotWholeIsSaidToBeNone) {
    TurnRenderer renderer(out, err, pipe);
    show(renderer, "message.delta", {{"delta", "Half"}});
    show(renderer, "message.completed", {{"message", {{"note", "It ended early."}}}});
    EXPECT_EQ(taken(), "Half\n");
    EXPECT_EQ(taken(err), "(It ended early.)\n");
}

TEST_F(TurnRendererTest, ATerminalGetsABarThatIsDrawnAgain) {
    TurnRenderer renderer(out, err, terminal);
    call(renderer, "c1", "grow");
    EXPECT_EQ(taken(), "grow [------------------------]   0 %  0.0 s");
    progress(renderer, "c1", 0.5, "200 of 400", 1'500);
    EXPECT_EQ(taken(), "\rgrow [############------------]  50 %  1.5 s  200 of 400\x1b[K\x1b[J");
    renderer.tick(TurnRenderer::Time(std::chrono::milliseconds(1'600)));
    EXPECT_EQ(taken(), "\rgrow [############------------]  50 %  1.6 s  200 of 400\x1b[K\x1b[J");
    result(renderer, "c1", "grow", true, 2'000);
    EXPECT_EQ(taken(), "\r✓ grow: done in 2.0 s: Grew it. (simulation-1)\x1b[K\x1b[J\n");
    renderer.tick({});
    EXPECT_EQ(taken(), "");
}

TEST_F(TurnRendererTest, SeveralBarsStandBelowEachOtherAndTheReplyAbove) {
    TurnRenderer renderer(out, err, terminal);
    call(renderer, "c1", "one");
    call(renderer, "c2", "two");
    EXPECT_EQ(seen(),
              "one [------------------------]   0 %  0.0 s\ntwo [------------------------]   0 %  0.0 s\n");
    result(renderer, "c1", "one", false);
    EXPECT_EQ(seen(), "✗ one: failed: Grew it.\ntwo [------------------------]   0 %  0.0 s\n");
    show(renderer, "message.delta", {{"delta", "text"}}, 100);
    EXPECT_EQ(seen(), "✗ one: failed: Grew it.\n\ntext\ntwo [------------------------]   0 %  0.1 s\n");
    renderer.finish();
    EXPECT_EQ(seen(), "✗ one: failed: Grew it.\n\ntext\n");
    EXPECT_EQ(display.column(), 0u);
}

TEST_F(TurnRendererTest, TheReplyIsFormattedWhileItGrows) {
    TurnRenderer renderer(out, err, Terminal{true, true, 40});
    const std::string reply =
        "## Result\n\nIt **grew** well, said\n\n* the first\n* the second\n\n```\nx = 1\n```\n";
    int ms = 0;
    for (const char c : reply)
        show(renderer, "message.delta", {{"message_id", "m"}, {"delta", std::string(1, c)}}, ms += 40);
    EXPECT_EQ(seen(), "Result\n\nIt grew well, said\n\n• the first\n• the second\n\n  x = 1\n");
    show(renderer, "message.completed", Json::object(), ms);
    EXPECT_EQ(seen(), "Result\n\nIt grew well, said\n\n• the first\n• the second\n\n  x = 1\n");
    EXPECT_EQ(display.column(), 0u);
}

TEST_F(TurnRendererTest, AModelThatWritesFastIsDrawnNowAndThen) {
    TurnRenderer renderer(out, err, terminal);
    for (int i = 0; i < 100; ++i)
        show(renderer, "message.delta", {{"message_id", "m"}, {"delta", "word "}}, 1'000);
    const std::string first = taken();
    EXPECT_LT(first.size(), 20u);
    renderer.tick(TurnRenderer::Time(std::chrono::milliseconds(1'100)));
    EXPECT_GT(taken().size(), 400u);
}

TEST_F(TurnRendererTest, ThoughtsAreShownWhileTheyAreThought) {
    TurnRenderer renderer(out, err, terminal);
    show(renderer, "thinking.delta", {{"message_id", "m"}, {"delta", "Let me\nsee"}}, 100);
    EXPECT_EQ(seen(), "Thinking: Let me see\n");
    show(renderer, "thinking.delta", {{"message_id", "m"}, {"delta", std::string(200, 'a') + " ö."}}, 200);
    EXPECT_THAT(seen(), testing::AllOf(testing::StartsWith("Thinking: …aaa"), testing::EndsWith("a ö.\n")));
    EXPECT_LE(count_characters(seen()), 80u);
    show(renderer, "message.delta", {{"message_id", "m"}, {"delta", "It is so."}}, 300);
    renderer.finish();
    EXPECT_EQ(seen(), "It is so.\n");

    TurnRenderer piped(out, err, pipe);
    show(piped, "thinking.delta", {{"message_id", "m"}, {"delta", "Let me see"}}, 100);
    show(piped, "message.delta", {{"message_id", "m"}, {"delta", "It is so."}}, 300);
    piped.finish();
    EXPECT_EQ(taken(), "It is so.\n");
}

TEST_F(TurnRendererTest, ADaemonThatIsAwayIsSaidToBe) {
    TurnRenderer renderer(out, err, terminal);
    show(renderer, "message.delta", {{"message_id", "m"}, {"delta", "It gr"}}, 100);
    renderer.away("It is waited for.");
    EXPECT_EQ(seen(), "It gr\nIt is waited for.\n");
    renderer.away("");
    show(renderer, "message.delta", {{"message_id", "m"}, {"delta", "ew."}}, 200);
    EXPECT_EQ(seen(), "It grew.\n");
}

TEST_F(TurnRendererTest, WhileSomebodyIsAskedNothingIsDrawn) {
    TurnRenderer renderer(out, err, terminal);
    call(renderer, "c1", "one");
    call(renderer, "c2", "two");
    renderer.rest();
    EXPECT_EQ(seen(), "");
    display.write("May it? ");
    result(renderer, "c2", "two", true);
    EXPECT_EQ(seen(), "May it?\n✓ two: done: Grew it. (simulation-1)\n");
    renderer.tick({});
    EXPECT_EQ(seen(),
              "May it?\n✓ two: done: Grew it. (simulation-1)\none [------------------------]   0 %  "
              "0.0 s\n");
}

TEST_F(TurnRendererTest, TheTimeOfAToolIsWithoutThatOfAPerson) {
    TurnRenderer renderer(out, err, terminal);
    call(renderer, "c1", "asked");
    call(renderer, "c2", "meanwhile");
    show(renderer, "approval.required", {{"tool_call_id", "c1"}, {"name", "asked"}});
    renderer.rest();
    renderer.tick(TurnRenderer::Time(std::chrono::seconds(30)));
    result(renderer, "c1", "asked", true, 31'500);
    result(renderer, "c2", "meanwhile", true, 32'000);
    EXPECT_THAT(seen(), testing::HasSubstr("asked: done in 1.5 s: Grew it."));
    EXPECT_THAT(display.text(), testing::HasSubstr("meanwhile: done in 32.0 s: Grew it."));
    call(renderer, "c3", "refused", 40'000);
    show(renderer, "approval.required", {{"tool_call_id", "c3"}, {"name", "refused"}}, 40'000);
    renderer.rest();
    result(renderer, "c3", "refused", false, 70'000);
    EXPECT_THAT(seen(), testing::HasSubstr("refused: failed: Grew it."));
}

TEST_F(TurnRendererTest, BarsFitTheTerminal) {
    TurnRenderer renderer(out, err, Terminal{true, false, 30});
    call(renderer, "c1", "grow");
    progress(renderer, "c1", 2.5, "a very long note that does not fit");
    display = Screen(30);
    EXPECT_EQ(std::ranges::count(seen(), '\n'), 1);
}

TEST_F(TurnRendererTest, AJobIsSaidToGoOn) {
    TurnRenderer renderer(out, err, pipe);
    call(renderer, "c1", "grow");
    taken(err);
    show(
        renderer, "tool.result",
        {{"tool_call_id", "c1"}, {"name", "grow"}, {"success", true}, {"summary", "x"}, {"job_id", "job_7"}});
    EXPECT_EQ(taken(err), "grow: goes on as job_7\n");
}

TEST_F(TurnRendererTest, WhatComesFromOutsideIsHarmless) {
    TurnRenderer renderer(out, err, terminal);
    show(renderer, "message.delta", {{"delta", "a\x1b[2Jb"}}, 100);
    show(renderer, "tool.result",
         {{"tool_call_id", "c"}, {"name", "x\x1b[31m"}, {"success", true}, {"summary", "l1\nl2"}});
    show(renderer, "tool.progress", {{"tool_call_id", "unknown"}, {"fraction", "no number"}});
    renderer.show({"message.delta", "", "no json"}, {});
    show(renderer, "message.delta", {{"delta", 5}});
    EXPECT_EQ(taken(), "a[2Jb\n\n✓ x[31m: done: l1 l2\n");
}

TEST_F(TurnRendererTest, ColoursOnlyWhereTheyAreWanted) {
    TurnRenderer renderer(out, err, Terminal{true, true, 80});
    result(renderer, "c1", "grow", true);
    EXPECT_EQ(taken(), "\x1b[32m✓ \x1b[0mgrow: done: Grew it. (simulation-1)\n");
}

}  // namespace
}  // namespace assistd::cli
