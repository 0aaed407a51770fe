// A clock that is not where it should be is doubted for a day of running, and then it is believed.

#include "app/clock_trust.h"

#include <fstream>

#include "support/temp_folder.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;
using Finding = ClockTrust::Finding;

constexpr Timestamp noon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 12h};
constexpr ClockTrust::Steady start{1000h};

ClockMemory known(Timestamp time) {
    ClockMemory memory;
    memory.believed = time;
    return memory;
}

// Both clocks, once an hour as the daemon does.
Finding run(ClockTrust& trust, Timestamp wall, ClockTrust::Steady steady, int hours) {
    Finding last = Finding::believed;
    for (int hour = 1; hour <= hours; ++hour) last = trust.look(wall + hour * 1h, steady + hour * 1h);
    return last;
}

TEST(ClockTrust, AClockThatGoesOnIsBelieved) {
    ClockTrust trust(known(noon), start);
    EXPECT_EQ(trust.look(noon + 5min, start), Finding::believed);  // a restart
    EXPECT_EQ(run(trust, noon + 5min, start, 24 * 400), Finding::believed);
    EXPECT_EQ(trust.memory(), known(noon + 5min + 400 * 24h));
}

TEST(ClockTrust, WithoutAnythingThatIsKnownTheFirstIsBelieved) {
    ClockTrust trust({}, start);
    EXPECT_EQ(trust.look(noon, start), Finding::believed);
    EXPECT_EQ(trust.memory(), known(noon));
}

TEST(ClockTrust, OneThatLiesAtBootIsDoubtedUntilItIsSet) {
    ClockTrust trust(known(noon), start);
    EXPECT_EQ(trust.look(noon + 40 * 24h, start + 1s), Finding::doubt_begins);
    EXPECT_EQ(run(trust, noon + 40 * 24h, start + 1s, 5), Finding::doubted);
    EXPECT_EQ(trust.look(noon + 6h, start + 6h), Finding::doubt_ends);
    EXPECT_EQ(trust.memory(), known(noon + 6h));
}

TEST(ClockTrust, OneThatLiesLaterIsDoubtedToo) {
    ClockTrust trust(known(noon), start);
    EXPECT_EQ(run(trust, noon, start, 3), Finding::believed);
    EXPECT_EQ(trust.look(noon + 3h + 25h, start + 3h), Finding::doubt_begins);
    EXPECT_EQ(trust.look(noon + 3h, start + 3h), Finding::doubt_ends);
    EXPECT_EQ(trust.look(noon + 3h - 25h, start + 3h), Finding::doubt_begins);
}

TEST(ClockTrust, APauseThatWasLongOnlyDelays) {
    ClockTrust trust(known(noon), start);
    const Timestamp later = noon + 60 * 24h;
    EXPECT_EQ(trust.look(later, start), Finding::doubt_begins);
    EXPECT_EQ(run(trust, later, start, 23), Finding::doubted);
    EXPECT_EQ(trust.look(later + 24h, start + 24h), Finding::doubt_ends);
    EXPECT_EQ(run(trust, later + 24h, start + 24h, 1), Finding::believed);
}

// Otherwise a machine that runs by day only would never remove anything, and one that lies at each boot would
// be believed at the second.
TEST(ClockTrust, TheDoubtOutlivesRestarts) {
    Timestamp wall = noon + 60 * 24h;
    ClockMemory memory = known(noon);
    for (int day = 0; day < 3; ++day) {
        ClockTrust trust(memory, start + day * 500h);  // the steady clock begins anew with the machine
        EXPECT_EQ(trust.look(wall, start + day * 500h), day == 0 ? Finding::doubt_begins : Finding::doubted);
        EXPECT_EQ(run(trust, wall, start + day * 500h, 8), day < 2 ? Finding::doubted : Finding::doubt_ends);
        memory = trust.memory();
        wall += 23h;
    }
    ClockTrust trust(memory, start);
    EXPECT_EQ(trust.look(wall, start), Finding::believed);
}

TEST(ClockTrust, AnotherLieBeginsTheDayAnew) {
    ClockTrust trust(known(noon), start);
    trust.look(noon + 40 * 24h, start);
    run(trust, noon + 40 * 24h, start, 23);
    EXPECT_EQ(trust.look(noon + 80 * 24h, start + 24h), Finding::doubt_begins);
    EXPECT_EQ(trust.memory().doubted_for, 0s);
    EXPECT_EQ(run(trust, noon + 80 * 24h, start + 24h, 23), Finding::doubted);
}

TEST(ClockTrust, LooksInQuickSuccessionAreCountedToo) {
    ClockTrust trust(known(noon), start);
    trust.look(noon + 40 * 24h, start);
    for (int i = 1; i <= 40; ++i) trust.look(noon + 40 * 24h + i * 100ms, start + i * 100ms);
    EXPECT_EQ(trust.memory().doubted_for, 4s);
}

TEST(ClockTrust, ItsMemoryIsAFile) {
    const test::TempFolder folder;
    const auto file = folder.path() / "clock.json";
    EXPECT_EQ(read_clock_memory(file), std::nullopt);
    const ClockMemory memory{noon, noon + 40 * 24h, 7h};
    for (const ClockMemory& one : {known(noon), memory}) {
        EXPECT_EQ(write_clock_memory(file, one), "");
        EXPECT_EQ(read_clock_memory(file), one);
    }
    EXPECT_EQ(write_clock_memory(folder.path() / "none" / "clock.json", memory), "No such file or directory");
    // After a power cut, and after somebody's hand.
    for (const char* text : {"", "{", "{}", "[]", "7", "{\"believed\": 7}", "{\"believed\": \"noon\"}",
                             "{\"believed\": \"2026-03-01T12:00:00.000000Z\", \"doubted_for_s\": \"x\"}"}) {
        std::ofstream(file) << text;
        const auto read = read_clock_memory(file);
        ASSERT_TRUE(read) << text;
        ClockTrust trust(*read, start);
        EXPECT_EQ(trust.look(noon, start), Finding::doubt_begins) << text;
    }
}

}  // namespace
}  // namespace assistd::app
