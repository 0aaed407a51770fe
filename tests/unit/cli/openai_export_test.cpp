// What was exported from OpenAI's API: read, refused, made into requests, and remembered.

#include "cli/openai_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/failure.h"
#include "cli/import_map.h"
#include "cli/openai_objects.h"

namespace assistd::cli {
namespace {

using testing::HasSubstr;

class OpenAiExportTest : public testing::Test {
  protected:
    OpenAiExportTest() {
        std::string name = (std::filesystem::temp_directory_path() / "export_test_XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("No temporary folder.");
        folder = name;
    }
    ~OpenAiExportTest() override { std::filesystem::remove_all(folder); }

    std::string write(const std::string& text, const std::string& name = "export.jsonl") {
        std::ofstream(folder / name, std::ios::binary) << text;
        return (folder / name).string();
    }
    std::string refusal_of(const std::string& text) {
        try {
            OpenAiExport exported(write(text));
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "";
    }

    std::filesystem::path folder;
};

const std::string thread = R"({"type":"thread","id":"thread_1","metadata":{}})";
std::string message(const std::string& id, int created_at, const std::string& of = "thread_1") {
    return R"({"type":"message","id":")" + id + R"(","thread_id":")" + of + R"(","created_at":)" +
           std::to_string(created_at) + "}";
}

TEST_F(OpenAiExportTest, FindsObjectsInAnyOrder) {
    write("abc", "bytes.bin");
    OpenAiExport exported(write(message("msg_1", 5) + "\n\n" + message("msg_2", 5) + "\r\n" +
                                R"({"type":"file","id":"file-1","path":"bytes.bin"})" + "\n" + thread + "\n" +
                                message("msg_3", 9)));
    EXPECT_EQ(exported.size(), 5u);
    ASSERT_EQ(exported.messages_of("thread_1").size(), 3u);
    EXPECT_EQ(exported.messages_of("thread_1")[2].line, 6u);
    EXPECT_EQ(exported.read(exported.messages_of("thread_1")[2]).at("created_at"), 9);
    EXPECT_EQ(exported.read(exported.of("thread").at(0)).at("id"), "thread_1");
    EXPECT_EQ(exported.path_of(exported.read(exported.of("file").at(0))), folder / "bytes.bin");
    EXPECT_TRUE(exported.messages_of("thread_2").empty());
    EXPECT_EQ(OpenAiExport(write("")).size(), 0u);
}

TEST_F(OpenAiExportTest, SaysWhatIsWrongInWhichLine) {
    EXPECT_THAT(refusal_of(thread + "\n{"), HasSubstr("Line 2: It is no JSON object"));
    EXPECT_THAT(refusal_of("[]"), HasSubstr("no JSON object"));
    EXPECT_THAT(refusal_of(R"({"id":"x"})"), HasSubstr("\"type\" is \"\""));
    EXPECT_THAT(refusal_of(R"({"type":"run","id":"x"})"), HasSubstr("\"type\" is \"run\""));
    EXPECT_THAT(refusal_of(R"({"type":"thread"})"), HasSubstr("no \"id\""));
    EXPECT_THAT(refusal_of(thread + "\n" + thread),
                HasSubstr("Line 2: The id thread_1 stands in the file twice"));
    EXPECT_THAT(refusal_of(R"({"type":"message","id":"m"})"), HasSubstr("\"thread_id\""));
    EXPECT_THAT(refusal_of(message("m", 1, "thread_9")), HasSubstr("does not have its thread, thread_9"));
    EXPECT_THAT(refusal_of(thread + "\n" + message("a", 2) + "\n" + message("b", 1)),
                HasSubstr("Line 3: The messages of the thread thread_1 must stand in their order"));
    EXPECT_THAT(refusal_of(R"({"type":"file","id":"file-1"})"), HasSubstr("needs its bytes"));
    EXPECT_THAT(refusal_of(R"({"type":"file","id":"file-1","path":"gone"})"), HasSubstr("There is no file"));
    EXPECT_EQ(refusal_of(R"({"type":"file","id":"file-1","content":""})"), "");
    EXPECT_THROW(OpenAiExport((folder / "nowhere").string()), Failure);
    try {
        OpenAiExport exported(folder.string());
        ADD_FAILURE();
    } catch (const Failure& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("is a folder"));
    }
}

TEST_F(OpenAiExportTest, TheMapOutlivesARunThatWasKilled) {
    const std::filesystem::path path = folder / "map";
    {
        ImportMap map(path, "http://a");
        EXPECT_FALSE(map.was_begun());
        map.add("thread_1", "thread_x");
        map.add("msg_1", "msg_x");
    }
    std::ofstream(path, std::ios::app) << R"({"old":"msg_2","ne)";
    {
        ImportMap map(path, "http://a");
        EXPECT_TRUE(map.was_begun());
        EXPECT_EQ(*map.find("msg_1"), "msg_x");
        EXPECT_EQ(map.find("msg_2"), nullptr);
        map.add("msg_2", "msg_y");
    }
    EXPECT_EQ(*ImportMap(path, "http://a").find("msg_2"), "msg_y");
    EXPECT_THROW(ImportMap(path, "http://b"), Failure);
    EXPECT_THROW(ImportMap(write("something else\n", "other"), "http://a"), Failure);
    EXPECT_THROW(ImportMap(folder / "no" / "folder", "http://a"), Failure);
}

TEST_F(OpenAiExportTest, TheMapIsOneImportsAtATime) {
    const std::filesystem::path path = folder / "map";
    {
        ImportMap map(path, "http://a");
        try {
            ImportMap other(path, "http://a");
            ADD_FAILURE();
        } catch (const Failure& failure) {
            EXPECT_THAT(failure.what(), HasSubstr("Another import writes to"));
        }
    }
    EXPECT_NO_THROW(ImportMap(path, "http://a"));
}

TEST_F(OpenAiExportTest, TheMapRemembersWhatWasAboutToBeSent) {
    const std::filesystem::path path = folder / "map";
    {
        ImportMap map(path, "http://a");
        map.announce("file-1", "file-x");
        map.add("file-1", "file-y");
        map.announce("file-2", "");
    }
    const ImportMap map(path, "http://a");
    EXPECT_FALSE(map.announced("file-1"));
    EXPECT_EQ(map.announced("file-2"), "");
    EXPECT_TRUE(map.is_new_id("file-y"));
    EXPECT_FALSE(map.is_new_id("file-2"));
    EXPECT_EQ(map.find("file-2"), nullptr);
}

class OpenAiObjectsTest : public testing::Test {
  protected:
    Json made(const char* object) { return objects.message(Json::parse(object)); }

    OpenAiObjects objects{
        [](const std::string& old_id) { return old_id.ends_with("known") ? "new-" + old_id : std::string(); },
        ""};
};

TEST_F(OpenAiObjectsTest, MessagesBecomeRequests) {
    EXPECT_EQ(
        made(R"({"id":"msg_1","object":"thread.message","role":"user","run_id":null,"metadata":{"a":"b"},
                       "attachments":[{"file_id":"known","tools":[{"type":"file_search"}]},{"file_id":"lost"}],
                       "content":[{"type":"text","text":{"value":"Hi","annotations":[{}]}},
                                  {"type":"text","text":{"value":"","annotations":[]}},
                                  {"type":"image_file","image_file":{"file_id":"known","detail":"low"}},
                                  {"type":"image_file","image_file":{"file_id":"lost"}},
                                  {"type":"image_url","image_url":{"url":"https://x/y.png"}},
                                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
                                  {"type":"refusal","refusal":"No."},{"type":"new","new":1}]})"),
        Json::parse(R"({"role":"user",
                  "content":[{"type":"text","text":"Hi"},
                             {"type":"image_file","image_file":{"file_id":"new-known","detail":"low"}},
                             {"type":"text","text":"[picture: lost]"},{"type":"text","text":"[picture: https://x/y.png]"},
                             {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
                             {"type":"text","text":"No."}],
                  "attachments":[{"file_id":"new-known","tools":[{"type":"file_search"}]}],
                  "metadata":{"a":"b","imported_from":"msg_1"}})"));
    EXPECT_EQ(objects.notes().size(), 5u);
    EXPECT_EQ(made(R"({"id":"m","role":"assistant","content":"plain"})").at("content"),
              Json::parse(R"([{"type":"text","text":"plain"}])"));
    for (const char* empty : {R"({"id":"m","role":"user"})", R"({"id":"m","role":"user","content":""})",
                              R"({"id":"m","role":"user","content":[]})"})
        EXPECT_TRUE(made(empty).at("content").empty()) << empty;
}

TEST_F(OpenAiObjectsTest, AssistantsAndThreadsReferToWhatIsNew) {
    const Json assistant = objects.assistant(Json::parse(
        R"({"id":"asst_1","object":"assistant","created_at":1,"name":"N","description":null,"model":"gpt-4o",
            "tools":[{"type":"file_search"},{"type":"code_interpreter"}],"temperature":0.5,"metadata":{},
            "tool_resources":{"file_search":{"vector_store_ids":["known","lost"]},"code_interpreter":{"file_ids":["known"]}}})"));
    EXPECT_EQ(
        assistant,
        Json::parse(
            R"({"model":"gpt-4o","name":"N","tools":[{"type":"file_search"},{"type":"code_interpreter"}],"temperature":0.5,
            "tool_resources":{"file_search":{"vector_store_ids":["new-known"]},"code_interpreter":{"file_ids":["new-known"]}},
            "metadata":{"imported_from":"asst_1"}})"));
    const Json plain = without_code_interpreter(assistant);
    EXPECT_EQ(plain.at("tools"), Json::parse(R"([{"type":"file_search"}])"));
    EXPECT_EQ(plain.at("tool_resources"),
              Json::parse(R"({"file_search":{"vector_store_ids":["new-known"]}})"));
    EXPECT_EQ(objects.thread(Json::parse(R"({"id":"t","tool_resources":null,"metadata":null})")),
              Json::parse(R"({"tool_resources":{},"metadata":{"imported_from":"t"}})"));
    EXPECT_EQ(OpenAiObjects([](const std::string&) { return ""; }, "main:m")
                  .assistant(Json::parse(R"({"id":"a","model":"gpt-4o"})"))
                  .at("model"),
              "main:m");
}

TEST_F(OpenAiObjectsTest, FilesOfStoresKeepWhatIsSaidOfThem) {
    const Json file = Json::parse(
        R"({"id":"file-1","attributes":{"year":1991},"chunking_strategy":{"type":"static",
            "static":{"max_chunk_size_tokens":200,"chunk_overlap_tokens":50}}})");
    const Json made = objects.file_of_store(file, "file-9");
    EXPECT_EQ(made.at("file_id"), "file-9");
    EXPECT_EQ(made.at("attributes"), file.at("attributes"));
    EXPECT_EQ(made.at("chunking_strategy"), file.at("chunking_strategy"));
    const Json old = Json::parse(R"({"id":"file-1","attributes":null,"chunking_strategy":{"type":"other"}})");
    EXPECT_EQ(objects.file_of_store(old, "file-9"), Json::parse(R"({"file_id":"file-9"})"));
}

TEST_F(OpenAiObjectsTest, FullMetadataStaysAsItIs) {
    Json object = {{"id", "t"}, {"metadata", Json::object()}};
    for (int i = 0; i < 16; ++i) object["metadata"]["k" + std::to_string(i)] = "v";
    EXPECT_EQ(objects.thread(object).at("metadata"), object.at("metadata"));
    EXPECT_EQ(objects.notes().size(), 1u);
}

}  // namespace
}  // namespace assistd::cli
