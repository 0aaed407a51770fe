#include "store/blocks.h"

#include "base/error.h"

namespace assistd::store {
namespace {

TEST(Blocks, EachKindIsReadAsItWasWritten) {
    const ArtifactId artifact = ArtifactId::make();
    const std::vector<core::Block> blocks = {
        core::TextBlock{"line\nquote \" slash \\ zero" + std::string(1, '\0') + " 漢😀"},
        core::ThinkingBlock{"hm", "seal"},
        core::ToolCallBlock{"c1", "tool", R"({"a":"b\n"})"},
        core::ToolResultBlock{"c1", "tool", R"({"success":false})", false},
        core::ToolResultBlock{"c2", "tool", R"({"success":true})", true},
        core::ImageBlock{artifact, "image/png"},
        core::TextBlock{""},
        core::ThinkingBlock{"", "", "claude", "c2VhbGVk"},
    };
    const auto read = blocks_from_json(blocks_to_json(blocks));
    ASSERT_EQ(read.size(), blocks.size());
    EXPECT_EQ(std::get<core::TextBlock>(read[0]).text, std::get<core::TextBlock>(blocks[0]).text);
    EXPECT_EQ(std::get<core::ThinkingBlock>(read[1]).text, "hm");
    EXPECT_EQ(std::get<core::ThinkingBlock>(read[1]).signature, "seal");
    EXPECT_EQ(std::get<core::ToolCallBlock>(read[2]).call_id, "c1");
    EXPECT_EQ(std::get<core::ToolCallBlock>(read[2]).name, "tool");
    EXPECT_EQ(std::get<core::ToolCallBlock>(read[2]).arguments, R"({"a":"b\n"})");
    EXPECT_EQ(std::get<core::ToolResultBlock>(read[3]).content, R"({"success":false})");
    EXPECT_FALSE(std::get<core::ToolResultBlock>(read[3]).success);
    EXPECT_TRUE(std::get<core::ToolResultBlock>(read[4]).success);
    EXPECT_EQ(std::get<core::ImageBlock>(read[5]).artifact, artifact);
    EXPECT_EQ(std::get<core::ImageBlock>(read[5]).media_type, "image/png");
    EXPECT_EQ(std::get<core::TextBlock>(read[6]).text, "");
    EXPECT_EQ(std::get<core::ThinkingBlock>(read[7]).provider, "claude");
    EXPECT_EQ(std::get<core::ThinkingBlock>(read[7]).redacted, "c2VhbGVk");
    EXPECT_TRUE(blocks_from_json(blocks_to_json({})).empty());
    // As thoughts were written before they knew their provider.
    const auto old = blocks_from_json(R"([{"type":"thinking","text":"hm","signature":"seal"}])");
    EXPECT_EQ(std::get<core::ThinkingBlock>(old.at(0)).provider, "");
}

TEST(Blocks, BytesThatAreNoTextBecomeReplacementCharacters) {
    const auto read = blocks_from_json(blocks_to_json({core::TextBlock{"a\xff z"}}));
    EXPECT_EQ(std::get<core::TextBlock>(read.at(0)).text, "a\xef\xbf\xbd z");
}

TEST(Blocks, WhatTheyCannotHaveWrittenIsRefused) {
    for (const char* text : {"", "[", "{}", "null", R"(["text"])", R"([{"type":"odd"}])", R"([{"type":1}])",
                             R"([{"type":"text","text":[]}])", R"([{"type":"image","artifact":"zz"}])",
                             R"([{"type":"text","other":"x"}])"})
        EXPECT_THROW(blocks_from_json(text), Error) << text;
}

}  // namespace
}  // namespace assistd::store
