// What assistants and messages may be like, and how they are shown. The limits that need a daemon are tried
// with the real client (tests/e2e/assistants.py).

#include "api/assistants/content.h"
#include "api/assistants/render.h"
#include "api/assistants/tools.h"
#include "api/assistants/vector_store_fields.h"
#include "base/error.h"

namespace assistd::api::assistants {
namespace {

using openai::Fields;
using openai::Json;

// The field that is refused; empty when none is.
template <class Read>
std::string refused(const char* body, const Read& read) {
    const Json json = Json::parse(body);
    try {
        read(Fields(json));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        return error.fields().at(0).field;
    }
    return "";
}

std::string tools(const char* body, bool has_code_interpreter = false) {
    const Json json = Json::parse(body);
    return read_tools(Fields(json), has_code_interpreter);
}

TEST(AssistantTools, AreStoredAsTheyWereGiven) {
    EXPECT_EQ(tools(R"({})"), "[]");
    EXPECT_EQ(tools(R"({"tools": [{"type": "function", "function": {"name": "f", "new": 1, "strict": null,
                    "parameters": {"z": 1, "a": 2}}}]})"),
              R"([{"type":"function","function":{"name":"f","parameters":{"z":1,"a":2},"strict":null}}])");
    EXPECT_EQ(tools(R"({"tools": [{"type": "code_interpreter"}]})", true),
              R"([{"type":"code_interpreter"}])");
}

TEST(AssistantTools, AreRefusedByTheirPath) {
    const auto read = [](const Fields& fields) { read_tools(fields, false); };
    EXPECT_EQ(refused(R"({"tools": [{"type": "code_interpreter"}]})", read), "tools[0].type");
    EXPECT_EQ(refused(R"({"tools": [{}]})", read), "tools[0].type");
    EXPECT_EQ(refused(R"({"tools": [{"type": "file_search"}, {"type": "file_search"}]})", read),
              "tools[1].type");
    EXPECT_EQ(refused(R"({"tools": [{"type": "function", "function": {"name": "ä"}}]})", read),
              "tools[0].function.name");
    EXPECT_EQ(refused(R"({"tools": [{"type": "function", "function": {"name": "a", "strict": 1}}]})", read),
              "tools[0].function.strict");
}

TEST(ToolResources, NameStoresAndFiles) {
    const std::string store = "vs_" + std::string(32, '0');
    const Json json = Json::parse(R"({"tool_resources": {"file_search": {"vector_store_ids": [")" + store +
                                  R"("]}, "other": 1}})");
    EXPECT_EQ(read_tool_resources(Fields(json), true),
              R"({"file_search":{"vector_store_ids":[")" + store + R"("]}})");
    const auto read = [](const Fields& fields) { read_tool_resources(fields, true); };
    EXPECT_EQ(refused(R"({"tool_resources": {"file_search": {"vector_store_ids": ["file-1"]}}})", read),
              "tool_resources.file_search.vector_store_ids[0]");
}

TEST(ResponseFormats, AreAutoWhenNothingIsSaid) {
    const auto stored = [](const char* body) {
        const Json json = Json::parse(body);
        return read_response_format(Fields(json));
    };
    EXPECT_EQ(stored("{}"), "");
    EXPECT_EQ(stored(R"({"response_format": "auto"})"), "");
    EXPECT_EQ(render_response_format(""), "auto");
    EXPECT_EQ(stored(R"({"response_format": {"type": "text", "x": 1}})"), R"({"type":"text"})");
    EXPECT_EQ(
        stored(R"({"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}})"),
        R"({"type":"json_schema","json_schema":{"name":"n","schema":{}}})");
}

GivenMessage message(const std::string& body) {
    const Json json = Json::parse(body);
    return read_message(Fields(json), false);
}

TEST(GivenMessages, HaveTextsAndPictures) {
    EXPECT_EQ(std::get<std::string>(message(R"({"role": "user", "content": "a b"})").parts.at(0)), "a b");
    const GivenMessage given = message(R"({"role": "assistant", "content": [{"type": "text", "text": "a"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAEC", "detail": "high"}}]})");
    EXPECT_EQ(given.role, core::Role::assistant);
    const auto& picture = std::get<GivenMessage::Picture>(given.parts.at(1));
    EXPECT_EQ(picture.bytes, std::string("\0\1\2", 3));
    EXPECT_EQ(picture.media_type, "image/png");
    EXPECT_EQ(picture.detail, "high");
    EXPECT_FALSE(picture.file);
}

TEST(GivenMessages, AreRefusedByTheirPath) {
    const auto url = [](const std::string& value) {
        return refused((R"({"role": "user", "content": [{"type": "image_url", "image_url": {"url": ")" +
                        value + R"("}}]})")
                           .c_str(),
                       [](const Fields& fields) { read_message(fields, false); });
    };
    EXPECT_EQ(url("data:image/png;base64,AAEC"), "");
    for (const char* wrong :
         {"http://a/b.png", "https://a/b.png", "data:image/png,AAEC", "data:image/png;base64,",
          "data:image/png;base64,!", "data:image/svg+xml;base64,AAEC", ""})
        EXPECT_EQ(url(wrong), "content[0].image_url.url") << wrong;
}

TEST(GivenMessages, TakeFilesForWhatThereIs) {
    const auto given = [](const std::string& tool, bool runs_code) {
        const std::string body = R"({"role": "user", "content": "x", "attachments": [{"file_id": "file-)" +
                                 std::string(32, '1') + R"(", "tools": [{"type": ")" + tool + R"("}]}]})";
        return refused(body.c_str(), [&](const Fields& fields) { read_message(fields, runs_code); });
    };
    EXPECT_EQ(given("file_search", false), "");
    EXPECT_EQ(given("code_interpreter", true), "");
    EXPECT_EQ(given("code_interpreter", false), "attachments[0].tools[0].type");
}

TEST(Attributes, HaveNamesOfSoManyCharacters) {
    const auto named = [](int characters) {
        std::string name;
        for (int i = 0; i < characters; ++i) name += "ü";
        return refused((R"({"attributes": {")" + name + R"(": 1}})").c_str(), read_attributes);
    };
    EXPECT_EQ(named(64), "");
    EXPECT_THAT(named(65), testing::StartsWith("attributes.ü"));
}

core::ThreadMessage said(core::Role role, std::vector<core::Block> blocks) {
    core::ThreadMessage item;
    item.message.id = MessageId::make();
    item.message.role = role;
    item.message.blocks = std::move(blocks);
    item.message.created_at = from_micros(1'999'999);
    return item;
}

TEST(Rendering, SaysWhyAReplyIsNotWhole) {
    core::ThreadMessage reply = said(core::Role::assistant, {core::TextBlock{"x"}});
    reply.message.turn = TurnId::make();
    reply.assistant_id = "asst_1";
    Json json = render(reply);
    EXPECT_EQ(json["status"], "completed");
    EXPECT_EQ(json["created_at"], 1);
    EXPECT_EQ(json["completed_at"], 1);
    EXPECT_EQ(json["assistant_id"], "asst_1");
    EXPECT_EQ(json["run_id"], reply.message.turn.text("run_"));
    const std::pair<const char*, const char*> reasons[] = {{"length", "max_tokens"},
                                                           {"content_filter", "content_filter"},
                                                           {"cancelled", "run_cancelled"},
                                                           {"error", "run_failed"}};
    for (const auto& [finish_reason, reason] : reasons) {
        reply.message.finish_reason = finish_reason;
        json = render(reply);
        EXPECT_EQ(json["status"], "incomplete");
        EXPECT_EQ(json["incomplete_details"]["reason"], reason);
        EXPECT_TRUE(json["completed_at"].is_null());
        EXPECT_EQ(json["incomplete_at"], 1);
    }
}

TEST(Rendering, ShowsNotesOnAttachmentsAsAttachments) {
    core::ThreadMessage item = said(core::Role::user, {core::TextBlock{"\n[attached: said by the user]"},
                                                       core::TextBlock{"\n[attached: file-1, a.txt]"}});
    item.message.turn = TurnId::make();  // a run answers it; it is still none of the run's
    item.message.attachments = R"([{"file_id":"file-1","tools":[]}])";
    const Json json = render(item);
    ASSERT_EQ(json["content"].size(), 1u);
    EXPECT_EQ(json["content"][0]["text"]["value"], "\n[attached: said by the user]");
    EXPECT_EQ(json["attachments"].size(), 1u);
    EXPECT_TRUE(json["run_id"].is_null());
}

}  // namespace
}  // namespace assistd::api::assistants
