#pragma once
// One model server behind its URL: sends a request's body, gives the reply to whoever takes it in, and says
// what went wrong in a sentence. Shared by all turns, usable from any thread.

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.h"
#include "providers/model_settings.h"
#include "providers/provider_error.h"
#include "providers/reply_reader.h"
#include "upstream/http_client.h"
#include "upstream/secrets.h"

namespace assistd::providers {

class ModelServer {
  public:
    // `headers` are those of its kind; the settings' own are added.
    ModelServer(ServerSettings settings, std::string url, std::vector<std::string> headers,
                std::shared_ptr<HttpClient> client);

    const ServerSettings& settings() const { return settings_; }
    const std::string& url() const { return url_; }

    // Without a body it is a GET. Throws UpstreamError.
    Task<void> ask(std::optional<std::string> body, std::stop_token stop, ReplyReader& into) const;

    // Awaits `work` and turns its UpstreamError into a ProviderError.
    Task<core::ProviderReply> answer(Task<core::ProviderReply> work) const;
    ProviderError error_for(const UpstreamError& failure) const;

  private:
    Task<void> read(HttpReply& reply, const HttpHead& head, ReplyReader& into) const;

    const ServerSettings settings_;
    const Secrets secrets_;
    const std::string url_;
    const std::shared_ptr<const HttpHeaders> headers_;
    const std::shared_ptr<HttpClient> client_;
};

// "https://host", "https://host/v1/" and "https://host/v1/messages" alike with ("/v1", "/messages") give
// "https://host/v1/messages". Where the base has another path, `version` is added only if `always` is set.
std::string endpoint_url(std::string base_url, std::string_view version, std::string_view path,
                         bool always = false);

}  // namespace assistd::providers
