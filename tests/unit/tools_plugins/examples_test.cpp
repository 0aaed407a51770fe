#include "tools/plugins/manifest_examples.h"

#include "base/error.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;

std::vector<ToolExample> read(const char* text) {
    return read_examples(Json::parse(text), "examples");
}

std::string refusal(const char* text) {
    try {
        read(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Examples, EveryValueIsRead) {
    const auto examples = read(R"([
        {"title": "T", "arguments": {"a": 1}, "fails": "ContextError",
         "artifacts": {"simulation-12": {"base64": "AP8B", "name": "n.npy", "media_type": "application/x-npy",
                                         "metadata": {"seed": 7}}}},
        {"arguments": {}, "artifacts": {"file-1": {"text": "abc"}, "my_kind-2": {"file": "data/in.bin"}}}])");
    ASSERT_EQ(examples.size(), 2u);
    EXPECT_EQ(examples[0].title, "T");
    EXPECT_EQ(examples[0].arguments, R"({"a":1})");
    EXPECT_EQ(examples[0].fails, core::ToolErrorType::ContextError);
    const ExampleArtifact& simulation = examples[0].artifacts.at(0);
    EXPECT_EQ(simulation.handle, "simulation-12");
    EXPECT_EQ(simulation.kind, "simulation");
    EXPECT_EQ(simulation.name, "n.npy");
    EXPECT_EQ(simulation.media_type, "application/x-npy");
    EXPECT_EQ(simulation.metadata, R"({"seed":7})");
    EXPECT_EQ(simulation.bytes, std::string("\x00\xff\x01", 3));
    EXPECT_FALSE(examples[1].fails);
    const ExampleArtifact& text = examples[1].artifacts.at(0);
    EXPECT_EQ(text.bytes, "abc");
    EXPECT_EQ(text.name, "file-1");
    EXPECT_EQ(text.media_type, "text/plain");
    const ExampleArtifact& file = examples[1].artifacts.at(1);
    EXPECT_EQ(file.file, "data/in.bin");
    EXPECT_EQ(file.name, "in.bin");
    EXPECT_EQ(file.kind, "my_kind");
}

TEST(Examples, Base64OfEveryLength) {
    const std::vector<std::pair<const char*, std::string>> cases = {
        {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"}, {"Zm9vYmE=", "fooba"}};
    for (const auto& [text, bytes] : cases) {
        Json json = Json::parse(R"([{"arguments": {}, "artifacts": {"file-1": {"base64": ""}}}])");
        json[0]["artifacts"]["file-1"]["base64"] = text;
        EXPECT_EQ(read_examples(json, "examples")[0].artifacts[0].bytes, bytes);
    }
}

TEST(Examples, WhatIsShownHasNoBytes) {
    const auto examples = read(R"([
        {"title": "T", "arguments": {"a": 1}, "fails": "ContextError", "artifacts": {"file-1": {"text": "secret"}}},
        {"arguments": {}}])");
    EXPECT_EQ(Json::parse(shown_examples(examples)),
              Json::parse(R"([{"title": "T", "arguments": {"a": 1}, "fails": "ContextError",
                               "artifacts": {"file-1": {"name": "file-1", "media_type": "text/plain"}}},
                              {"arguments": {}}])"));
}

TEST(Examples, EachMistakeHasItsSentence) {
    const std::string begin = "has a manifest that is not valid: ";
    const std::vector<std::pair<const char*, std::string>> cases = {
        {R"({})", "examples must be a list of at most 16 examples."},
        {R"([7])", "examples[0] must be an object."},
        {R"([{}])", "examples[0].arguments is missing."},
        {R"([{"arguments": []}])", "examples[0].arguments must be an object."},
        {R"([{"arguments": {}, "argument": {}}])", "examples[0].argument is no key that a manifest has."},
        {R"([{"arguments": {}, "fails": "PluginCrashedError"}])",
         "examples[0].fails must be one of ValidationError, ContextError, TimeoutError, CancelledError, "
         "PermissionError, QuotaExceededError, InternalError."},
        {R"([{"arguments": {}, "artifacts": []}])",
         "examples[0].artifacts must be an object of at most 8 artifacts by their handles."},
        {R"([{"arguments": {}, "artifacts": {"file": {"text": ""}}}])",
         "examples[0].artifacts.file must be named by a handle, a kind and a number such as \"table-1\"."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {}}}])",
         "examples[0].artifacts.file-1 needs one of \"text\", \"base64\" and \"file\"."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"text": "", "file": "a"}}}])",
         "examples[0].artifacts.file-1 needs one of \"text\", \"base64\" and \"file\"."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"base64": "Zg="}}}])",
         "examples[0].artifacts.file-1.base64 must be base64."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"base64": "Z~=="}}}])",
         "examples[0].artifacts.file-1.base64 must be base64."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"file": "../a"}}}])",
         "examples[0].artifacts.file-1.file must be a path that begins with no \"/\" and has no \"..\"."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"file": "/etc/passwd"}}}])",
         "examples[0].artifacts.file-1.file must be a path that begins with no \"/\" and has no \"..\"."},
        {R"([{"arguments": {}, "artifacts": {"file-1": {"text": "", "kind": "x"}}}])",
         "examples[0].artifacts.file-1.kind is no key that a manifest has."},
    };
    for (const auto& [text, sentence] : cases) EXPECT_EQ(refusal(text), begin + sentence) << text;
}

}  // namespace
}  // namespace assistd::tools
