#pragma once
// Asking a server for the list of its models: the cheapest question that every kind of server answers, and
// most of them only for a key that they know. Any thread.

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.h"
#include "providers/model_server.h"

namespace assistd::providers {

// The address of the list, beside `url`, which ends in `path`.
std::string model_list_url(std::string url, std::string_view path, std::string_view list);

// The server with a short patience.
std::shared_ptr<const ModelServer> make_model_list(ServerSettings settings, const std::string& url,
                                                   std::vector<std::string> headers,
                                                   std::shared_ptr<HttpClient> client);

Task<core::ProviderCheck> check_server(std::shared_ptr<const ModelServer> list, std::stop_token stop);

}  // namespace assistd::providers
