#include "cli/live_lines.h"

#include <sstream>

#include "unit/cli/screen.h"

namespace assistd::cli {
namespace {

using Lines = std::vector<std::string>;

class LiveLinesTest : public testing::Test {
  protected:
    void draw(const Lines& fixed, const Lines& live) {
        lines.draw(fixed, live);
        last = out.str();
        out.str("");
        screen.write(last);
    }

    TerminalSize size{20, 5};
    std::ostringstream out;
    LiveLines lines{out, [this] { return size; }};
    Screen screen{20, 5};
    std::string last;
};

TEST_F(LiveLinesTest, WhatGrowsIsOnlyAddedTo) {
    draw({}, {"It gr"});
    EXPECT_EQ(last, "It gr");
    draw({}, {"It grew"});
    EXPECT_EQ(last, "ew");
    draw({}, {"It grew", "well"});
    EXPECT_EQ(last, "\nwell");
    draw({}, {"It grew", "well"});
    EXPECT_EQ(last, "");
    draw({"It grew", "well"}, {});
    EXPECT_EQ(last, "\n");
    EXPECT_EQ(screen.text(), "It grew\nwell\n");
}

TEST_F(LiveLinesTest, OnlyWhatChangesIsWrittenAgain) {
    draw({}, {"text", "bar 10 %", "bar 20 %"});
    draw({}, {"text", "bar 30 %", "bar 20 %"});
    EXPECT_EQ(last, "\x1b[1A\rbar 30 %\x1b[K\nbar 20 %\x1b[K\x1b[J");
    draw({"done"}, {"text", "bar 30 %"});
    EXPECT_EQ(screen.text(), "done\ntext\nbar 30 %\n");
    draw({"text"}, {});
    EXPECT_EQ(screen.text(), "done\ntext\n");
    EXPECT_EQ(screen.column(), 0u);
    draw({}, {"next"});
    EXPECT_EQ(screen.text(), "done\ntext\nnext\n");
}

TEST_F(LiveLinesTest, LinesMayGo) {
    draw({}, {"a", "b", "c"});
    draw({}, {"a"});
    EXPECT_EQ(screen.text(), "a\n");
    draw({}, {"abc"});
    EXPECT_EQ(screen.text(), "abc\n");
    draw({}, {});
    EXPECT_EQ(screen.text(), "");
    draw({"end"}, {});
    EXPECT_EQ(screen.text(), "end\n");
}

TEST_F(LiveLinesTest, WhatHasLeftTheScreenStaysAsItIs) {
    draw({}, {"1", "2", "3", "4", "5", "6", "7"});
    draw({}, {"one", "2", "3", "4", "5", "six", "7"});
    EXPECT_EQ(screen.text(), "1\n2\n3\n4\n5\nsix\n7\n");
}

TEST_F(LiveLinesTest, AWindowThatBecameNarrowerHasMoreRows) {
    draw({}, {"0123456789 123", "x"});
    size.columns = 10;
    draw({}, {"y", "x"});
    EXPECT_EQ(last.substr(0, 5), "\x1b[2A\r");
}

TEST_F(LiveLinesTest, ColoursTakeNoColumns) {
    draw({}, {"\x1b[1;4m0123456789012345678\x1b[0m", "x"});
    draw({}, {"y", "x"});
    EXPECT_EQ(last.substr(0, 5), "\x1b[1A\r");
}

}  // namespace
}  // namespace assistd::cli
