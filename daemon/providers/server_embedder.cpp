#include "providers/server_embedder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "providers/configured_models.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {
namespace {

using nlohmann::json;
using Vectors = std::vector<std::vector<float>>;

// In one request: servers take up to 2,048 texts, but small ones are slow and some have small limits.
constexpr std::size_t most_texts = 64;

std::string url_of(const std::string& base, EmbeddingDialect dialect) {
    if (dialect == EmbeddingDialect::openai) return endpoint_url(base, "/v1", "/embeddings");
    std::string url = base;
    while (url.ends_with('/')) url.pop_back();
    if (url.ends_with("/v1")) url.resize(url.size() - 3);
    return endpoint_url(url, "/api", "/embed", true);
}

std::vector<std::string> headers_of(const ServerSettings& settings) {
    std::vector<std::string> lines{"Accept: application/json"};
    if (!settings.api_key.empty()) lines.push_back("Authorization: Bearer " + settings.api_key);
    return lines;
}

std::vector<float> numbers_of(const json& list) {
    std::vector<float> numbers;
    if (!list.is_array()) return numbers;
    numbers.reserve(list.size());
    for (const json& number : list) {
        if (!number.is_number()) return {};
        numbers.push_back(number.get<float>());
    }
    return numbers;
}

// {"data": [{"index", "embedding": […]}, …]} or {"embeddings": [[…], …]}. Empty for anything else.
class EmbeddingsReader : public ReplyReader {
  public:
    explicit EmbeddingsReader(std::size_t count) : vectors_(count) {}

    void feed(std::string_view bytes) override {
        text_ += bytes;
    }  // of a server that forgot its content type
    void end_of_stream() override { take_whole(text_); }
    void take_whole(std::string_view body) override {
        const json reply = json::parse(body, nullptr, false);
        if (!reply.is_object()) return;
        if (const auto data = reply.find("data"); data != reply.end() && data->is_array())
            take_data(*data);
        else if (const auto list = reply.find("embeddings"); list != reply.end() && list->is_array())
            for (std::size_t i = 0; i < std::min(list->size(), vectors_.size()); ++i)
                vectors_[i] = numbers_of((*list)[i]);
    }
    bool done() const override { return false; }

    bool complete() const {
        return std::ranges::none_of(vectors_, [](const auto& vector) { return vector.empty(); });
    }
    Vectors take() { return std::move(vectors_); }

  private:
    void take_data(const json& data) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            if (!data[i].is_object()) continue;
            const auto given = data[i].find("index");
            const bool has_index = given != data[i].end() && given->is_number_unsigned();
            const std::size_t index = has_index ? given->get<std::size_t>() : i;
            const auto embedding = data[i].find("embedding");
            if (index < vectors_.size() && embedding != data[i].end())
                vectors_[index] = numbers_of(*embedding);
        }
    }

    std::string text_;
    Vectors vectors_;
};

}  // namespace

ServerEmbedder::ServerEmbedder(ServerSettings settings, EmbeddingDialect dialect, std::string model,
                               std::shared_ptr<HttpClient> client)
    : dialect_(dialect),
      model_(std::move(model)),
      server_(settings, url_of(settings.base_url, dialect), headers_of(settings), std::move(client)) {}

Task<Vectors> ServerEmbedder::embed(std::vector<std::string> texts, std::stop_token stop, int dimensions) {
    return in_parts(std::move(texts), std::move(stop), dimensions);
}

Task<Vectors> ServerEmbedder::embed_tokens(std::vector<std::vector<std::int64_t>> texts, std::stop_token stop,
                                           int dimensions) {
    if (dialect_ == EmbeddingDialect::ollama)
        throw Error(ErrorCode::validation, "The provider \"" + server_.settings().name +
                                               "\" takes texts and no tokens; send the texts themselves.");
    return in_parts(std::move(texts), std::move(stop), dimensions);
}

template <class T>
Task<Vectors> ServerEmbedder::in_parts(std::vector<T> texts, std::stop_token stop, int dimensions) {
    Vectors all;
    all.reserve(texts.size());
    for (std::size_t first = 0; first < texts.size(); first += most_texts) {
        const std::size_t last = std::min(first + most_texts, texts.size());
        std::vector<T> some(texts.begin() + static_cast<std::ptrdiff_t>(first),
                            texts.begin() + static_cast<std::ptrdiff_t>(last));
        std::string body = body_of(std::move(some), dimensions);
        Vectors vectors = co_await ask(std::move(body), last - first, stop);
        std::ranges::move(vectors, std::back_inserter(all));
    }
    co_return all;
}

template <class T>
std::string ServerEmbedder::body_of(std::vector<T> texts, int dimensions) const {
    json body = {{"model", model_}, {"input", std::move(texts)}};
    if (dialect_ == EmbeddingDialect::openai) body["encoding_format"] = "float";
    if (dimensions > 0) body["dimensions"] = dimensions;
    return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

Task<Vectors> ServerEmbedder::ask(std::string body, std::size_t count, std::stop_token stop) {
    EmbeddingsReader reader(count);
    std::optional<UpstreamError> failure;
    try {
        co_await server_.ask(std::move(body), stop, reader);
    } catch (const UpstreamError& error) {
        failure = error;
    }
    if (failure) throw server_.error_for(*failure);
    if (!reader.complete())
        throw Error(
            ErrorCode::provider_failed,
            fmt::format("The provider \"{}\" gave no embedding for some text. Is {} a model for embeddings?",
                        server_.settings().name, model_));
    co_return reader.take();
}

EmbedderDirectory::EmbedderDirectory(std::vector<ProviderConfig> providers, std::string usual,
                                     std::shared_ptr<HttpClient> client)
    : providers_(std::move(providers)), usual_(std::move(usual)), client_(std::move(client)) {}

std::shared_ptr<core::Embedder> EmbedderDirectory::find(const std::string& model) const {
    const bool is_usual = !usual_.empty() && usual_.ends_with(":" + model);
    return make_embedder(providers_, is_usual ? usual_ : model, client_);
}

std::unique_ptr<core::Embedder> make_embedder(const std::vector<ProviderConfig>& providers,
                                              const std::string& model,
                                              const std::shared_ptr<HttpClient>& client) {
    for (const ProviderConfig& provider : providers) {
        if (!model.starts_with(provider.name + ":")) continue;
        ServerSettings settings;
        fill(settings, provider);
        const auto dialect = provider.kind == "ollama" ? EmbeddingDialect::ollama : EmbeddingDialect::openai;
        return std::make_unique<ServerEmbedder>(std::move(settings), dialect,
                                                model.substr(provider.name.size() + 1), client);
    }
    return nullptr;
}

}  // namespace assistd::providers
