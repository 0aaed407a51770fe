#include "base/base64.h"

#include <gtest/gtest.h>

namespace assistd {
namespace {

TEST(Base64, IsWrittenWithPadding) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(to_base64(std::string("\xff\xfe\x00", 3)), "//4A");
}

TEST(Base64, IsReadAsOthersWriteItToo) {
    for (const std::string bytes : {"", "f", "fo", "foo", "foobar", "\xff\xfe"})
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64("Zg"), "f");
    EXPECT_EQ(from_base64("Zm9v\r\nYmFy\n"), "foobar");
}

TEST(Base64, NothingElseIs) {
    for (const char* bad : {"Z", "Zg=", "Zg==Zg==", "=Zg=", "Z===", "====", "Zm 9", "SGVs!!!bG8="})
        EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace assistd
