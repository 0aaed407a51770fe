#include "providers/model_list.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace assistd::providers {
namespace {

using nlohmann::json;

constexpr HttpTimeLimits patience{
    .connect = std::chrono::seconds(3), .idle = std::chrono::seconds(4), .total = std::chrono::seconds(5)};

// Reads the models of {"data": [{"id"}]} (OpenAI, Anthropic) or {"models": [{"name"}]} (Ollama).
class ListReader : public ReplyReader {
  public:
    void feed(std::string_view) override {}  // a page for people, not a list
    void end_of_stream() override {}
    void take_whole(std::string_view body) override {
        const json list = json::parse(body, nullptr, false);
        if (!list.is_object()) return;
        for (const char* name : {"data", "models"})
            if (const auto models = list.find(name); models != list.end() && models->is_array())
                take(*models);
    }
    bool done() const override { return true; }

    std::optional<std::size_t> count() const { return count_; }
    std::vector<std::string> names() const { return names_; }

  private:
    void take(const json& models) {
        count_ = models.size();
        for (const json& model : models)
            for (const char* key : {"id", "name"}) {
                const auto name = model.is_object() ? model.find(key) : model.end();
                if (name == model.end() || !name->is_string()) continue;
                names_.push_back(*name);
                break;
            }
    }

    std::vector<std::string> names_;
    std::optional<std::size_t> count_;
};

// A server may have no such list and still serve models.
bool has_no_list(const UpstreamError& failure) {
    return failure.status == 404 || failure.status == 405 || failure.status == 501;
}

}  // namespace

std::string model_list_url(std::string url, std::string_view path, std::string_view list) {
    if (url.ends_with(path)) url.resize(url.size() - path.size());
    return url.append(list);
}

std::shared_ptr<const ModelServer> make_model_list(ServerSettings settings, const std::string& url,
                                                   std::vector<std::string> headers,
                                                   std::shared_ptr<HttpClient> client) {
    settings.limits = patience;
    return std::make_shared<const ModelServer>(std::move(settings), url, std::move(headers),
                                               std::move(client));
}

Task<core::ProviderCheck> check_server(std::shared_ptr<const ModelServer> list, std::stop_token stop) {
    core::ProviderCheck check;
    check.provider = list->settings().name;
    ListReader reader;
    std::optional<UpstreamError> failure;
    try {
        co_await list->ask(std::nullopt, std::move(stop), reader);
    } catch (const UpstreamError& error) {
        failure = error;
    }
    const bool without_list = failure ? has_no_list(*failure) : !reader.count();
    check.good = !failure || without_list;
    check.lists_models = check.good && !without_list;
    if (check.lists_models) check.models = reader.names();
    if (without_list)
        check.sentence = "It answers, but has no list of its models; whether it takes the key is not known.";
    else if (failure)
        check.sentence = list->error_for(*failure).what();
    else
        check.sentence =
            fmt::format("It answers and lists {} model{}.", *reader.count(), *reader.count() == 1 ? "" : "s");
    co_return check;
}

}  // namespace assistd::providers
