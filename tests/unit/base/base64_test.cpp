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

TEST(Base64, IsReadOnlyAsItIsWritten) {
    for (const std::string bytes : {"", "f", "fo", "foo", "foobar", "\xff\xfe"})
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    for (const char* bad :
         {"Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "=Zg=", "Z===", "====", "Zm 9", "Zm9v\n", "SGVs!!!bG8="})
        EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace assistd
