#include "tools/plugins/plugin_log.h"

namespace assistd::tools {
namespace {

TEST(Printable, KeepsTextAndReplacesTheRest) {
    EXPECT_EQ(printable("grün 😀 ok", 100), "grün 😀 ok");
    EXPECT_EQ(printable("a\nb\tc\x1b[31m", 100), "a b c [31m");
    EXPECT_EQ(printable("\xff\xc3(\xe2\x82", 100),
              "?"
              "?(?"
              "?");
    EXPECT_EQ(printable("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80", 100),
              "?????????");  // too long, surrogate, beyond
}

TEST(Printable, CutsBetweenCharacters) {
    EXPECT_EQ(printable("ab😀", 5), "ab");
    EXPECT_EQ(printable("ab😀", 6), "ab😀");
    EXPECT_EQ(printable("abc", 0), "");
}

}  // namespace
}  // namespace assistd::tools
