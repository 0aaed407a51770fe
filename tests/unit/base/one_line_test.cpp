#include "base/one_line.h"

namespace assistd {
namespace {

TEST(OneLine, TextWithoutBreaksStaysAsItIs) {
    for (const char* text : {"", "Soot & <ash>", "Größe 日本 🎉 – é", "a  b", "\xC2\xA0"}) {
        EXPECT_TRUE(is_one_line(text)) << text;
        EXPECT_EQ(one_line(text), text);
    }
}

TEST(OneLine, BreaksAndControlCharactersBecomeOneBlank) {
    for (const std::string odd : {"\n", "\r\n", "\t", "\x01", "\x1B", "\x7F", "\xC2\x85", "\xC2\x9F",
                                  "\xE2\x80\xA8", "\xE2\x80\xA9", "\n\n\t\xC2\x85"}) {
        EXPECT_FALSE(is_one_line("a" + odd + "b"));
        EXPECT_EQ(one_line("a" + odd + "b"), "a b");
        EXPECT_EQ(one_line(odd), " ");
    }
    EXPECT_FALSE(is_one_line(std::string(1, '\0')));
    // Cut in the middle of a character.
    EXPECT_EQ(one_line("a\xE2\x80"), "a\xE2\x80");
}

TEST(OneLine, MarksThatTurnTheDirectionAreFound) {
    for (const char* text : {"", "Größe 日本", "שלום", "a\xE2\x80\x8B\x62", "\xE2\x80"})
        EXPECT_FALSE(turns_direction(text)) << text;
    for (const char* mark :
         {"\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9"})
        EXPECT_TRUE(turns_direction(std::string("nimda") + mark + "b"));
}

}  // namespace
}  // namespace assistd
