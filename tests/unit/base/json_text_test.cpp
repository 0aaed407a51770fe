#include "base/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assistd {
namespace {

std::string as_json(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

TEST(AppendJsonString, RoundTripsEveryCharacter) {
    std::string all;
    for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
    all += "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80";
    EXPECT_EQ(nlohmann::json::parse(as_json(all)).get<std::string>(), all);
    EXPECT_EQ(as_json(""), "\"\"");
    EXPECT_EQ(as_json("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
}

TEST(RepairJson, LeavesWhatIsRight) {
    const std::string right = R"({"a":"ä€😀 \ud83d\ude00 \u00e4 \\ud83d \" \\"})";
    EXPECT_EQ(repair_json(right), right);
}

TEST(RepairJson, ReplacesHalfCharacters) {
    EXPECT_EQ(repair_json("a\xF0\x9F\x98"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(repair_json("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");                    // overlong
    EXPECT_EQ(repair_json("\xED\xA0\x80x"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx");  // a surrogate
    EXPECT_EQ(repair_json(R"("\ud83d")"), "\"\xEF\xBF\xBD\"");
    EXPECT_EQ(repair_json(R"("\ude00x")"), "\"\xEF\xBF\xBDx\"");
    EXPECT_EQ(repair_json(R"("\ud83d\n")"), "\"\xEF\xBF\xBD\\n\"");
    EXPECT_EQ(repair_json("\\"), "\\");
}

}  // namespace
}  // namespace assistd
