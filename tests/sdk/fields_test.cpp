// Described structs: the schema, what is read, and the sentence for each thing that is wrong.

#include <assistd/testing.hpp>
#include <fstream>

namespace assistd {
namespace {

using testing::Outcome;
using testing::PluginRunner;

class TypedArguments : public ::testing::Test {
  protected:
    TypedArguments() : plugin_(assistd_plugin_entry) {
        plugin_.add_artifact("simulation-1", "simulation", "abc");
        plugin_.add_artifact("analysis-1", "analysis", "");
        plugin_.add_artifact("plot-1", "plot", "");
    }

    const Json& property(const std::string& name) {
        return plugin_.schemas().at("take_everything").at("input").at("properties").at(name);
    }
    // The least that take_everything takes, and what is changed of it.
    static Json with(const Json& changes = Json::object()) {
        Json arguments{{"source", "simulation-1"}, {"count", 7}, {"code", "abc"}};
        arguments.merge_patch(changes);
        return arguments;
    }
    Json taken(const Json& changes) {
        const Outcome outcome = plugin_.run("take_everything", with(changes));
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.data;
    }
    std::string refusal(const Json& arguments) {
        const Outcome outcome = plugin_.run("take_everything", arguments);
        EXPECT_EQ(outcome.error_type, "ValidationError") << outcome.data;
        EXPECT_TRUE(outcome.recoverable);
        std::string sentences;
        for (const Json& error : outcome.details["errors"]) {
            if (!sentences.empty()) sentences += " ";
            sentences += error["message"].get<std::string>();
        }
        EXPECT_EQ(outcome.message, sentences);
        return outcome.message;
    }

    PluginRunner plugin_;
};

TEST_F(TypedArguments, EachKindOfMemberHasItsSchema) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"source",
         R"({"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation", "analysis"],
             "description": "What to read"})"},
        {"others",
         R"({"type": "array", "items": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]},
             "minItems": 0, "maxItems": 2, "uniqueItems": true, "default": [], "description": "More of them"})"},
        {"mask", R"({"type": "string", "format": "artifact", "description": "What to leave out"})"},
        {"periodic", R"({"type": "boolean", "default": true, "description": "Whether it goes round"})"},
        {"count", R"({"type": "integer", "description": "How many"})"},
        {"level", R"({"type": "integer", "minimum": 0, "default": 3, "description": "How deep"})"},
        {"factor",
         R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.5,
             "description": "Of growth"})"},
        {"cutoff", R"({"type": "number", "minimum": 0.25, "description": "Where to stop"})"},
        {"code",
         R"({"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-zö]+$",
             "description": "Of the run"})"},
        {"lattice",
         R"({"type": "string", "enum": ["cubic", "hexagonal"], "default": "hexagonal",
             "description": "Which lattice"})"},
        {"dimensions", R"({"type": "integer", "enum": [2, 3], "default": 3, "description": "2 or 3"})"},
        {"weights",
         R"({"type": "array", "items": {"type": "number", "maximum": 10}, "minItems": 1, "default": [1, 2],
             "description": "Of each"})"},
        {"grids",
         R"({"type": "array", "maxItems": 2, "default": [], "description": "Where to look",
             "items": {"type": "object", "additionalProperties": false, "required": ["cells"], "properties": {
                 "cells": {"type": "integer", "minimum": 1, "maximum": 64, "description": "Cells a side"},
                 "origin": {"type": "array", "minItems": 2, "maxItems": 2, "default": [0, 0],
                            "items": {"type": "number", "minimum": -10, "maximum": 10},
                            "description": "Of the first cell"}}}})"},
        {"constants",
         R"({"type": "object", "additionalProperties": {"type": "number"}, "default": {}, "description": "By name"})"},
        {"note", R"({"default": null, "description": "Anything"})"},
        {"name", R"({"type": "string", "default": "run", "description": "Of the result"})"},
    };
    for (const auto& [name, schema] : cases) EXPECT_EQ(property(name), Json::parse(schema)) << name;
    const Json& whole = plugin_.schemas().at("take_everything").at("input");
    EXPECT_EQ(whole.at("properties").size(), cases.size());
    EXPECT_EQ(whole.at("required"), Json({"source", "count", "code"}));
    EXPECT_EQ(whole.at("additionalProperties"), false);
}

TEST_F(TypedArguments, AResultHasNoDefaultsAndIsOpen) {
    const Json& schemas = plugin_.schemas().at("add_up");
    EXPECT_EQ(schemas.at("output"), Json::parse(R"({
        "type": "object", "required": ["total", "grids"], "properties": {
            "total": {"type": "number", "description": "Of the weights"},
            "grids": {"type": "array", "description": "As they were used", "items": {
                "type": "object", "required": ["cells"], "properties": {
                    "cells": {"type": "integer", "minimum": 1, "maximum": 64, "description": "Cells a side"},
                    "origin": {"type": "array", "minItems": 2, "maxItems": 2, "description": "Of the first cell",
                               "items": {"type": "number", "minimum": -10, "maximum": 10}}}}},
            "remark": {"type": "string", "description": "What is odd about it"}}})"));
    EXPECT_FALSE(plugin_.schemas().at("copy_lines").contains("output"));
    EXPECT_FALSE(plugin_.schemas().contains("plain"));

    const Outcome sum = plugin_.run("add_up", {{"weights", {1, 2.5}}});
    EXPECT_EQ(sum.data, Json::parse(R"({"total": 3.5, "grids": [{"cells": 4, "origin": [0.0, 1.0]}]})"));
    EXPECT_EQ(sum.summary, "Added up.");
    EXPECT_EQ(plugin_.run("add_up", {{"weights", Json::array()}}).data.at("remark"), "There were none.");
}

TEST_F(TypedArguments, WhatIsLeftOutKeepsItsInitialiser) {
    EXPECT_EQ(taken(Json::object()), Json::parse(R"({
        "source": "simulation-1", "count": 7, "code": "abc", "others": [], "periodic": true, "level": 3,
        "factor": 0.5, "lattice": "hexagonal", "dimensions": 3, "weights": [1.0, 2.0], "grids": [],
        "constants": {}, "note": null, "name": "run"})"));
}

TEST_F(TypedArguments, WhatIsGivenIsRead) {
    const Json given = Json::parse(R"({
        "source": "analysis-1", "count": -2147483648, "code": "öö", "others": ["simulation-1"],
        "mask": "plot-1", "periodic": false, "level": 255, "factor": 0.25, "cutoff": 4.0, "lattice": "cubic",
        "dimensions": 2, "weights": [10.0], "grids": [{"cells": 1, "origin": [-10.0, 10.0]}],
        "constants": {"a": 1.5}, "note": {"any": ["thing"]}, "name": ""})");
    EXPECT_EQ(taken(given), given);
}

TEST_F(TypedArguments, EachMistakeHasItsSentence) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {R"({"count": "7"})", "count must be an integer; it is the string \"7\"."},
        {R"({"count": 1.5})", "count must be an integer; it is the number 1.5."},
        {R"({"count": 2147483648})", "count must lie between -2147483648 and 2147483647; it is 2147483648."},
        {R"({"level": 256})", "level must lie between 0 and 255; it is 256."},
        {R"({"level": -1})", "level must be at least 0; it is -1."},
        {R"({"factor": 0})", "factor must be more than 0; it is 0."},
        {R"({"factor": 1.0})", "factor must be less than 1; it is 1."},
        {R"({"cutoff": 0.125})", "cutoff must be at least 0.25; it is 0.125."},
        {R"({"periodic": 1})", "periodic must be a boolean; it is the number 1."},
        {R"({"code": "ö"})", "code must have at least 2 characters; it has 1."},
        {R"({"code": "abcde"})", "code must have at most 4 characters; it has 5."},
        {R"({"code": "ABC"})", "code must match the pattern ^[a-zö]+$; it is \"ABC\"."},
        {R"({"lattice": "round"})", "lattice must be one of \"cubic\" or \"hexagonal\"; it is \"round\"."},
        {R"({"dimensions": 4})", "dimensions must be one of 2 or 3; it is 4."},
        {R"({"weights": []})", "weights must have at least 1 item; it has 0."},
        {R"({"weights": [1, 11]})", "weights[1] must be at most 10; it is 11."},
        {R"({"weights": {}})", "weights must be an array; it is an object."},
        {R"({"others": ["simulation-1", "simulation-1"]})",
         "others must not have the same item twice; items 0 and 1 are both \"simulation-1\"."},
        {R"({"others": ["plot-1"]})",
         "others[0] must be an artifact of kind simulation; plot-1 is of kind plot."},
        {R"({"source": "plot-1"})",
         "source must be an artifact of kind simulation or analysis; plot-1 is of kind plot."},
        {R"({"mask": "plot-9"})", "mask names the artifact \"plot-9\", which does not exist."},
        {R"({"grids": [{"cells": 1}, {}]})", "grids[1].cells is missing."},
        {R"({"grids": [{"cells": 65}]})", "grids[0].cells must be at most 64; it is 65."},
        {R"({"grids": [{"cells": 1, "origin": [1]}]})",
         "grids[0].origin must have at least 2 items; it has 1."},
        {R"({"grids": [{"cells": 1, "origin": [1, 11]}]})",
         "grids[0].origin[1] must be at most 10; it is 11."},
        {R"({"grids": [{"cells": 1, "size": 2}]})",
         "grids[0].size is not a field of grids[0]; it takes cells and origin."},
        {R"({"constants": {"a": "b"}})", "constants.a must be a number; it is the string \"b\"."},
    };
    for (const auto& [changes, sentence] : cases)
        EXPECT_EQ(refusal(with(Json::parse(changes))), sentence) << changes;
    EXPECT_EQ(refusal({{"source", "simulation-1"}}), "count is missing. code is missing.");
    EXPECT_EQ(refusal(Json::array()), "The arguments must be an object; they are an array.");
    const Outcome none = plugin_.run("wait_in_threads", {{"x", 1}});
    EXPECT_EQ(none.message, "x is not an argument of this tool; it takes none.");
    EXPECT_EQ(plugin_.run("take_everything", with({{"count", "7"}})).details.at("errors")[0].at("field"),
              "count");
}

TEST_F(TypedArguments, AnInputThatCodePutsTogetherIsTheTools) {
    const Json& input = plugin_.schemas().at("take_either").at("input");
    EXPECT_EQ(input.at("properties").at("rounds").at("maximum"), 1'000'000'000'000);
    EXPECT_EQ(input.at("properties").at("weights").at("type"), "array");
    EXPECT_EQ(plugin_.run("take_either", {{"rounds", 4}}).data.at("sum"), 6);
    EXPECT_EQ(plugin_.run("take_either", {{"weights", {1, 2}}}).data.at("total"), 3);
    EXPECT_EQ(plugin_.run("take_either", {{"rounds", -1}}).message, "rounds must be at least 0; it is -1.");
    EXPECT_EQ(plugin_.run("take_either", Json::object()).message, "weights is missing.");
}

struct Shared {
    int size = 1;
    int depth = 2;
    std::optional<int> seed = 4;
};
void describe(Fields<Shared>& fields) {
    fields.required("size", &Shared::size, "Of each").range(1, 3);
    fields.optional("depth", &Shared::depth, "Of all").range(1, 3);
    fields.optional("seed", &Shared::seed, "Of the numbers");
}
struct Larger : Shared {
    Larger() {
        depth = 3;
        seed.reset();
    }
    bool flat = false;
    double scale = 2;
};
void describe(Fields<Larger>& fields) {
    fields.include<Shared>();
    fields.optional("flat", &Larger::flat, "Or deep");
    fields.optional("scale", &Larger::scale, "Of it");
    fields.required("size", &Larger::size, "Of each").range(1, 9);
}

TEST(Description, HasTheFieldsOfABase) {
    EXPECT_EQ(schema_of<Larger>(), Json::parse(R"({
        "type": "object", "additionalProperties": false, "required": ["size"], "properties": {
            "size": {"type": "integer", "minimum": 1, "maximum": 9, "description": "Of each"},
            "depth": {"type": "integer", "minimum": 1, "maximum": 3, "default": 3, "description": "Of all"},
            "seed": {"type": "integer", "description": "Of the numbers"},
            "flat": {"type": "boolean", "default": false, "description": "Or deep"},
            "scale": {"type": "number", "default": 2, "description": "Of it"}}})"));
    EXPECT_EQ(schema_of<Larger>().at("properties").at("scale").at("default").dump(), "2");
    Larger larger;
    larger.size = 9;
    larger.seed = 5;
    EXPECT_EQ(as_json(larger),
              Json::parse(R"({"size": 9, "depth": 3, "seed": 5, "flat": false, "scale": 2})"));
    EXPECT_EQ(schema_of<Shared>().at("properties").at("size").at("maximum"), 3);
}

struct Contradiction {
    int size = 0;
};
void describe(Fields<Contradiction>& fields) {
    fields.optional("size", &Contradiction::size, "").range(1, 3);
}
struct Twice {
    int size = 0;
};
void describe(Fields<Twice>& fields) {
    fields.required("size", &Twice::size, "");
    fields.required("size", &Twice::size, "");
}

struct IncludedTwice : Shared {};
void describe(Fields<IncludedTwice>& fields) {
    fields.include<Shared>();
    fields.required("size", &IncludedTwice::size, "");
    fields.required("size", &IncludedTwice::size, "");
}

template <class Struct>
std::string complaint() {
    try {
        detail::fields_of<Struct>();
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return "";
}

struct Deep {
    Artifact source;
};
void describe(Fields<Deep>& fields) {
    fields.required("source", &Deep::source, "");
}
struct Shallow {
    std::vector<Deep> parts;
};
void describe(Fields<Shallow>& fields) {
    fields.required("parts", &Shallow::parts, "");
}

TEST(Description, HasArtifactsWhereTheDaemonOpensThem) {
    EXPECT_NO_THROW((detail::tool_schemas<Deep, Result>()));
    try {
        detail::tool_schemas<Shallow, Result>();
        ADD_FAILURE();
    } catch (const std::logic_error& error) {
        EXPECT_STREQ(
            error.what(),
            "The artifact in parts stands too deep; put it at the top of the arguments, or in a list there.");
    }
}

TEST(Description, MustNotContradictItself) {
    EXPECT_EQ(complaint<Contradiction>(),
              "The default of a field does not fit its own description: size must be at least 1; it is 0.");
    for (const std::string& said : {complaint<Twice>(), complaint<IncludedTwice>()})
        EXPECT_EQ(said, "A field needs a name of its own; \"size\" is none.");
}

TEST(Manifest, IsCompletedByTheBuild) {
    const PluginRunner plugin(TYPED_LIBRARY);
    const Json written = Json::parse(std::ifstream(TYPED_SOURCE));
    std::size_t completed = 0;
    for (std::size_t i = 0; i < written.at("tools").size(); ++i) {
        const Json& tool = plugin.manifest().at("tools").at(i);
        const auto schemas = plugin.schemas().find(tool.at("name").get<std::string>());
        if (schemas == plugin.schemas().end()) {
            EXPECT_EQ(tool, written.at("tools")[i]);
            continue;
        }
        EXPECT_EQ(tool.at("input"), schemas->at("input"));
        EXPECT_EQ(tool.value("output", Json()), schemas->value("output", Json()));
        ++completed;
    }
    EXPECT_EQ(completed, 6u);
    EXPECT_EQ(Json::parse(std::ifstream(TYPED_MANIFEST)), plugin.manifest());
}

}  // namespace
}  // namespace assistd
