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
    Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts,
                                                std::stop_token stop) override;

  private:
    Task<std::vector<std::vector<float>>> ask(std::vector<std::string> texts, std::stop_token stop);

    const EmbeddingDialect dialect_;
    const std::string model_;
    const ModelServer server_;
};

// Of "PROVIDER:MODEL"; null for an empty text. Throws as fill() does.
std::unique_ptr<core::Embedder> make_embedder(const std::vector<ProviderConfig>& providers,
                                              const std::string& model,
                                              const std::shared_ptr<HttpClient>& client);

}  // namespace assistd::providers
