#include "providers/images.h"

#include <sys/mman.h>

#include "base/base64.h"
#include "base/error.h"
#include "providers/anthropic/provider.h"
#include "providers/ollama/provider.h"
#include "providers/openai/provider.h"
#include "unit/providers/provider_fixture.h"
#include "unit/providers/renderings.h"

namespace assistd::providers {
namespace {

using nlohmann::json;

// Artifacts of one owner that are only read.
class Album : public core::Artifacts {
  public:
    ArtifactId put(std::string bytes) {
        core::Artifact artifact;
        artifact.id = ArtifactId::make();
        artifact.size = static_cast<std::int64_t>(bytes.size());
        pictures_.emplace_back(artifact, std::move(bytes));
        return artifact.id;
    }

    Task<core::Artifact> find(core::Owner, std::string id) override {
        for (const auto& [artifact, bytes] : pictures_)
            if (artifact.id.text() == id) co_return artifact;
        throw Error(ErrorCode::not_found, "There is no such artifact.");
    }
    Task<UniqueFd> open(core::Artifact artifact) override {
        UniqueFd file(::memfd_create("picture", MFD_CLOEXEC));
        for (const auto& [known, bytes] : pictures_) {
            if (known.id != artifact.id) continue;
            EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), std::ssize(bytes));
        }
        co_return file;
    }
    UniqueFd new_file() override { return {}; }
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft>) override {
        co_return std::vector<core::Artifact>();
    }
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery) override {
        co_return core::Page<core::Artifact>();
    }
    Task<void> remove(core::Owner, std::string) override { co_return; }

  private:
    std::vector<std::pair<core::Artifact, std::string>> pictures_;
};

class ImagesTest : public ProviderFixture {
  protected:
    Images load(const ImageLimits& limits) {
        const core::ProviderRequest request = request_of(messages_);
        return asio::co_spawn(pool_, load_images(album_, request, limits), asio::use_future).get();
    }
    // What a server of this kind is sent.
    template <class Settings>
    json body_of(Settings settings, bool sees, const test::ScriptedUpstream::Reply& reply) {
        settings.other_models.images = sees;
        json body;
        test::ScriptedUpstream upstream([&](const test::ScriptedUpstream::Request& request) {
            body = json::parse(request.body);
            return reply;
        });
        ask_with(settings, upstream.url(), {}, album_);
        return body["messages"].back();
    }

    std::shared_ptr<Album> album_ = std::make_shared<Album>();
};

TEST_F(ImagesTest, LoadsTheNewestWithinTheLimits) {
    const auto picture = [this](std::string bytes, const char* type = "image/png") {
        return core::ImageBlock{album_->put(std::move(bytes)), type};
    };
    const auto old = picture("old");
    const auto large = picture(std::string(100, 'x'));
    const auto newest = picture("newest");
    const auto table = picture("a,b", "text/csv");
    const core::ImageBlock gone{ArtifactId::make(), "image/png"};
    messages_ = {message(core::Role::user, {old}), message(core::Role::user, {large, gone, table}),
                 message(core::Role::user, {newest, newest})};
    const Images all = load({});
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(all.at(newest.artifact), to_base64("newest"));
    EXPECT_FALSE(load({.each_bytes = 50}).contains(large.artifact));
    const Images few = load({.each_bytes = 50, .together_bytes = 8});
    EXPECT_TRUE(few.contains(newest.artifact));
    EXPECT_FALSE(few.contains(old.artifact));
    album_ = nullptr;
    EXPECT_TRUE(load({}).empty());
}

TEST_F(ImagesTest, EachKindOfServerGetsThemInItsOwnForm) {
    const core::ImageBlock picture{album_->put("foo"), "image/png"};
    const core::ImageBlock gone{ArtifactId::make(), "image/png"};
    messages_ = {message(core::Role::user, {core::TextBlock{"What is this?"}, picture, gone})};
    const std::string note = image_note(gone);
    using test::ScriptedUpstream;

    const auto chat =
        ScriptedUpstream::json(200, R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})");
    EXPECT_EQ(body_of(OpenAiSettings(), true, chat)["content"],
              json::parse(R"([{"type":"text","text":"What is this?"},
                              {"type":"image_url","image_url":{"url":"data:image/png;base64,Zm9v"}},
                              {"type":"text","text":")" +
                          note + "\"}]"));
    EXPECT_EQ(body_of(OpenAiSettings(), false, chat)["content"], "What is this?\n" + note + "\n" + note);

    const auto claude =
        ScriptedUpstream::json(200, R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"})");
    EXPECT_EQ(unmarked(body_of(AnthropicSettings(), true, claude))["content"],
              json::parse(R"([{"type":"text","text":"What is this?"},
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"Zm9v"}},
                  {"type":"text","text":")" +
                          note + "\"}]"));

    const auto llama = ScriptedUpstream::json(200, R"({"message":{"content":"x"},"done":true})");
    const json seen = body_of(OllamaSettings(), true, llama);
    EXPECT_EQ(seen["images"], json::parse(R"(["Zm9v"])"));
    EXPECT_EQ(seen["content"], "What is this?\n" + note);
    EXPECT_FALSE(body_of(OllamaSettings(), false, llama).contains("images"));
}

TEST(ResponseFormat, EachKindOfServerGetsItInItsOwnForm) {
    const Messages messages{user("Hi.")};
    core::ProviderRequest request = request_of(messages);
    request.model = "claude-opus-4-6";
    request.wishes.response_format =
        R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["b","a"]}}})";
    const json schema = json::parse(R"({"type":"object","required":["b","a"]})");
    EXPECT_EQ(openai_body(request)["response_format"], json::parse(request.wishes.response_format));
    EXPECT_EQ(anthropic_body(request)["output_config"]["format"],
              json({{"type", "json_schema"}, {"schema", schema}}));
    EXPECT_EQ(ollama_body(request)["format"], schema);
    // Ollama's models call no tools while they keep to a format.
    request.tools = std::make_shared<const core::ToolSet>(tool_set({"grow"}));
    EXPECT_FALSE(ollama_body(request).contains("format"));
    request.allow_tools = false;
    EXPECT_EQ(ollama_body(request)["format"], schema);

    request.wishes.response_format = R"({"type":"json_object"})";
    EXPECT_EQ(openai_body(request)["response_format"]["type"], "json_object");
    EXPECT_THAT(anthropic_body(request)["system"][1]["text"], testing::HasSubstr("one JSON object"));
    EXPECT_EQ(ollama_body(request)["format"], "json");
    request.wishes.response_format = "nonsense";
    for (const json& body : {openai_body(request), anthropic_body(request), ollama_body(request)})
        for (const char* key : {"response_format", "output_config", "format"})
            EXPECT_FALSE(body.contains(key)) << body;
}

}  // namespace
}  // namespace assistd::providers
