// Cookies as clients send them.

#include "http/cookie.h"

#include <gtest/gtest.h>

namespace assistd::http {
namespace {

TEST(Cookie, IsFoundAmongOthers) {
    const Headers headers{{"cookie", "a=1; name=value; name=second"}, {"Cookie", "b=x=y;c"}};
    EXPECT_EQ(cookie_in(headers, "a"), "1");
    EXPECT_EQ(cookie_in(headers, "name"), "value");
    EXPECT_EQ(cookie_in(headers, "b"), "x=y");
    EXPECT_EQ(cookie_in(headers, "c"), std::nullopt);
    EXPECT_EQ(cookie_in(headers, "Name"), std::nullopt);
    EXPECT_EQ(cookie_in(headers, "ame"), std::nullopt);
    EXPECT_EQ(cookie_in({}, "a"), std::nullopt);
}

TEST(Cookie, WhatIsNoneHarmsNobody) {
    for (const char* odd : {"", ";", "=", ";;a=1;", " a = 1 ", "=;a=1"}) {
        const Headers headers{{"Cookie", odd}};
        const auto found = cookie_in(headers, "a");
        EXPECT_TRUE(!found || *found == "1") << odd;
    }
    EXPECT_EQ(cookie_in({{"Cookie", ";;a=1;"}}, "a"), "1");
    EXPECT_EQ(cookie_in({{"Cookie", " a = 1 "}}, "a"), "1");
}

}  // namespace
}  // namespace assistd::http
