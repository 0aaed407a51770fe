// Loops that report how far they are, and work that stops when nobody waits for it.

#include <assistd/testing.hpp>

namespace assistd {
namespace {

using testing::Outcome;
using testing::PluginRunner;

TEST(Steps, ReportHowFarALoopIs) {
    PluginRunner plugin(assistd_plugin_entry);
    const Outcome outcome = plugin.run("go_round", {{"rounds", 1000}});
    EXPECT_EQ(outcome.data.at("sum"), 499'500);
    ASSERT_GE(outcome.progress.size(), 3u);
    EXPECT_EQ(outcome.progress.front().fraction, 0);
    EXPECT_EQ(outcome.progress.front().note, "going round");
    for (std::size_t i = 1; i < outcome.progress.size(); ++i) {
        EXPECT_GT(outcome.progress[i].fraction, outcome.progress[i - 1].fraction);
        EXPECT_LE(outcome.progress[i].fraction - outcome.progress[i - 1].fraction, 0.256);
    }
    EXPECT_GT(outcome.progress.back().fraction, 0.7);
    EXPECT_LE(outcome.progress.back().fraction, 1);
    EXPECT_EQ(plugin.run("go_round", {{"rounds", 0}}).data.at("sum"), 0);
}

TEST(Steps, EndALoopThatNobodyWaitsFor) {
    PluginRunner plugin(assistd_plugin_entry);
    plugin.cancel_at_look(3);
    const Outcome outcome = plugin.run("go_round", {{"rounds", 1'000'000'000'000}});
    EXPECT_EQ(outcome.status, ASSISTD_CANCELLED);
    EXPECT_EQ(outcome.error_type, "CancelledError");
    EXPECT_EQ(outcome.progress.size(), 2u);
}

struct Looks {
    int count = 0;
    std::vector<double> fractions;
    std::vector<std::string> notes;
    assistd_call call{};

    Looks() {
        call.host_data = this;
        call.is_cancelled = [](assistd_call* self) {
            ++static_cast<Looks*>(self->host_data)->count;
            return 0;
        };
        call.progress = [](assistd_call* self, double fraction, assistd_string note) {
            static_cast<Looks*>(self->host_data)->fractions.push_back(fraction);
            static_cast<Looks*>(self->host_data)->notes.emplace_back(detail::from_c(note));
        };
    }
};

TEST(Steps, LookSeldomInATightLoopAndAtEachSlowStep) {
    Looks tight;
    for ([[maybe_unused]] const std::size_t i : Steps(tight.call, 1'000'000, "")) {}
    EXPECT_GE(tight.count, 1'000'000 / 256);
    EXPECT_LE(tight.count, 1'000'000 / 256 + 16);

    Looks slow;
    for ([[maybe_unused]] const std::size_t i : Steps(slow.call, 5, "")) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(12);
        while (std::chrono::steady_clock::now() < until) {}
    }
    EXPECT_GE(slow.count, 5);
}

TEST(Steps, MayBeAPartOfTheCallAndSayWhatTheyDo) {
    Looks looks;
    Steps steps(looks.call, 10, "growing", 0.5, 0.75);
    steps.at(0);
    steps.say("shrinking");
    steps.at(10);
    EXPECT_EQ(looks.fractions, (std::vector<double>{0.5, 0.75}));
    EXPECT_EQ(looks.notes, (std::vector<std::string>{"growing", "shrinking"}));
}

TEST(CancelToken, IsSeenByEveryThread) {
    PluginRunner plugin(assistd_plugin_entry);
    plugin.cancel_after(std::chrono::milliseconds(20));
    EXPECT_EQ(plugin.run("wait_in_threads").status, ASSISTD_CANCELLED);
}

}  // namespace
}  // namespace assistd
