#include "tools/schema.h"

#include <random>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tools/schema_expansion.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

struct Row {
    std::string properties;  // of an object without other members; or a whole schema
    std::string value;
    std::vector<std::string> sentences;  // empty: it fits
};

std::string schema_text(const std::string& properties) {
    if (properties.starts_with("{\"schema\"")) return json::parse(properties).at("schema").dump();
    return R"({"type": "object", "properties": )" + properties + R"(, "additionalProperties": false})";
}

std::vector<std::string> sentences(const std::string& properties, const std::string& value) {
    const CompiledSchema schema(schema_text(properties));
    std::vector<std::string> found;
    for (const FieldError& error : schema.check(json::parse(value), wording_of_arguments("greet")))
        found.push_back(error.message);
    return found;
}

const std::vector<Row> rows = {
    {R"({"n": {}})", R"("five")", {R"(The arguments must be an object, not the string "five".)"}},
    {R"({"n": {"type": "integer", "minimum": 10}})", R"({"n": 5})", {"n must be at least 10; it is 5."}},
    {R"({"n": {"type": "integer", "minimum": 10}})", R"({"n": 10})", {}},
    {R"({"n": {"type": "integer", "maximum": 100000}})",
     R"({"n": 100001})",
     {"n must be at most 100000; it is 100001."}},
    {R"({"p": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}})",
     R"({"p": 0})",
     {"p must be more than 0; it is 0."}},
    {R"({"p": {"type": "number", "exclusiveMaximum": 1.5}})",
     R"({"p": 1.5})",
     {"p must be less than 1.5; it is 1.5."}},
    {R"({"p": {"type": "number", "minimum": 10.0}})", R"({"p": 9.5})", {"p must be at least 10; it is 9.5."}},
    {R"({"n": {"type": "integer", "multipleOf": 5}})",
     R"({"n": 7})",
     {"n must be a multiple of 5; it is 7."}},
    {R"({"p": {"type": "number", "multipleOf": 0.25}})",
     R"({"p": 0.3})",
     {"p must be a multiple of 0.25; it is 0.3."}},
    {R"({"n": {"type": "integer"}})",
     R"({"n": "five"})",
     {"n must be an integer; it is the string \"five\"."}},
    {R"({"n": {"type": "integer"}})", R"({"n": 2.5})", {"n must be an integer; it is the number 2.5."}},
    {R"({"n": {"type": "number"}})", R"({"n": true})", {"n must be a number; it is the boolean true."}},
    {R"({"s": {"type": "string"}})", R"({"s": null})", {"s must be a string; it is null."}},
    {R"({"s": {"type": "boolean"}})", R"({"s": "yes"})", {"s must be a boolean; it is the string \"yes\"."}},
    {R"({"s": {"type": "array"}})", R"({"s": {}})", {"s must be an array; it is an object."}},
    {R"({"s": {"type": ["integer", "null"]}})",
     R"({"s": []})",
     {"s must be an integer or null; it is an array."}},
    {R"({"s": {"enum": ["dla", "rla", "eden"]}})",
     R"({"s": "x"})",
     {"s must be one of \"dla\", \"rla\" or \"eden\"; it is \"x\"."}},
    {R"({"d": {"enum": [2, 3]}})", R"({"d": 4})", {"d must be one of 2 or 3; it is 4."}},
    {R"({"d": {"const": 2}})", R"({"d": 3})", {"d must be 2; it is 3."}},
    {R"({"s": {"type": "string", "minLength": 1}})",
     R"({"s": ""})",
     {"s must have at least 1 character; it has 0."}},
    {R"({"s": {"type": "string", "maxLength": 3}})",
     R"({"s": "äöüß"})",
     {"s must have at most 3 characters; it has 4."}},
    {R"({"s": {"type": "string", "maxLength": 3}})", R"({"s": "äöü"})", {}},
    {R"({"s": {"type": "string", "pattern": "^[a-z]+$"}})",
     R"({"s": "A1"})",
     {"s must match the pattern ^[a-z]+$; it is \"A1\"."}},
    {R"({"s": {"type": "string", "format": "date"}})",
     R"({"s": "soon"})",
     {"s must be a date such as 2026-03-01; it is \"soon\"."}},
    {R"({"s": {"type": "string", "format": "date"}})",
     R"({"s": 5})",
     {"s must be a string; it is the number 5."}},
    {R"({"a": {"type": "string", "format": "artifact"}})",
     R"({"a": 5})",
     {"a must be a string; it is the number 5."}},
    {R"({"a": {"type": "array", "items": {"type": "integer"}}})",
     R"({"a": [1, "b", 3, null]})",
     {"a[1] must be an integer; it is the string \"b\".", "a[3] must be an integer; it is null."}},
    {R"({"a": {"type": "array", "minItems": 2}})",
     R"({"a": [1]})",
     {"a must have at least 2 items; it has 1."}},
    {R"({"a": {"type": "array", "maxItems": 1}})",
     R"({"a": [1, 2]})",
     {"a must have at most 1 item; it has 2."}},
    {R"({"a": {"type": "array", "uniqueItems": true}})",
     R"({"a": [1, 2, 1]})",
     {"a must not have the same item twice; items 0 and 2 are both 1."}},
    {R"({"a": {"items": [{"type": "integer"}, {"type": "string"}], "additionalItems": false}})",
     R"({"a": [1, 2, 3]})",
     {"a[1] must be a string; it is the number 2.", "a[2] is one item too many; there may be 2."}},
    {R"({"a": {"contains": {"const": 1}}})",
     R"({"a": [2]})",
     {"a must contain at least one item of the wanted form; it has none."}},
    {R"({"x": {}, "y": {}})", R"({"colour": 1})", {"colour is not an argument of greet; it takes x and y."}},
    {R"({})", R"({"colour": 1})", {"colour is not an argument of greet; it takes none."}},
    {R"({"schema": {"required": ["sticking_probability"]}})", R"({})", {"sticking_probability is missing."}},
    {R"({"o": {"type": "object", "required": ["depth"], "properties": {"depth": {}}, "additionalProperties": false}})",
     R"({"o": {"width": 1}})",
     {"o.depth is missing.", "o.width is not a field of o; it takes depth."}},
    {R"({"o": {"properties": {"sizes": {"items": {"properties": {"r": {"minimum": 1}}}}}}})",
     R"({"o": {"sizes": [{"r": 1}, {"r": 0}]}})",
     {"o.sizes[1].r must be at least 1; it is 0."}},
    {R"({"o": {"minProperties": 1}})", R"({"o": {}})", {"o must have at least 1 property; it has 0."}},
    {R"({"o": {"patternProperties": {"^n_": {"type": "integer"}}}})",
     R"({"o": {"n_a": "b"}})",
     {"o.n_a must be an integer; it is the string \"b\"."}},
    {R"({"o": {"propertyNames": {"maxLength": 2}}})",
     R"({"o": {"abc": 1}})",
     {"o.abc is not a name that is allowed here."}},
    {R"({"o": {"dependencies": {"a": ["b"]}}})", R"({"o": {"a": 1}})", {"o.b is missing; o.a needs it."}},
    {R"({"x": {"anyOf": [{"type": "number"}, {"type": "null"}]}})",
     R"({"x": "a"})",
     {"x must be a number or null; it is the string \"a\"."}},
    {R"({"x": {"anyOf": [{"type": "number", "minimum": 3}, {"type": "null"}]}})",
     R"({"x": 1})",
     {"x must be at least 3; it is 1."}},
    {R"({"x": {"oneOf": [{"minimum": 1}, {"minimum": 2}]}})",
     R"({"x": 3})",
     {"x fits more than one of the forms of which it must fit exactly one."}},
    {R"({"x": {"allOf": [{"minimum": 5}, {"multipleOf": 2}]}})",
     R"({"x": 3})",
     {"x must be at least 5; it is 3.", "x must be a multiple of 2; it is 3."}},
    {R"({"x": {"not": {"const": 1}}})", R"({"x": 1})", {"x has a form that is not allowed; it is 1."}},
    {R"({"schema": {"if": {"properties": {"d": {"const": 3}}}, "then": {"required": ["z"]}}})",
     R"({"d": 3})",
     {"z is missing."}},
    {R"({"schema": {"definitions": {"size": {"minimum": 1}}, "properties": {"a": {"$ref": "#/definitions/size"}}}})",
     R"({"a": 0})",
     {"a must be at least 1; it is 0."}},
    {R"({"a": {"type": "integer", "minimum": 1}, "b": {"type": "string"}})",
     R"({"a": 0, "b": 1, "c": 2})",
     {"a must be at least 1; it is 0.", "b must be a string; it is the number 1.",
      "c is not an argument of greet; it takes a and b."}},
    {R"({"x": false})", R"({"x": 1})", {"x is not allowed."}},
};

TEST(Sentences, OfTheTable) {
    for (const Row& row : rows)
        EXPECT_EQ(sentences(row.properties, row.value), row.sentences) << row.properties << row.value;
    EXPECT_GE(rows.size(), 30u);
}

TEST(Sentences, NameTheFieldOfEachError) {
    const CompiledSchema schema(R"({"required": ["a"], "properties": {"b": {"items": {"minimum": 1}}}})");
    const auto errors = schema.check(json::parse(R"({"b": [0]})"), wording_of_arguments("greet"));
    ASSERT_EQ(errors.size(), 2u);
    EXPECT_EQ(errors[0].field, "a");
    EXPECT_EQ(errors[1].field, "b[0]");
}

TEST(Sentences, CutLongValuesBetweenCodePoints) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "ä";
    const std::string cut = shown(json(text));
    EXPECT_LT(cut.size(), 70u);
    EXPECT_TRUE(json::accept("\"" + cut.substr(1) + "\""));
}

TEST(Sentences, ATextTooLongForAPatternIsRefused) {
    const std::string properties = R"({"s": {"type": "string", "pattern": "^(a|b)*$"}})";
    EXPECT_TRUE(sentences(properties, json{{"s", std::string(1'000, 'a')}}.dump()).empty());
    EXPECT_THAT(sentences(properties, json{{"s", std::string(1'000'000, 'a')}}.dump()),
                testing::ElementsAre(testing::HasSubstr("s is too long")));
}

std::string refusal_of(const std::string& schema) {
    try {
        const CompiledSchema compiled(schema);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

// Each would make the judge follow references until the stack or the memory is used up.
TEST(CompiledSchema, RefusesReferencesWithoutEnd) {
    for (const char* schema :
         {R"({"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}})",
          R"({"definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"$ref": "#/definitions/x"}},
              "properties": {"a": {"$ref": "#/definitions/x"}}})",
          R"({"allOf": [{"$ref": "#"}]})", R"({"properties": {"a": {"not": {"$ref": "#/properties/a"}}}})"})
        EXPECT_THAT(refusal_of(schema), testing::HasSubstr("leads back to itself")) << schema;
    json laughs = {{"$ref", "#/definitions/d0"}};
    for (int level = 0; level < 10; ++level) {
        json parts = json::array();
        for (int i = 0; i < 10; ++i)
            parts.push_back({{"$ref", "#/definitions/d" + std::to_string(level + 1)}});
        laughs["definitions"]["d" + std::to_string(level)] = {{"allOf", parts}};
    }
    laughs["definitions"]["d10"] = json::object();
    EXPECT_THAT(refusal_of(laughs.dump()), testing::HasSubstr("come to more than 20000 parts"));
    json chain = {{"$ref", "#/definitions/d0"}};
    for (int level = 0; level < 5'000; ++level)
        chain["definitions"]["d" + std::to_string(level)] = {
            {"$ref", "#/definitions/d" + std::to_string(level + 1)}};
    EXPECT_THAT(refusal_of(chain.dump()), testing::HasSubstr("parts deep"));
}

TEST(CompiledSchema, TakesTreesAndWhatIsUsedTwice) {
    EXPECT_EQ(refusal_of(R"({"type": "object", "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"},
        "children": {"type": "array", "items": {"$ref": "#/definitions/node"}}},
        "definitions": {"node": {"properties": {"next": {"$ref": "#/definitions/node"}, "up": {"$ref": "#"}}}}})"),
              "accepted");
    EXPECT_EQ(refusal_of(R"({"definitions": {"n": {"type": "number"}},
        "properties": {"a": {"$ref": "#/definitions/n"}, "b": {"anyOf": [{"$ref": "#/definitions/n"}, {}]}}})"),
              "accepted");
}

TEST(CompiledSchema, PatternsThatCannotBeUsed) {
    EXPECT_THAT(refusal_of(R"({"properties": {"a": {"pattern": "(("}}})"),
                testing::HasSubstr("cannot be used"));
    EXPECT_THAT(refusal_of(R"({"patternProperties": {"^(a+)+$": {}}})"),
                testing::HasSubstr("repeats a repetition"));
    for (const char* pattern : {"(a+)+", "^(a|b*)*$", "((x{1,3})|y){2,}", "(\\d+[.])*"})
        EXPECT_TRUE(may_take_for_ever(pattern)) << pattern;
    for (const char* pattern :
         {"a+", "(a|b)*", "^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "[(+]+", "(\\+)*", "(-[0-9a-f]{4})+"})
        EXPECT_FALSE(may_take_for_ever(pattern)) << pattern;
}

// What is left to the tool itself must not hold up everybody.
TEST(Sentences, APatternThatMayTakeForEverIsLeftToTheTool) {
    const std::string properties = R"({"s": {"type": "string", "pattern": "^(a+)+$", "maxLength": 60}})";
    EXPECT_TRUE(sentences(properties, json{{"s", std::string(50, 'a') + "!"}}.dump()).empty());
    EXPECT_EQ(sentences(properties, json{{"s", std::string(70, 'a')}}.dump()).size(), 1u);
}

TEST(CompiledSchema, RefusesWhatIsNoSchema) {
    EXPECT_THROW(CompiledSchema("{"), Error);
    EXPECT_THROW(CompiledSchema(R"({"type": 5})"), Error);
    EXPECT_THROW(CompiledSchema(R"({"minimum": "one"})"), Error);
    EXPECT_TRUE(CompiledSchema("{}").accepts_everything());
    EXPECT_FALSE(CompiledSchema(R"({"type": "object"})").accepts_everything());
}

TEST(CompiledSchema, FillsInDefaultsAndWholeNumbers) {
    const CompiledSchema schema(R"({"properties": {
        "n": {"type": "integer", "default": 7}, "m": {"type": "integer"}, "x": {"type": "number"},
        "list": {"items": {"type": "integer"}}, "o": {"properties": {"k": {"default": "v"}}}}})");
    json value = json::parse(R"({"m": 500.0, "x": 2.0, "list": [1.0, 2.5], "o": {}})");
    EXPECT_TRUE(schema.prepare(value));
    EXPECT_EQ(value.dump(), R"({"list":[1,2.5],"m":500,"n":7,"o":{"k":"v"},"x":2.0})");
    EXPECT_FALSE(schema.prepare(value));
    json huge = json::parse(R"({"n": 1e300})");
    schema.prepare(huge);
    EXPECT_TRUE(huge.at("n").is_number_float());
}

// A random schema of the rules that tools use, and a value that is near to it.
class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    json schema(int depth = 0) {
        json made = json::object();
        const int kind = pick(depth < 3 ? 7 : 4);
        if (kind == 0) {
            made["type"] = pick(2) ? "integer" : "number";
            if (pick(2)) made[pick(2) ? "minimum" : "exclusiveMinimum"] = pick(10);
            if (pick(2)) made[pick(2) ? "maximum" : "exclusiveMaximum"] = pick(10) + 0.5;
            if (pick(3) == 0) made["multipleOf"] = pick(4) + 1;
        } else if (kind == 1) {
            made["type"] = "string";
            if (pick(2)) made["minLength"] = pick(3);
            if (pick(2)) made["maxLength"] = pick(4);
            if (pick(3) == 0) made["pattern"] = "^[ab]*$";
        } else if (kind == 2) {
            made["enum"] = {"a", "b", 1};
        } else if (kind == 3) {
            made["type"] = {"boolean", "null"};
        } else if (kind == 4) {
            made["type"] = "array";
            made["items"] = schema(depth + 1);
            if (pick(2)) made["minItems"] = pick(3);
            if (pick(2)) made["maxItems"] = pick(4);
            if (pick(3) == 0) made["uniqueItems"] = true;
        } else if (kind == 5) {
            made["type"] = "object";
            for (const char* name : {"p", "q", "r"})
                if (pick(2)) made["properties"][name] = schema(depth + 1);
            if (pick(2)) made["required"] = {"p"};
            if (pick(2)) made["additionalProperties"] = false;
        } else {
            const char* const names[] = {"anyOf", "oneOf", "allOf"};
            made[names[pick(3)]] = {schema(depth + 1), schema(depth + 1)};
        }
        return made;
    }

    json value(int depth = 0) {
        switch (pick(depth < 3 ? 9 : 6)) {
            case 0:
                return pick(12);
            case 1:
                return pick(20) / 2.0 + 0.25;
            case 2:
                return std::string(static_cast<std::size_t>(pick(4)), "abc"[pick(3)]);
            case 3:
                return "a";
            case 4:
                return nullptr;
            case 5:
                return pick(2) == 0;
            case 6: {
                json list = json::array();
                for (int i = pick(4); i > 0; --i) list.push_back(value(depth + 1));
                return list;
            }
            default: {
                json object = json::object();
                for (const char* name : {"p", "q", "s"})
                    if (pick(2)) object[name] = value(depth + 1);
                return object;
            }
        }
    }

  private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    std::mt19937 random_;
};

TEST(Sentences, AgreeWithTheJudge) {
    Generator generator(20260301);
    int fitting = 0;
    for (int i = 0; i < 2'000; ++i) {
        const json schema = generator.schema();
        valijson::Schema judged;
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), judged);
        for (int j = 0; j < 10; ++j) {
            const json value = generator.value();
            valijson::Validator validator;
            const bool fits =
                validator.validate(judged, valijson::adapters::NlohmannJsonAdapter(value), nullptr);
            const auto errors = explain(schema, value, wording_of_arguments("greet"));
            ASSERT_EQ(errors.empty(), fits)
                << schema << " " << value << (errors.empty() ? "" : errors[0].message);
            fitting += fits;
        }
    }
    EXPECT_GT(fitting, 1'000);
}

}  // namespace
}  // namespace assistd::tools
