#pragma once
// What the config says of a provider's server and of its models, and what is asked of a model in the end: the
// request's own wishes, else the configured ones. Value types and pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "core/ports.h"
#include "upstream/http_client.h"

namespace assistd::providers {

struct ModelSettings {
    std::string name;                       // empty: of every model that is not listed
    std::int64_t context_window = 128'000;  // tokens
    std::string alias = {};                 // another name for it; empty: none
    std::optional<std::int64_t> max_output_tokens = {};
    bool images = false;  // takes pictures
    Thinking thinking = Thinking::off;
    std::optional<ModelPrice> price = {};
    std::int64_t reply_tokens = 0;  // that are asked for at most unless a request says otherwise; 0: any
};

struct ServerSettings {
    std::string name;  // as the config calls it; error messages name it
    std::string base_url;
    std::string api_key;               // empty: none is sent
    std::vector<std::string> headers;  // more of them, "Name: value"
    std::string proxy;
    HttpTimeLimits limits;
    std::vector<ModelSettings> models;
    ModelSettings other_models;
    ModelDefaults defaults;

    const ModelSettings& model(const std::string& model_name) const;
};

struct Wishes {
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::optional<std::int64_t> max_tokens;  // within what the model can give
    std::string effort;  // none, minimal, low, medium, high; empty: nothing is said about it
    std::optional<double> frequency_penalty;
    std::optional<double> presence_penalty;
    std::optional<std::int64_t> seed;
    std::vector<std::string> stop;
    core::ToolChoice tool_choice;
    bool parallel_tool_calls = true;
};

// none, low, medium, high; empty for a model that is told nothing.
std::string effort_of(Thinking thinking);

Wishes wishes_of(const core::ProviderRequest& request, const ServerSettings& settings);

}  // namespace assistd::providers
