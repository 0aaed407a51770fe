#include "providers/server_embedder.h"

#include <nlohmann/json.hpp>

#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

using nlohmann::json;
using test::ScriptedUpstream;

class ServerEmbedderTest : public ProviderFixture {
  protected:
    std::unique_ptr<core::Embedder> embedder(const std::string& kind, const std::string& url) {
        ProviderConfig config;
        config.name = "main";
        config.kind = kind;
        config.base_url = url;
        return make_embedder({config}, "main:small", client_);
    }
    std::vector<std::vector<float>> embed(core::Embedder& embedder, std::vector<std::string> texts) {
        return asio::co_spawn(asio::make_strand(pool_.get_executor()),
                              embedder.embed(std::move(texts), std::stop_token()), asio::use_future)
            .get();
    }
};

// One number for each text: its length.
ScriptedUpstream::Reply lengths(const ScriptedUpstream::Request& request) {
    const json body = json::parse(request.body);
    json openai = {{"data", json::array()}};
    json ollama = {{"embeddings", json::array()}};
    for (std::size_t i = 0; i < body.at("input").size(); ++i) {
        const auto length = body["input"][i].get<std::string>().size();
        ollama["embeddings"].push_back({length, 1});
        // Not in order: the index counts.
        const json entry = {{"index", i}, {"embedding", {length, 1}}};
        openai["data"].insert(openai["data"].begin(), entry);
    }
    return ScriptedUpstream::json(200, (request.target == "/api/embed" ? ollama : openai).dump());
}

TEST_F(ServerEmbedderTest, BothDialectsAreAskedInRequestsOfSixtyFour) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 150; ++i) texts.push_back(std::string(i + 1, 'x'));
    for (const std::string kind : {"openai", "ollama"}) {
        ScriptedUpstream upstream(lengths);
        const auto model = embedder(kind, upstream.url());
        EXPECT_EQ(model->model(), "main:small");
        const auto vectors = embed(*model, texts);
        ASSERT_EQ(vectors.size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            EXPECT_EQ(vectors[i], (std::vector<float>{static_cast<float>(i + 1), 1}));
        EXPECT_EQ(upstream.requests(), 3u);
    }
}

TEST_F(ServerEmbedderTest, WhatIsNoEmbeddingIsRefused) {
    for (const std::string body :
         {"{}", "[]", "nonsense", R"({"data": []})", R"({"data": [{"index": 0, "embedding": ["a"]}]})",
          R"({"data": [{"index": 7, "embedding": [1]}]})", R"({"embeddings": [[]]})"}) {
        ScriptedUpstream upstream(
            [&](const ScriptedUpstream::Request&) { return ScriptedUpstream::json(200, body); });
        const auto model = embedder("openai", upstream.url());
        EXPECT_THROW(embed(*model, {"text"}), Error) << body;
    }
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
        return ScriptedUpstream::json(404, R"({"error": {"message": "no such model"}})");
    });
    const auto model = embedder("openai", upstream.url());
    EXPECT_THROW(embed(*model, {"text"}), Error);
    EXPECT_EQ(make_embedder({}, "", client_), nullptr);
}

}  // namespace
}  // namespace assistd::providers
