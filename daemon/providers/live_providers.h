#pragma once
// The configured providers and embedders, which a reload of the configuration replaces as a whole. What was
// chosen before goes on with what it has. Made by app/; any thread.

#include <memory>
#include <string>
#include <vector>

#include "base/live.h"
#include "core/embedder.h"
#include "core/ports.h"
#include "providers/directory.h"
#include "providers/server_embedder.h"

namespace assistd::providers {

class LiveProviders : public core::Providers {
  public:
    explicit LiveProviders(std::shared_ptr<const ProviderDirectory> first) : directory_(std::move(first)) {}

    void replace(std::shared_ptr<const ProviderDirectory> next) { directory_.replace(std::move(next)); }

    std::vector<core::ProviderStatus> status() const override { return current()->status(); }
    Task<std::vector<core::ProviderCheck>> check(std::stop_token stop) const override {
        const auto directory = current();
        co_return co_await directory->check(stop);
    }
    core::ProviderChoice choose(const std::string& provider, const std::string& model) const override {
        return current()->choose(provider, model);
    }

  private:
    std::shared_ptr<const ProviderDirectory> current() const { return *directory_.latest(); }

    Live<std::shared_ptr<const ProviderDirectory>> directory_;
};

class LiveEmbedders : public core::Embedders {
  public:
    explicit LiveEmbedders(std::shared_ptr<const EmbedderDirectory> first) : directory_(std::move(first)) {}

    void replace(std::shared_ptr<const EmbedderDirectory> next) { directory_.replace(std::move(next)); }
    std::shared_ptr<core::Embedder> find(const std::string& model) const override {
        const std::shared_ptr<const EmbedderDirectory> directory = *directory_.latest();
        return directory->find(model);
    }

  private:
    Live<std::shared_ptr<const EmbedderDirectory>> directory_;
};

// The embedder of one model, whose server and key may change.
class LiveEmbedder : public core::Embedder {
  public:
    explicit LiveEmbedder(std::shared_ptr<core::Embedder> first)
        : model_(first->model()), embedder_(std::move(first)) {}

    // Another model's is not taken: its vectors cannot be compared.
    void replace(std::shared_ptr<core::Embedder> next) {
        if (next && next->model() == model_) embedder_.replace(std::move(next));
    }

    std::string model() const override { return model_; }
    Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts, std::stop_token stop,
                                                int dimensions) override {
        const std::shared_ptr<core::Embedder> embedder = *embedder_.latest();
        co_return co_await embedder->embed(std::move(texts), std::move(stop), dimensions);
    }
    Task<std::vector<std::vector<float>>> embed_tokens(std::vector<std::vector<std::int64_t>> texts,
                                                       std::stop_token stop, int dimensions) override {
        const std::shared_ptr<core::Embedder> embedder = *embedder_.latest();
        co_return co_await embedder->embed_tokens(std::move(texts), std::move(stop), dimensions);
    }

  private:
    const std::string model_;
    Live<std::shared_ptr<core::Embedder>> embedder_;
};

}  // namespace assistd::providers
