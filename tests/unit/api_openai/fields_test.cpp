// Reading bodies and metadata: what is let pass, and which field is named for what is wrong.

#include "api/openai/fields.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/openai/metadata.h"
#include "base/error.h"
#include "core/metadata.h"

namespace assistd::api::openai {
namespace {

http::Request with_body(const std::string& body) {
    http::Request request;
    request.body = body;
    return request;
}

// "param: sentence" of the refusal; empty when there is none.
template <class Read>
std::string refusal(const Read& read) {
    try {
        read();
    } catch (const Error& error) {
        if (error.fields().empty()) return error.what();
        EXPECT_EQ(error.code(), ErrorCode::validation);
        EXPECT_EQ(error.fields().front().message, error.what());
        return error.fields().front().field + ": " + error.what();
    }
    return "";
}

struct Row {
    const char* body;
    void (*read)(const Fields&);
    const char* refusal;
};

const Row rows[] = {
    {R"({})", [](const Fields& body) { body.required_text("model", 10); }, "model: model is missing."},
    {R"({"model": null})", [](const Fields& body) { body.required_text("model", 10); },
     "model: model must not be null."},
    {R"({"model": ""})", [](const Fields& body) { body.required_text("model", 10); },
     "model: model must not be empty."},
    {R"({"model": 5})", [](const Fields& body) { body.required_text("model", 10); },
     "model: model must be a string; it is a number."},
    {R"({"name": "漢字かな😀"})", [](const Fields& body) { body.text("name", 4); },
     "name: name may have at most 4 characters; it has 5."},
    {R"({"name": "漢字かな😀"})", [](const Fields& body) { body.text("name", 5); }, ""},
    {R"({"name": "a\u0000b"})", [](const Fields& body) { body.text("name", 5); },
     "name: name must not contain the character U+0000."},
    {R"({"t": 2.5})", [](const Fields& body) { body.number("t", 0, 2); },
     "t: t must be from 0 to 2; it is 2.5."},
    {R"({"t": "1"})", [](const Fields& body) { body.number("t", 0, 2); },
     "t: t must be a number; it is a string."},
    {R"({"t": true})", [](const Fields& body) { body.number("t", 0, 2); },
     "t: t must be a number; it is a boolean."},
    {R"({"t": 2})", [](const Fields& body) { body.number("t", 0, 2); }, ""},
    {R"({"n": 1.5})", [](const Fields& body) { body.integer("n", 1, 50); },
     "n: n must be a whole number from 1 to 50; it is 1.5."},
    {R"({"n": 51})", [](const Fields& body) { body.integer("n", 1, 50); },
     "n: n must be a whole number from 1 to 50; it is 51."},
    {R"({"n": -1e30})", [](const Fields& body) { body.integer("n", 1, 50); },
     "n: n must be a whole number from 1 to 50; it is -1e+30."},
    {R"({"n": 20.0})", [](const Fields& body) { EXPECT_EQ(body.integer("n", 1, 50), 20); }, ""},
    {R"({"b": "yes"})", [](const Fields& body) { body.boolean("b"); },
     "b: b must be true or false; it is a string."},
    {R"({"order": "up"})",
     [](const Fields& body) {
         body.choice("order", {"asc", "desc"});
     },
     R"(order: order must be one of "asc", "desc"; it is "up".)"},
    {R"({"tools": {}})", [](const Fields& body) { body.objects("tools", 3); },
     "tools: tools must be a list; it is an object."},
    {R"({"tools": [{}, 5]})", [](const Fields& body) { body.objects("tools", 3); },
     "tools[1]: tools[1] must be an object; it is a number."},
    {R"({"tools": [1, 2, 3, 4]})", [](const Fields& body) { body.items("tools", 3); },
     "tools: tools may have at most 3 items; it has 4."},
    {R"({"tools": [{}, {"function": {"name": 7}}]})",
     [](const Fields& body) {
         for (const Fields& tool : body.objects("tools", 3))
             if (const auto function = tool.object("function")) function->text("name", 64);
     },
     "tools[1].function.name: tools[1].function.name must be a string; it is a number."},
    {R"({"file_ids": ["a", null]})", [](const Fields& body) { body.texts("file_ids", 3); },
     "file_ids[1]: file_ids[1] must be a string; it is null."},
    {R"({"something_new": {"x": [1]}, "name": "a"})", [](const Fields& body) { body.text("name", 1); }, ""},
};

TEST(Fields, NamesTheWrongOneByItsPath) {
    for (const Row& row : rows) {
        const Json json = read_body(with_body(row.body));
        EXPECT_EQ(refusal([&] { row.read(Fields(json)); }), row.refusal) << row.body;
    }
}

TEST(Fields, TellsAbsentFromNull) {
    const Json json = read_body(with_body(R"({"a": null, "b": ""})"));
    const Fields body(json);
    EXPECT_TRUE(body.has("a"));
    EXPECT_TRUE(body.is_null("a"));
    EXPECT_FALSE(body.has("c"));
    EXPECT_EQ(body.text("a", 5), std::nullopt);
    EXPECT_EQ(body.text("b", 5), "");
    EXPECT_FALSE(body.object("a").has_value());
    EXPECT_TRUE(body.items("a", 5).empty());
}

TEST(Body, IsAnObjectWithoutRepeatedKeys) {
    const auto refusal_of = [](const std::string& body) {
        return refusal([&] { read_body(with_body(body)); });
    };
    EXPECT_EQ(refusal_of(""), "The request needs a JSON object as its body.");
    EXPECT_EQ(refusal_of("{\"a\": 1,}"), "The body is no valid JSON: it breaks at byte 9.");
    EXPECT_EQ(refusal_of("{\"a\": \"\xff\"}"), "The body is no valid JSON: it breaks at byte 8.");
    EXPECT_EQ(refusal_of("[1]"), "The body must be a JSON object; it is an array.");
    EXPECT_EQ(refusal_of("{\"a\": 1e999}"), "The body has a number that is too large for a double.");
    EXPECT_EQ(refusal_of(R"({"a": [{"x": 1, "x": 2}]})"), "The body has the key \"x\" twice in one object.");
    std::string deep;
    for (int i = 0; i < 1'000; ++i) deep += "{\"a\":";
    EXPECT_EQ(refusal_of(deep), "The body is nested too deeply.");
    EXPECT_EQ(refusal_of(R"({"z": 1, "a": [{"z": 1}, {"z": "\":{"}]})"), "");
    EXPECT_NO_THROW(read_body(with_body("  \r\n"), true));
    // In the order in which they were given.
    EXPECT_EQ(to_text(read_body(with_body(R"({"z": 1, "a": {"y": 1, "b": 2}})"))),
              R"({"z":1,"a":{"y":1,"b":2}})");
}

TEST(Body, MayNotHaveVeryManyKeysInOneObject) {
    const auto object = [](int keys) {
        std::string text = "{\"a\": {";
        for (int i = 0; i < keys; ++i) text += fmt::format("{}\"{}\": {{\"x:\": []}}", i ? "," : "", i);
        return text + "}}";
    };
    EXPECT_NO_THROW(read_body(with_body(object(1'000))));
    EXPECT_EQ(refusal([&] { read_body(with_body(object(1'001))); }),
              "An object of the body has more than 1000 keys.");
}

std::string pairs(int count, std::size_t key_size, std::size_t value_size) {
    Json json = Json::object();
    for (int i = 0; i < count; ++i) {
        std::string key = std::to_string(i);
        key.resize(key_size, 'k');
        json[key] = std::string(value_size, 'v');
    }
    return Json({{"metadata", json}}).dump();
}

TEST(Metadata, HasItsLimits) {
    const auto refusal_of = [](const std::string& body) {
        const Json json = Json::parse(body);
        const std::string of_new = refusal([&] { read_metadata(Fields(json)); });
        EXPECT_EQ(of_new, refusal([&] { read_metadata_patch(Fields(json)); }));
        return of_new;
    };
    EXPECT_EQ(refusal_of(pairs(16, 64, 512)), "");
    EXPECT_EQ(refusal_of(pairs(17, 2, 2)), "metadata: metadata may have at most 16 pairs; it has 17.");
    EXPECT_THAT(refusal_of(pairs(1, 65, 2)), testing::HasSubstr("a name of 65 characters; 64 are the most."));
    EXPECT_THAT(refusal_of(pairs(1, 1, 513)),
                testing::StartsWith("metadata.0: metadata.0 may have at most 512 characters"));
    EXPECT_EQ(refusal_of(R"({"metadata": {"a": 1}})"),
              "metadata.a: metadata.a must be a string; it is a number.");
    EXPECT_EQ(refusal_of(R"({"metadata": "a"})"), "metadata: metadata must be an object; it is a string.");
}

TEST(Metadata, MergesAndRemoves) {
    const auto merged = [](const std::string& before, const char* body) {
        const Json json = Json::parse(body);
        return core::merged_metadata(before, *read_metadata_patch(Fields(json)));
    };
    EXPECT_EQ(merged(R"({"a":"1","b":"2"})", R"({"metadata": {"b": "3", "c": "4"}})"),
              R"({"a":"1","b":"3","c":"4"})");
    EXPECT_EQ(merged(R"({"a":"1","b":"2"})", R"({"metadata": {"a": null, "x": null}})"), R"({"b":"2"})");
    EXPECT_EQ(merged(R"({"a":"1"})", R"({"metadata": null})"), "{}");
    EXPECT_EQ(merged(R"({"a":"1"})", R"({"metadata": {}})"), R"({"a":"1"})");
    EXPECT_EQ(read_metadata_patch(Fields(Json::object())), std::nullopt);
    const Json json = Json::parse(R"({"metadata": {"a": null, "b": "x"}})");
    EXPECT_EQ(read_metadata(Fields(json)), R"({"b":"x"})");
}

TEST(Metadata, DoesNotGrowBeyondItsLimitByMerging) {
    Json fifteen = Json::object();
    for (int i = 0; i < 15; ++i) fifteen[std::to_string(i)] = "x";
    EXPECT_NO_THROW(core::merged_metadata(fifteen.dump(), R"({"a":"1"})"));
    EXPECT_THAT(refusal([&] { core::merged_metadata(fifteen.dump(), R"({"a":"1","b":"2"})"); }),
                testing::StartsWith("metadata: metadata may have at most 16 pairs"));
    EXPECT_NO_THROW(core::merged_metadata(fifteen.dump(), R"({"a":"1","b":"2","0":null})"));
    // What another door has put there does not make it unchangeable.
    for (int i = 15; i < 30; ++i) fifteen[std::to_string(i)] = "x";
    EXPECT_NO_THROW(core::merged_metadata(fifteen.dump(), R"({"0":"changed"})"));
}

TEST(Metadata, OfOtherDoorsIsShownAsTexts) {
    EXPECT_EQ(to_text(render_metadata(R"({"a":"1","n":5,"o":{"x":[true]}})")),
              R"({"a":"1","n":"5","o":"{\"x\":[true]}"})");
}

}  // namespace
}  // namespace assistd::api::openai
