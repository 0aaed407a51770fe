#pragma once
// core::Embedder on a model server: POST /v1/embeddings of those that speak OpenAI's dialect, POST /api/embed
// of Ollama. Made at start; any thread.

#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "core/embedder.h"
#include "providers/model_server.h"

namespace assistd::providers {

enum class EmbeddingDialect { openai, ollama };

class ServerEmbedder : public core::Embedder {
  public:
    ServerEmbedder(ServerSettings settings, EmbeddingDialect dialect, std::string model,
                   std::shared_ptr<HttpClient> client);

    std::string model() const override { return server_.settings().name + ":" + model_; }
    Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts, std::stop_token stop,
                                                int dimensions) override;
    Task<std::vector<std::vector<float>>> embed_tokens(std::vector<std::vector<std::int64_t>> texts,
                                                       std::stop_token stop, int dimensions) override;

  private:
    template <class T>
    Task<std::vector<std::vector<float>>> in_parts(std::vector<T> texts, std::stop_token stop,
                                                   int dimensions);
    Task<std::vector<std::vector<float>>> ask(std::string body, std::size_t count, std::stop_token stop);
    template <class T>
    std::string body_of(std::vector<T> texts, int dimensions) const;

    const EmbeddingDialect dialect_;
    const std::string model_;
    const ModelServer server_;
};

// All that the configured servers have. Made at start; any thread.
class EmbedderDirectory : public core::Embedders {
  public:
    // `usual` is the model that documents are indexed with, "PROVIDER:MODEL" or empty.
    EmbedderDirectory(std::vector<ProviderConfig> providers, std::string usual,
                      std::shared_ptr<HttpClient> client);
    std::shared_ptr<core::Embedder> find(const std::string& model) const override;

  private:
    const std::vector<ProviderConfig> providers_;
    const std::string usual_;
    const std::shared_ptr<HttpClient> client_;
};

// Of "PROVIDER:MODEL"; null for an empty text. Throws as fill() does.
std::unique_ptr<core::Embedder> make_embedder(const std::vector<ProviderConfig>& providers,
                                              const std::string& model,
                                              const std::shared_ptr<HttpClient>& client);

}  // namespace assistd::providers
