#include "tools/plugins/manifest.h"

#include <fstream>

#include "base/error.h"
#include "support/folders.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;

Json valid() {
    return Json::parse(R"({
        "id": "org.example.greeter", "version": "1.0.0", "abi": "1.0", "licence": "Apache-2.0",
        "tools": [{"name": "greet", "description": "Greets.", "category": "example",
                   "input": {"type": "object", "properties": {"name": {"type": "string"}}}, "effects": {}}]})");
}

std::string refusal(const std::string& text) {
    try {
        parse_manifest(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

// The refusal of the valid manifest after `patch` (RFC 6902).
std::string refusal_of(const char* patch) {
    return refusal(valid().patch(Json::parse(patch)).dump());
}

TEST(Manifest, SaysWhatAToolMayLookUp) {
    Json manifest = valid();
    manifest["tools"][0]["looks_up"] = {"simulation", "jobs", "analysis", "jobs"};
    EXPECT_EQ(parse_manifest(manifest.dump()).tools[0]->looks_up,
              (std::vector<std::string>{"analysis", "jobs", "simulation"}));
    for (const char* wrong : {R"("simulation")", "[]", "[1]", R"(["Simulation"])", R"([""])"})
        EXPECT_THAT(refusal_of((R"([{"op": "add", "path": "/tools/0/looks_up", "value": )" +
                                std::string(wrong) + "}]")
                                   .c_str()),
                    testing::HasSubstr("tools[0].looks_up must be a list of 1 to 32 kinds"))
            << wrong;
}

// Models are told all of it with every message.
TEST(Manifest, BoundsTheTextOfItsTools) {
    Json manifest = valid();
    Json tool = manifest["tools"][0];
    const auto refusal_with = [&](const Json& changed) {
        manifest["tools"][0] = changed;
        return refusal(manifest.dump());
    };
    tool["description"] = std::string(16'384, 'd');
    EXPECT_EQ(refusal_with(tool), "accepted");
    tool["description"] = std::string(16'385, 'd');
    EXPECT_THAT(refusal_with(tool),
                testing::HasSubstr("tools[0].description has 16385 bytes, and may have 16384."));
    tool["description"] = "Greets.";
    tool["input"]["properties"]["name"]["description"] = std::string(65'536, 'd');
    EXPECT_THAT(refusal_with(tool), testing::HasSubstr("tools[0].input has 65"));
    tool["input"]["properties"]["name"]["description"] = std::string(60'000, 'd');
    for (int i = 0; i < 4; ++i) {
        manifest["tools"].push_back(tool);
        manifest["tools"].back()["name"] = "greet_" + std::to_string(i);
    }
    EXPECT_THAT(refusal_with(tool), testing::HasSubstr("may have 262144 together"));
    EXPECT_THAT(refusal_with(tool), testing::HasSubstr("the most are those of greet_0, 60"));
    manifest["tools"].erase(4);
    EXPECT_EQ(refusal(manifest.dump()), "accepted");
}

TEST(Manifest, DefaultsAreThoseOfTheReadme) {
    const Manifest manifest = parse_manifest(valid().dump());
    EXPECT_EQ(manifest.id, "org.example.greeter");
    EXPECT_EQ(manifest.abi_major, 1);
    EXPECT_EQ(manifest.abi_minor, 0);
    ASSERT_EQ(manifest.tools.size(), 1u);
    const core::ToolSpec& tool = *manifest.tools[0];
    EXPECT_EQ(tool.time_limit, std::chrono::seconds(60));
    EXPECT_EQ(tool.job_after, std::chrono::seconds(2));
    EXPECT_EQ(tool.memory_limit_mb, 512);
    EXPECT_FALSE(tool.long_running);
    EXPECT_FALSE(tool.requires_project);
    EXPECT_EQ(tool.plugin, "org.example.greeter");
    EXPECT_EQ(tool.plugin_version, "1.0.0");
    EXPECT_EQ(tool.title, "greet");
    EXPECT_EQ(Json::parse(tool.input_schema)["type"], "object");
}

TEST(Manifest, EveryValueIsRead) {
    Json json = valid();
    json["tools"][0].update(
        Json::parse(R"({"title": "T", "time_limit_s": 1.5, "memory_limit_mb": 64, "job_after_s": 0.5,
        "long_running": true, "requires_project": true, "phrases": ["p"], "options": ["o"],
        "effects": {"reads": true, "writes": true, "network": true, "destructive": true, "idempotent": true},
        "output": {"type": "object"}})"));
    const core::ToolSpec tool = *parse_manifest(json.dump()).tools[0];
    EXPECT_EQ(tool.title, "T");
    EXPECT_EQ(tool.time_limit, std::chrono::milliseconds(1'500));
    EXPECT_EQ(tool.job_after, std::chrono::milliseconds(500));
    EXPECT_EQ(tool.memory_limit_mb, 64);
    EXPECT_TRUE(tool.long_running && tool.requires_project);
    EXPECT_TRUE(tool.effects.reads && tool.effects.writes && tool.effects.network &&
                tool.effects.destructive && tool.effects.idempotent);
    EXPECT_EQ(tool.phrases, std::vector<std::string>{"p"});
    EXPECT_EQ(tool.options, std::vector<std::string>{"o"});
    EXPECT_EQ(tool.output_schema, R"({"type":"object"})");
}

TEST(Manifest, TheOneInTheReadmeIsValid) {
    std::ifstream stream(test::source_folder() / "plugin-api/README.md");
    const std::string readme(std::istreambuf_iterator<char>(stream), {});
    const auto section = readme.find("## The manifest");
    const auto from = readme.find("```json\n", section) + 8;
    EXPECT_EQ(refusal(readme.substr(from, readme.find("```", from) - from)), "accepted");
}

TEST(Manifest, EachMistakeHasItsSentence) {
    const std::string begin = "has a manifest that is not valid: ";
    const std::vector<std::pair<const char*, std::string>> cases = {
        {R"([{"op": "remove", "path": "/id"}])", "id is missing."},
        {R"([{"op": "remove", "path": "/version"}])", "version is missing."},
        {R"([{"op": "remove", "path": "/abi"}])", "abi is missing."},
        {R"([{"op": "remove", "path": "/licence"}])", "licence is missing."},
        {R"([{"op": "remove", "path": "/tools"}])", "tools is missing."},
        {R"([{"op": "remove", "path": "/tools/0/name"}])", "tools[0].name is missing."},
        {R"([{"op": "remove", "path": "/tools/0/input"}])", "tools[0].input is missing."},
        {R"([{"op": "remove", "path": "/tools/0/effects"}])", "tools[0].effects is missing."},
        {R"([{"op": "add", "path": "/license", "value": "MIT"}])", "license is no key that a manifest has."},
        {R"([{"op": "add", "path": "/tools/0/phrase", "value": []}])",
         "tools[0].phrase is no key that a manifest has."},
        {R"([{"op": "add", "path": "/tools/0/effects/write", "value": true}])",
         "tools[0].effects.write is no key that a manifest has."},
        {R"([{"op": "replace", "path": "/id", "value": "greeter"}])",
         "id must be a reverse domain name in lower case, such as \"org.example.greeter\"."},
        {R"([{"op": "replace", "path": "/id", "value": "org..greeter"}])",
         "id must be a reverse domain name in lower case, such as \"org.example.greeter\"."},
        {R"([{"op": "replace", "path": "/id", "value": "org.example/../x"}])",
         "id must be a reverse domain name in lower case, such as \"org.example.greeter\"."},
        {R"([{"op": "replace", "path": "/version", "value": "1.0"}])",
         "version must be three numbers, such as \"1.0.0\"."},
        {R"([{"op": "replace", "path": "/abi", "value": "1"}])", "abi must be two numbers, such as \"1.0\"."},
        {R"([{"op": "replace", "path": "/abi", "value": 1.0}])", "abi must be text."},
        {R"([{"op": "replace", "path": "/licence", "value": ""}])", "licence must be text."},
        {R"([{"op": "replace", "path": "/tools", "value": []}])", "tools must be a list of 1 to 256 tools."},
        {R"([{"op": "replace", "path": "/tools/0", "value": 7}])", "tools[0] must be an object."},
        {R"([{"op": "copy", "from": "/tools/0", "path": "/tools/1"}])", "the tool greet stands in it twice."},
        {R"([{"op": "replace", "path": "/tools/0/name", "value": "greet me"}])",
         "tools[0].name must consist of at most 64 letters, digits and \"_\"."},
        {R"([{"op": "replace", "path": "/tools/0/input", "value": "object"}])",
         "tools[0].input must be a JSON Schema (an object)."},
        {R"([{"op": "replace", "path": "/tools/0/input", "value": {"type": "string"}}])",
         "tools[0].input.type must be \"object\"."},
        {R"([{"op": "replace", "path": "/tools/0/input/properties", "value": []}])",
         "tools[0].input.properties must be an object of schemas."},
        {R"([{"op": "replace", "path": "/tools/0/input/properties/name/type", "value": "text"}])",
         "tools[0].input.properties.name.type must be a JSON Schema type or a list of them."},
        {R"([{"op": "add", "path": "/tools/0/input/properties/name/minLength", "value": -1}])",
         "tools[0].input.properties.name.minLength must be a whole number, not negative."},
        {R"([{"op": "add", "path": "/tools/0/input/required", "value": "name"}])",
         "tools[0].input.required must be a list of texts."},
        {R"([{"op": "add", "path": "/tools/0/time_limit_s", "value": 0}])",
         "tools[0].time_limit_s must be a number from 0.001 to 604800."},
        {R"([{"op": "add", "path": "/tools/0/memory_limit_mb", "value": "64"}])",
         "tools[0].memory_limit_mb must be a number from 16 to 1048576."},
        {R"([{"op": "add", "path": "/tools/0/long_running", "value": 1}])",
         "tools[0].long_running must be true or false."},
        {R"([{"op": "add", "path": "/tools/0/phrases", "value": "greet"}])",
         "tools[0].phrases must be a list of at most 64 texts."},
        {R"([{"op": "add", "path": "/tools/0/phrases", "value": [""]}])",
         "tools[0].phrases must hold texts of 1 to 2000 bytes."},
    };
    for (const auto& [patch, sentence] : cases) EXPECT_EQ(refusal_of(patch), begin + sentence) << patch;
}

TEST(Manifest, TextThatIsNoStrictJson) {
    EXPECT_THAT(refusal(""), testing::HasSubstr("it is no JSON"));
    EXPECT_THAT(refusal("[]"), testing::HasSubstr("it must be an object."));
    EXPECT_THAT(refusal(R"({"id": "a.b", "id": "c.d"})"), testing::HasSubstr("the key \"id\" stands twice"));
    EXPECT_THAT(refusal(std::string(500'000, '[')), testing::HasSubstr("it is nested too deep."));
    EXPECT_THAT(refusal("{\"id\": \"\xff\"}"), testing::HasSubstr("it is no JSON"));
}

}  // namespace
}  // namespace assistd::tools
