#include "base/ids.h"

#include <set>

namespace assistd {
namespace {

TEST(Ids, AreUniqueAndInOrderAlsoAcrossThreads) {
    std::vector<std::vector<Uuid>> made(4);
    std::vector<std::thread> threads;
    for (auto& ids : made)
        threads.emplace_back([&ids] {
            for (int i = 0; i < 20'000; ++i) ids.push_back(Uuid::make());
        });
    for (std::thread& thread : threads) thread.join();
    std::set<Uuid> all;
    for (const auto& ids : made) {
        EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
        all.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(all.size(), 80'000u);
}

TEST(Ids, AreVersion7) {
    const std::string hex = Uuid::make().hex();
    EXPECT_EQ(hex[12], '7');
    EXPECT_THAT(std::string("89ab"), testing::HasSubstr(hex.substr(16, 1)));
}

TEST(Ids, TextGoesThereAndBack) {
    const auto id = ConversationId::make();
    EXPECT_TRUE(id.text().starts_with("conv_"));
    EXPECT_EQ(ConversationId::parse(id.text()), id);
    EXPECT_EQ(ConversationId::parse(id.text("thread_"), "thread_"), id);
}

TEST(Ids, WhatIsNoneIsRefused) {
    const std::string hex = Uuid::make().hex();
    for (const std::string& text : {std::string(), std::string("conv_"), "msg_" + hex, hex,
                                    "conv_" + hex + "0", "conv_" + hex.substr(1), "conv_g" + hex.substr(1)})
        EXPECT_FALSE(ConversationId::parse(text)) << text;
}

}  // namespace
}  // namespace assistd
