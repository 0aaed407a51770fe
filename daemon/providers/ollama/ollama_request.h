#pragma once
// A ProviderRequest written as the body of a request to Ollama's /api/chat. Pure functions.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ports.h"
#include "providers/request_parts.h"

namespace assistd::providers {

struct OllamaRequestParts : RequestParts {  // tools: what render_function_tools() gave
    std::int64_t context_window = 0;  // Ollama cuts the prompt silently to a small one unless it is told
    std::string_view keep_alive =
        {};  // how long the model stays loaded: "5m", or seconds; empty: its default
};

std::string render_ollama_request(const core::ProviderRequest& request, const OllamaRequestParts& parts);

}  // namespace assistd::providers
