#include "tools/plugins/strict_json.h"

#include "base/error.h"

namespace assistd::tools {
namespace {

TEST(StrictJson, IsJson) {
    for (const char* good : {"null", "1", "[]", R"({"a": [1, 2.5, "x", true]})", " {} "})
        EXPECT_TRUE(is_json(good)) << good;
    for (const char* bad : {"", "{", "[1,]", "nul", "{} {}", "\"\xff\"", "NaN", "'a'"})
        EXPECT_FALSE(is_json(bad)) << bad;
}

TEST(StrictJson, IsJsonObject) {
    EXPECT_TRUE(is_json(" {\"a\": 1}", true));
    for (const char* bad : {"[]", "1", "", " ", "null"}) EXPECT_FALSE(is_json(bad, true)) << bad;
}

TEST(StrictJson, DepthIsBounded) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(is_json(nested(max_json_depth)));
    EXPECT_FALSE(is_json(nested(max_json_depth + 1)));
    EXPECT_FALSE(is_json(nested(1'000'000)));
    EXPECT_THROW(parse_strictly(nested(max_json_depth + 2)), Error);
}

TEST(StrictJson, SchemasAreLookedAtAllTheWayDown) {
    const auto refusal = [](const char* text) -> std::string {
        try {
            check_schema(nlohmann::json::parse(text), "input");
        } catch (const Error& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(
        refusal(
            R"({"type": ["string", "null"], "x-artifact-kinds": ["a"], "unknown": 1, "items": [true, {}]})"),
        "accepted");
    EXPECT_EQ(refusal(R"({"oneOf": [{}, {"items": {"minimum": "1"}}]})"),
              "input.oneOf[1].items.minimum must be a number.");
    EXPECT_EQ(refusal(R"({"anyOf": []})"), "input.anyOf must be a list of schemas.");
    EXPECT_EQ(refusal(R"({"enum": []})"), "input.enum must be a list with at least one value.");
    EXPECT_EQ(refusal(R"({"additionalProperties": 1})"),
              "input.additionalProperties must be a JSON Schema (an object).");
    EXPECT_EQ(refusal(R"({"description": 1})"), "input.description must be text.");
    EXPECT_EQ(refusal(R"({"uniqueItems": 1})"), "input.uniqueItems must be true or false.");
}

}  // namespace
}  // namespace assistd::tools
