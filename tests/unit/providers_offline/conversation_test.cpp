// Conversations over several messages and rounds: what the provider works out from the history alone.

#include "conversation.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Conversations : public ::testing::Test {
  protected:
    Conversation talk_{shipped_tools()};
};

json good(const std::string& summary, const std::string& handle = "") {
    json body{{"success", true}, {"data", json::object()}, {"summary", summary}};
    if (!handle.empty())
        body["artifacts"] =
            json::array({{{"handle", handle}, {"kind", handle.substr(0, handle.rfind('-'))}}});
    return body;
}

// A tool that greets, as the template of a plugin has it.
std::shared_ptr<core::ToolSpec> greeter_tool() {
    const json text{{"type", "string"}, {"description", "Whom to greet"}};
    const json number{{"type", "integer"}, {"default", 1}, {"description", "How often"}};
    return make_tool("greet", {{"name", text}, {"times", number}}, {"greet {name}"}, {"{times} times"});
}

json running(const std::string& job) {
    return {{"success", true}, {"data", {{"status", "running"}, {"job_id", job}, {"progress", 0.1}}}};
}

TEST_F(Conversations, AskForWhatIsMissingAndUseTheAnswer) {
    for (const char* answer : {"500", "make it 500", "five hundred please", "Let's say 500.", "500 particles",
                               "about 500, I think", "with 500 particles", "use 500 of them"}) {
        EXPECT_EQ(talk_.say("Run a DLA simulation"),
                  "How many particles: 10 to 10,000,000 in 2-D, 10 to 1,000,000 in 3-D?");
        talk_.say(answer);
        EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":500})") << answer;
    }
}

TEST_F(Conversations, UseAnAnswerThatSaysMore) {
    talk_.say("Run a DLA simulation");
    talk_.say("500 particles in 2d with seed 7");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":500,"seed":7})");
}

TEST_F(Conversations, HonourEveryWordOfAnAnswer) {
    const std::vector<std::pair<std::string, std::string>> answers{
        {"300 in 2d please", R"({"dimensions":2,"n_particles":300})"},
        {"make it 400 in 2d", R"({"dimensions":2,"n_particles":400})"},
        {"500, seed 7", R"({"n_particles":500,"seed":7})"},
        {"250 with seed 4", R"({"n_particles":250,"seed":4})"},
        {"in 2d, 300", R"({"dimensions":2,"n_particles":300})"},
        {"five hundred in 2d with seed 3", R"({"dimensions":2,"n_particles":500,"seed":3})"}};
    for (const auto& [answer, arguments] : answers) {
        talk_.say("run a DLA simulation");
        talk_.say(answer);
        EXPECT_EQ(talk_.calls(), "run_dla_simulation " + arguments) << answer;
    }
}

TEST_F(Conversations, AskAgainWhenAWordOfAnAnswerIsNotUnderstood) {
    for (const char* answer :
         {"300 in purple", "300 million-ish", "10 to 300", "300 or 400", "300 nm", "300 in 4d"}) {
        talk_.say("run a DLA simulation");
        EXPECT_THAT(talk_.say(answer), HasSubstr("How many particles")) << answer;
        EXPECT_EQ(talk_.calls(), "") << answer;
        talk_.say("never mind");
    }
}

TEST_F(Conversations, KeepAUnit) {
    EXPECT_THAT(talk_.say("grow a cluster of 100 particles with radius 2 nm"), Not(HasSubstr("I took")));
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"length_unit":"nm","n_particles":100,"particle_radius":2.0})");
    talk_.say("grow a cluster");
    talk_.say("100 with radius 3 um");
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"length_unit":"um","n_particles":100,"particle_radius":3.0})");
    talk_.say("grow a cluster of 100 particles with radius 2 m");
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"length_unit":"m","n_particles":100,"particle_radius":2.0})");
    talk_.say("grow a cluster of 100 particles with radius 2");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":100,"particle_radius":2.0})");
}

TEST_F(Conversations, WorkOnWhatIsAttached) {
    talk_.artifacts->put("simulation-1");
    talk_.artifacts->put("simulation-5");
    for (const char* words : {"analyze this", "analyze it", "run box counting", "analyze the simulation"}) {
        talk_.say(std::string(words) + "\n[attached: simulation-1, dla.npy]");
        EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-1"})") << words;
    }
    talk_.say("analyze these\n[attached: simulation-1, dla.npy]\n[attached: simulation-5, b.npy]");
    EXPECT_EQ(
        talk_.calls(),
        R"(run_box_counting {"simulation":"simulation-1"} | run_box_counting {"simulation":"simulation-5"})");
    talk_.say("compare them\n[attached: simulation-1, dla.npy]\n[attached: simulation-5, b.npy]");
    EXPECT_EQ(talk_.calls(), R"(compare_simulations {"simulations":["simulation-1","simulation-5"]})");
    talk_.say("analyze this\n[attached: simulation-1, dla.npy]\n[attached: simulation-5, b.npy]");
    EXPECT_EQ(
        talk_.calls(),
        R"(run_box_counting {"simulation":"simulation-1"} | run_box_counting {"simulation":"simulation-5"})");
}

TEST_F(Conversations, SayWhatWasNotUsedOfWhatIsAttached) {
    talk_.artifacts->put("simulation-5");
    EXPECT_THAT(talk_.say("analyze this\n[attached: file-1, notes.txt]"),
                HasSubstr("(**file-1**) is no simulation"));
    EXPECT_EQ(talk_.calls(), "");
    EXPECT_THAT(talk_.say("grow a cluster of 50 particles\n[attached: file-1, notes.txt]"),
                HasSubstr("no use of the attached **file-1**"));
    EXPECT_THAT(talk_.say("analyze simulation-5\n[attached: simulation-5, a.npy]"), Not(HasSubstr("no use")));
}

TEST_F(Conversations, KeepEverythingToTheConversation) {
    for (int i = 1; i <= 30; ++i) talk_.artifacts->put("simulation-" + std::to_string(i));
    EXPECT_THAT(talk_.say("plot everything"),
                HasSubstr("There is no simulation, analysis, comparison or study"));
    EXPECT_EQ(talk_.calls(), "");
    talk_.say("grow a cluster of 50 particles");
    talk_.say("grow a cluster of 60 particles");
    EXPECT_THAT(talk_.say("plot everything"), HasSubstr("belongs to this conversation"));
    EXPECT_EQ(talk_.calls(),
              R"(generate_plot {"source":"simulation-101"} | generate_plot {"source":"simulation-102"})");
}

TEST_F(Conversations, SayWhatWasTakenFromElsewhere) {
    talk_.artifacts->put("simulation-5");
    EXPECT_THAT(talk_.say("analyze it"), HasSubstr("I took **simulation-5** from outside this conversation"));
    EXPECT_THAT(talk_.say("analyze simulation-4"), Not(HasSubstr("outside")));
}

TEST_F(Conversations, MeanTheNewestThingMadeByIt) {
    talk_.runner = [&](const std::string& tool, const json&) -> json {
        if (tool == "generate_plot") return good("Drew it.", "plot-1");
        json body = good("Grew it.", "simulation-3");
        body["data"] = json{{"df", 2.5}, {"df_stderr", 0.007962}};
        return body;
    };
    talk_.say("grow a cluster of 50 particles");
    talk_.say("plot it");
    EXPECT_EQ(talk_.say("what is its fractal dimension?"),
              "**simulation-3**: fractal dimension 2.5000 ± 0.0080 (DLA simulation).");
    EXPECT_EQ(talk_.calls(), "");
}

TEST_F(Conversations, AskForTheValueThatAPhraseEndsWith) {
    Conversation greeter(make_tools({greeter_tool()}));
    EXPECT_EQ(greeter.say("greet"), "Whom to greet?");
    greeter.say("Ada three times");
    EXPECT_EQ(greeter.calls(), R"(greet {"name":"Ada","times":3})");
}

TEST_F(Conversations, CorrectNoWordThatIsRight) {
    Conversation greeter(make_tools({greeter_tool(), make_tool("x", json::object(), {"there any list"})}));
    EXPECT_THAT(greeter.say("greet Marie Curie and Ada three times"), Not(HasSubstr("there times")));
}

TEST_F(Conversations, GrowAnotherOne) {
    talk_.say("run a dla simulation with 100 particles in 2d and seed 1");
    talk_.say("grow another one with seed 8");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":100,"seed":8})");
}

TEST_F(Conversations, KeepTheWholeOrderWhileTheyAsk) {
    EXPECT_THAT(talk_.say("grow a 2d cluster, then analyze it and export it as csv"),
                HasSubstr("How many particles"));
    EXPECT_EQ(talk_.calls(), "");
    talk_.say("2k");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":2000} > )"
                             R"(run_box_counting {"simulation":"simulation-101"} | )"
                             R"(export_geometry {"format":"csv","simulation":"simulation-101"})");
}

TEST_F(Conversations, AskAgainUntilTheAnswerFits) {
    talk_.say("run a dla simulation");
    EXPECT_THAT(talk_.say("5"), HasSubstr("5 is too small"));
    EXPECT_THAT(talk_.say("purple"), HasSubstr("How many particles"));
    EXPECT_EQ(talk_.calls(), "");
    talk_.say("a thousand");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":1000})");
}

TEST_F(Conversations, CorrectWhatIsOutOfBounds) {
    EXPECT_THAT(talk_.say("run a dla simulation with 5 particles and seed 3"), HasSubstr("10 to 1,000,000"));
    talk_.say("50 then");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":50,"seed":3})");
}

TEST_F(Conversations, LetTheUserGiveUpOrTurnToSomethingElse) {
    for (const char* words : {"never mind", "Cancel.", "forget it", "no thanks"}) {
        talk_.say("run a dla simulation");
        EXPECT_THAT(talk_.say(words), HasSubstr("leave it")) << words;
        EXPECT_EQ(talk_.calls(), "");
        talk_.say("500");
        EXPECT_EQ(talk_.calls(), "") << "The question was withdrawn.";
    }
    talk_.say("run a dla simulation");
    talk_.say("list algorithms");
    EXPECT_EQ(talk_.calls(), "list_algorithms {}");
    talk_.say("500");
    EXPECT_EQ(talk_.calls(), "");
}

TEST_F(Conversations, AskForSeveralThingsOneAtATime) {
    const json text{{"type", "string"}, {"description", "Whom to greet"}};
    const json number{
        {"type", "integer"}, {"minimum", 1}, {"maximum", 9}, {"description", "Number of greetings"}};
    Conversation greeter(
        make_tools({make_tool("greet", {{"name", text}, {"times", number}}, {"greet somebody"})}));
    EXPECT_EQ(greeter.say("greet somebody"), "Whom to greet?");
    EXPECT_EQ(greeter.say("Ada Lovelace"), "How many greetings? (1 to 9)");
    greeter.say("three");
    EXPECT_EQ(greeter.calls(), R"(greet {"name":"Ada Lovelace","times":3})");
}

TEST_F(Conversations, BindItToWhatTheConversationMade) {
    talk_.artifacts->put("simulation-7");
    talk_.say("run a dla simulation with 100 particles");
    talk_.say("run a dla simulation with 200 particles");
    talk_.say("analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-102"})");
    talk_.say("compare them");
    EXPECT_EQ(talk_.calls(), R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})");
    talk_.say("analyze the first one");
    talk_.say("export it");
    EXPECT_EQ(talk_.calls(), R"(export_geometry {"simulation":"simulation-102"})")
        << "It is what was made last, not what was worked on.";
    talk_.say("analyze simulation-101");
    talk_.say("export it");
    EXPECT_EQ(talk_.calls(), R"(export_geometry {"simulation":"simulation-101"})")
        << "Unless it was called by its handle.";
    talk_.say("plot it");
    EXPECT_EQ(talk_.calls(), R"(generate_plot {"source":"analysis-103"})");
}

// Two things that were made, and not one of them with what it was made of.
TEST_F(Conversations, MeanByBothTheTwoThatWereMade) {
    talk_.artifacts->put("simulation-1");
    talk_.artifacts->put("simulation-5");
    talk_.say("run box counting on simulation-1 and simulation-5");
    for (const char* words : {"plot both", "plot them"}) {
        talk_.say(words);
        EXPECT_EQ(talk_.calls(),
                  R"(generate_plot {"source":"analysis-101"} | generate_plot {"source":"analysis-102"})")
            << words;
    }
    talk_.say("run box counting on simulation-1 and simulation-5");
    talk_.say("compare them");
    EXPECT_EQ(talk_.calls(), R"(compare_simulations {"simulations":["simulation-1","simulation-5"]})");
}

TEST_F(Conversations, SayWhenThereIsNothingToWorkOn) {
    EXPECT_THAT(talk_.say("analyze it"), HasSubstr("no simulation yet"));
    EXPECT_EQ(talk_.calls(), "");
    talk_.artifacts->put("simulation-1");
    EXPECT_THAT(talk_.say("compare all simulations"), HasSubstr("at least 2"));
    EXPECT_EQ(talk_.calls(), "");
}

TEST_F(Conversations, StopAtAFailureAndSayWhatWasDone) {
    talk_.runner = [](const std::string& tool, const json&) -> json {
        if (tool == "run_dla_simulation") return good("Grew 500 particles.", "simulation-1");
        return {
            {"success", false},
            {"error",
             {{"error_type", "ValidationError"},
              {"message", "The arguments are wrong."},
              {"recoverable", true},
              {"details", {{"errors", {{{"field", "grids"}, {"message", "grids must be at most 32."}}}}}}}}};
    };
    const std::string reply =
        talk_.say("run a dla simulation with 500 particles, then analyze it, then plot it, then export it");
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"n_particles":500} > run_box_counting {"simulation":"simulation-1"})");
    EXPECT_THAT(reply,
                HasSubstr("Box counting did not work: The arguments are wrong. grids must be at most 32."));
    EXPECT_THAT(reply, HasSubstr("Grew 500 particles. → **simulation-1**"));
    EXPECT_THAT(reply, HasSubstr("Not done: “plot it” and “export it”"));
}

TEST_F(Conversations, WaitForAJobWhoseResultIsNeeded) {
    int waits = 0;
    talk_.runner = [&](const std::string& tool, const json& arguments) -> json {
        if (tool == "run_dla_simulation") return running("job_0a");
        if (tool != "wait_for_job") return good("Measured Df 2.5.", "analysis-1");
        EXPECT_EQ(arguments["job_id"], "job_0a");
        if (++waits < 3) return running("job_0a");
        return {{"success", true},
                {"data",
                 {{"job_id", "job_0a"},
                  {"status", "completed"},
                  {"progress", 1.0},
                  {"result", good("Grew it.", "simulation-9")}}}};
    };
    const std::string reply = talk_.say("run a dla simulation with 900k particles and analyze it");
    const std::string wait = R"(wait_for_job {"job_id":"job_0a"} > )";
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":900000} > )" + wait + wait + wait +
                                 R"(run_box_counting {"simulation":"simulation-9"})");
    EXPECT_THAT(reply, HasSubstr("Grew it. → **simulation-9**"));
    const std::set<std::string> ids(talk_.call_ids().begin(), talk_.call_ids().end());
    EXPECT_EQ(ids.size(), talk_.call_ids().size());
}

TEST_F(Conversations, GiveUpWaitingInTheEnd) {
    talk_.runner = [](const std::string&, const json&) { return running("job_0a"); };
    const std::string reply = talk_.say("run a dla simulation with 900k particles and analyze it");
    EXPECT_LE(talk_.call_ids().size(), 8u);
    EXPECT_THAT(reply, HasSubstr("background as job_0a"));
    EXPECT_THAT(reply, HasSubstr("“analyze it”"));
    talk_.say("how is the job?");
    EXPECT_EQ(talk_.calls(), "get_job_status {}") << "The tool knows the conversation's job.";
}

TEST_F(Conversations, StopWhenAJobFails) {
    talk_.runner = [](const std::string& tool, const json&) -> json {
        if (tool == "run_dla_simulation") return running("job_0a");
        json failed{{"success", false},
                    {"error", {{"error_type", "TimeoutError"}, {"message", "It took too long."}}}};
        return {{"success", true},
                {"data", {{"job_id", "job_0a"}, {"status", "failed"}, {"result", failed}}}};
    };
    const std::string reply = talk_.say("run a dla simulation with 900k particles and analyze it");
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"n_particles":900000} > wait_for_job {"job_id":"job_0a"})");
    EXPECT_THAT(reply, HasSubstr("DLA simulation did not work: It took too long."));
}

TEST_F(Conversations, LeaveALoneJobInTheBackground) {
    talk_.runner = [](const std::string&, const json&) { return running("job_0a"); };
    EXPECT_THAT(talk_.say("run a dla simulation with 900k particles"), HasSubstr("background as job_0a"));
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":900000})");
}

TEST_F(Conversations, KnowWhatAJobMadeFromItsNotice) {
    talk_.say("run a dla simulation with 500 particles");
    talk_.runner = [](const std::string&, const json&) { return running("job_0a"); };
    talk_.say("run a dla simulation with 900k particles");
    core::Message notice;
    notice.role = core::Role::system;
    notice.blocks.push_back(core::TextBlock{"run_dla_simulation finished: Grew it (3-D). (simulation-77)."});
    talk_.messages.push_back(std::make_shared<const core::Message>(notice));
    talk_.say("analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-77"})");
}

TEST_F(Conversations, WaitWhenToldTo) {
    talk_.runner = [](const std::string& tool, const json&) {
        return tool == "wait_for_job" ? good("Ended.") : running("job_0a");
    };
    talk_.say("run a dla simulation with 900k particles and wait for it");
    EXPECT_EQ(talk_.calls(),
              R"(run_dla_simulation {"n_particles":900000} > wait_for_job {"job_id":"job_0a"})");
}

TEST_F(Conversations, AskWhichToolIsMeant) {
    const json nothing = json::object();
    Conversation two(make_tools(
        {make_tool("bake_bread", nothing, {"bake it"}), make_tool("bake_cake", nothing, {"bake it"})}));
    EXPECT_THAT(two.say("bake it"), HasSubstr("1. Bake bread (`bake_bread`)\n2. Bake cake (`bake_cake`)"));
    EXPECT_EQ(two.calls(), "");
    two.say("the cake please");
    EXPECT_EQ(two.calls(), "bake_cake {}");
    two.say("bake it");
    two.say("the first one");
    EXPECT_EQ(two.calls(), "bake_bread {}");
    two.say("bake it");
    EXPECT_THAT(two.say("whatever"), HasSubstr("could not tell"));
    EXPECT_EQ(two.calls(), "");
}

TEST_F(Conversations, RunANearSpellingOnceItIsConfirmed) {
    EXPECT_THAT(talk_.say("run a dla simluation with 500 particels"),
                HasSubstr("Did you mean “run a dla simulation with 500 particle"));
    EXPECT_EQ(talk_.calls(), "");
    talk_.say("yes please");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":500})");
}

TEST_F(Conversations, SumUpEachStepAndSuggestOneMore) {
    talk_.runner = [](const std::string&, const json&) {
        return good("Grew 500 particles in 3-D as simulation-12.", "simulation-12");
    };
    const std::string reply = talk_.say("run a dla simulation with 500 particles");
    EXPECT_EQ(reply, "Grew 500 particles in 3-D as **simulation-12**.\n\nNext you could say “Analyze it”.");
}

TEST_F(Conversations, ShowWhatAToolTells) {
    talk_.runner = [](const std::string&, const json&) -> json {
        return {{"success", true},
                {"summary", "One algorithm."},
                {"data",
                 {{"algorithms", {{{"name", "dla"}, {"description", "Diffusion-limited aggregation"}}}}}}};
    };
    EXPECT_EQ(talk_.say("list algorithms"), "One algorithm.\n\n- **dla**: Diffusion-limited aggregation\n");
}

TEST_F(Conversations, SumUpWithoutToolsWhenTheTurnAllowsNoMore) {
    talk_.max_rounds = 1;
    const std::string reply = talk_.say("run a dla simulation with 500 particles, then analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":500})");
    EXPECT_THAT(reply, HasSubstr("**simulation-101**"));
    EXPECT_THAT(reply, HasSubstr("Not done: “analyze it”"));
}

TEST_F(Conversations, RepeatATunableClusterWithAnotherTarget) {
    talk_.say("grow a tunable cluster of 64 particles with df 1.8");
    for (const char* words : {"same with Df 2.1", "now with Df 2.1", "run the same simulation with Df 2.1"}) {
        talk_.say(words);
        EXPECT_EQ(talk_.calls(), R"(run_tunable_simulation {"n_particles":64,"target_df":2.1})") << words;
    }
}

TEST_F(Conversations, RepeatACallWithAChange) {
    talk_.say("run a dla simulation with 100 particles in 2d and seed 1");
    const char* changed = R"(run_dla_simulation {"dimensions":2,"n_particles":100,"seed":3})";
    for (const char* words : {"repeat that with seed 3", "Run it again with seed 3", "the same with seed 3",
                              "now with seed 3", "again, but with seed 3 please", "same again with seed 3"}) {
        talk_.say(words);
        EXPECT_EQ(talk_.calls(), changed) << words;
    }
    talk_.say("repeat that");
    EXPECT_EQ(talk_.calls(), changed);
    talk_.say("repeat that with another seed");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":100})");
    talk_.say("repeat it with seed 4 and analyze it");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":100,"seed":4} > )"
                             R"(run_box_counting {"simulation":"simulation-110"})");
    talk_.say("repeat the last simulation with 200 particles in 3d");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"dimensions":3,"n_particles":200,"seed":4})");
    talk_.say("don't repeat that");
    EXPECT_EQ(talk_.calls(), "");
    EXPECT_THAT(talk_.say("repeat that with 5 particles"), HasSubstr("5 is too small"));
}

TEST_F(Conversations, TellWhatIsExactBeforeWhatWasMeasured) {
    talk_.runner = [&](const std::string&, const json&) -> json {
        json body = good("Built it.", "simulation-1");
        body["data"] = {{"df", 3.155}, {"df_stderr", 0.0095}, {"df_ideal", 3}};
        return body;
    };
    talk_.say("run a dla simulation with 500 particles");
    EXPECT_EQ(talk_.say("what is its Df?"),
              "**simulation-1**: fractal dimension 3, exact; measured 3.1550 ± 0.0095 (DLA simulation).");
}

TEST_F(Conversations, TellWhatAResultCarries) {
    int runs = 0;
    talk_.runner = [&](const std::string& tool, const json&) -> json {
        if (tool == "export_geometry") return good("Wrote it.", "geometry-1");
        json body = tool == "run_box_counting" ? good("Counted.", "analysis-1")
                                               : good("Grew it.", "simulation-" + std::to_string(++runs));
        body["data"] = tool == "run_box_counting"
                           ? json{{"df", 1.65}, {"standard_error", 0.02}, {"extent", 40.5}}
                           : json{{"df", 2.5}, {"df_stderr", 0.01}, {"rg", 12.3456}};
        return body;
    };
    talk_.say("run a dla simulation with 500 particles");
    talk_.say("export it as xyz");
    for (const char* words :
         {"what is its Rg", "What's the radius of gyration of the last one?", "Rg?", "Tell me its Rg."}) {
        EXPECT_EQ(talk_.say(words), "**simulation-1**: radius of gyration 12.35 (DLA simulation).") << words;
        EXPECT_EQ(talk_.calls(), "");
    }
    for (const char* words : {"what is its fractal dimension?", "Df of the last one", "what is the df of it"})
        EXPECT_EQ(talk_.say(words), "**simulation-1**: fractal dimension 2.500 ± 0.010 (DLA simulation).")
            << words;
    talk_.say("what is its box counting dimension?");
    EXPECT_EQ(talk_.calls(), R"(run_box_counting {"simulation":"simulation-1"})");
    EXPECT_EQ(
        talk_.say("and its df?"),
        "**simulation-1**: fractal dimension 2.500 ± 0.010 (DLA simulation); box counting dimension 1.650 ± "
        "0.020 (Box counting).");
    EXPECT_EQ(talk_.say("what is its extent?"), "**simulation-1**: extent 40.50 (Box counting).");
    talk_.say("run two dla simulations with 100 particles");
    EXPECT_EQ(talk_.say("what are their fractal dimensions?"),
              "- **simulation-2**: fractal dimension 2.500 ± 0.010 (DLA simulation)\n"
              "- **simulation-3**: fractal dimension 2.500 ± 0.010 (DLA simulation)\n");
    EXPECT_EQ(talk_.say("what is the Rg of simulation-1?"),
              "**simulation-1**: radius of gyration 12.35 (DLA simulation).");
    // What this conversation has not seen is looked up.
    talk_.say("what is the Rg of simulation-77?");
    EXPECT_EQ(talk_.calls(), R"(get_simulation_details {"simulation":"simulation-77"})");
    talk_.say("what is the fractal dimension of simulation-77?");
    EXPECT_EQ(talk_.calls(), R"(get_simulation_details {"simulation":"simulation-77"})");
}

TEST_F(Conversations, SuggestToPlotItAfterAnAnalysis) {
    talk_.say("run a dla simulation with 500 particles");
    EXPECT_THAT(talk_.say("analyze it"), HasSubstr("“Plot it”"));
}

TEST_F(Conversations, ListRunsInCallOrder) {
    int number = 4;
    talk_.runner = [&](const std::string&, const json& arguments) -> json {
        const std::string handle = "simulation-" + std::to_string(--number);
        return good("Grew " + arguments.value("n_particles", json()).dump() + " as " + handle + ".", handle);
    };
    const std::string reply = talk_.say("run dla simulations with 100, 200 and 300 particles");
    EXPECT_LT(reply.find("Grew 100"), reply.find("Grew 200"));
    EXPECT_LT(reply.find("Grew 200"), reply.find("Grew 300"));
    talk_.say("compare them");
    EXPECT_EQ(talk_.calls(),
              R"(compare_simulations {"simulations":["simulation-3","simulation-2","simulation-1"]})");
}

TEST_F(Conversations, CancelTheJob) {
    talk_.runner = [](const std::string& tool, const json&) {
        return tool == "cancel_job" ? good("Cancelled.") : running("job_0a");
    };
    talk_.say("run a dla simulation with 900k particles");
    talk_.say("cancel it");
    EXPECT_EQ(talk_.calls(), R"(cancel_job {"job_id":"job_0a"})");
    talk_.say("stop the job");
    EXPECT_EQ(talk_.calls(), "cancel_job {}");
}

TEST_F(Conversations, AskWhichOfTwoValuesIsMeant) {
    EXPECT_THAT(talk_.say("run a dla simulation with 500 particles and 600 particles"),
                HasSubstr("both 500 and 600"));
    talk_.say("600");
    EXPECT_EQ(talk_.calls(), R"(run_dla_simulation {"n_particles":600})");
}

TEST_F(Conversations, AreTheSameEveryTime) {
    const char* sentences[] = {"run a dla simulation", "500", "compare it with the last one",
                               "what can you do?", "analyse"};
    std::vector<std::string> first;
    for (int run = 0; run < 2; ++run) {
        Conversation talk(shipped_tools());
        std::vector<std::string> said;
        for (const char* sentence : sentences) {
            said.push_back(talk.say(sentence));
            said.push_back(talk.calls());
        }
        if (run == 0) first = said;
        EXPECT_EQ(said, first);
    }
}

TEST(WaitingTools, AreToldOfWhenSomebodyMayMeanThem) {
    const auto tools = std::make_shared<core::ToolSet>(*make_tools({greeter_tool()}));
    tools->waiting = {{"forecast", "forecast waits: agree to it first."}};
    Conversation talk(tools);
    for (const char* sentence : {"forecast the rain", "list tools"})
        EXPECT_THAT(talk.say(sentence),
                    HasSubstr("\n\nNot there now:\n\n- forecast waits: agree to it first."));
    EXPECT_THAT(talk.say("greet Ada"), Not(HasSubstr("forecast")));
}

}  // namespace
}  // namespace assistd::test
