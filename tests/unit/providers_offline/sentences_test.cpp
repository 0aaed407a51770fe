// All sentences of the tables together: how long reading takes, and a file of one's own to try.

#include "sentences.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "providers/offline/orders/grammar.h"

namespace assistd::test {

void furnish_owner(Conversation& conversation) {
    conversation.artifacts->put("study-3");
    conversation.artifacts->put("simulation-5", "run_limiting_case");
    conversation.artifacts->put("simulation-6", "run_dla_simulation");
    conversation.artifacts->put("plot-2", "generate_plot");
    conversation.artifacts->put("analysis-4", "run_box_counting");
    conversation.artifacts->put("simulation-7", "run_limiting_case");
}

// ASSISTD_SENTENCES names a file whose lines are tried and shown; without it nothing is to be shown.
TEST(Sentences, OfAFileAreShown) {
    const char* file = std::getenv("ASSISTD_SENTENCES");
    std::ifstream lines(file ? file : "/dev/null");
    const auto tools = shipped_tools();
    for (std::string line; std::getline(lines, line);) {
        Conversation conversation(tools);
        furnish_owner(conversation);
        const std::string reply = conversation.say(line);
        std::printf("%s\n    %s\n    %s\n", line.c_str(), conversation.calls().c_str(),
                    reply.substr(0, 160).c_str());
    }
}

// Says what reading costs; how fast a machine is decides no test.
TEST(Sentences, AreReadQuickly) {
    const auto tools = shipped_tools();
    const providers::offline::Grammar grammar(*tools);
    std::vector<std::pair<double, std::string>> costs;
    for (const auto* rows : {&run_sentences, &artifact_sentences, &report_sentences, &talk_sentences})
        for (const Row& row : *rows) {
            double least = 1e9;
            for (int run = 0; run < 3; ++run) {
                const auto begin = std::chrono::steady_clock::now();
                const auto reading = grammar.read(row.sentence);
                const std::chrono::duration<double, std::micro> took =
                    std::chrono::steady_clock::now() - begin;
                least = std::min(least, took.count());
                EXPECT_LE(reading.steps.size(), 20u);
            }
            costs.emplace_back(least, row.sentence);
        }
    std::sort(costs.begin(), costs.end());
    std::printf("reading a sentence: median %.0f us, 95 %% %.0f us, slowest %.0f us (%s)\n",
                costs[costs.size() / 2].first, costs[costs.size() * 95 / 100].first, costs.back().first,
                costs.back().second.c_str());
}

TEST(Sentences, TheTableIsLongEnough) {
    EXPECT_GE(run_sentences.size() + artifact_sentences.size() + report_sentences.size(), 110u);
    EXPECT_GE(talk_sentences.size(), 40u);
}

}  // namespace assistd::test
