#include "tools/live_study.h"

namespace assistd::tools {
namespace {

core::Study of_runs(int runs) {
    core::Study study;
    study.seeds_per_combination = runs;
    study.runs = runs;
    return study;
}

TEST(LiveStudyTest, ALimitOnCallsAtOnceNarrowsIt) {
    LiveStudy study(of_runs(10));
    EXPECT_EQ(study.take_number(), 1);
    EXPECT_EQ(study.take_number(), 2);
    EXPECT_EQ(study.take_number(), 3);
    EXPECT_TRUE(study.narrow());  // the third met a limit of two
    study.ended(3, std::nullopt);
    EXPECT_EQ(study.take_number(), 0);
    study.ended(1, core::RunState::completed);
    EXPECT_EQ(study.take_number(), 3);
    EXPECT_EQ(study.take_number(), 0);
    // One goes on in any case.
    EXPECT_TRUE(study.narrow());
    study.ended(2, core::RunState::completed);
    EXPECT_FALSE(study.narrow());
    study.ended(3, core::RunState::completed);
    EXPECT_EQ(study.take_number(), 4);
}

// Others who had the places may have gone.
TEST(LiveStudyTest, IsWidenedByAndBy) {
    LiveStudy study(of_runs(100));
    const int first = study.take_number();
    EXPECT_EQ(study.take_number(), 2);
    EXPECT_TRUE(study.narrow());
    study.ended(2, std::nullopt);
    study.ended(first, core::RunState::completed);
    int at_once = 1, runs = 0;
    while (at_once == 1 && runs < 50) {
        const int number = study.take_number();
        ASSERT_GT(number, 0);
        if (const int another = study.take_number()) {
            ++at_once;
            study.ended(another, core::RunState::completed);
        }
        study.ended(number, core::RunState::completed);
        ++runs;
    }
    EXPECT_EQ(at_once, 2);
    EXPECT_GE(runs, 10);
}

TEST(LiveStudyTest, SaysWhatItWaitsForAndThenNoTimeThatIsLeft) {
    LiveStudy study(of_runs(3));
    study.ended(study.take_number(), core::RunState::completed);
    EXPECT_TRUE(study.now().time_left);
    EXPECT_TRUE(study.pause("The day's calls are used up."));
    EXPECT_FALSE(study.pause("The day's calls are used up."));
    EXPECT_EQ(study.take_number(), 0);
    EXPECT_EQ(study.now().waits_for, "The day's calls are used up.");
    EXPECT_FALSE(study.now().time_left);
    study.resume();
    EXPECT_EQ(study.now().waits_for, "");
    EXPECT_EQ(study.take_number(), 2);
}

}  // namespace
}  // namespace assistd::tools
