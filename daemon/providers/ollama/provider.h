#pragma once
// Model servers that speak Ollama's own interface, which alone can set the context window.

#include <memory>
#include <string>

#include "providers/model_provider.h"

namespace assistd::providers {

struct OllamaSettings : ServerSettings {
    std::string keep_alive;  // how long a model stays loaded; empty: the server's default
};

std::shared_ptr<core::Provider> make_provider(const OllamaSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts = nullptr);

// "http://host:11434", with "/", "/v1" or "/api" behind it or without, gives "http://host:11434/api/chat".
std::string ollama_chat_url(std::string base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> ollama_model_list(const OllamaSettings& settings,
                                                     std::shared_ptr<HttpClient> client);

}  // namespace assistd::providers
