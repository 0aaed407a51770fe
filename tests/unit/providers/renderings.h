#pragma once
// A request as each kind of model server gets it, parsed again, for the providers' tests.

#include <nlohmann/json.hpp>

#include "providers/anthropic/messages_request.h"
#include "providers/ollama/ollama_request.h"
#include "providers/openai/chat_request.h"
#include "providers/wire_tools.h"
#include "unit/providers/history.h"

namespace assistd::providers {

inline const std::string no_tools;

inline nlohmann::json openai_body(const core::ProviderRequest& request, ChatRequestParts parts = {}) {
    const std::string tools = request.tools ? render_function_tools(*request.tools) : no_tools;
    parts.tools = tools;
    if (parts.provider.empty()) parts.provider = "main";
    return nlohmann::json::parse(render_chat_request(request, parts));
}
inline nlohmann::json anthropic_body(const core::ProviderRequest& request, MessagesRequestParts parts = {}) {
    const std::string tools = request.tools ? render_messages_tools(*request.tools) : no_tools;
    parts.tools = tools;
    if (parts.provider.empty()) parts.provider = "claude";
    return nlohmann::json::parse(render_messages_request(request, parts));
}
inline nlohmann::json ollama_body(const core::ProviderRequest& request, OllamaRequestParts parts = {}) {
    const std::string tools = request.tools ? render_function_tools(*request.tools) : no_tools;
    parts.tools = tools;
    if (parts.provider.empty()) parts.provider = "local";
    return nlohmann::json::parse(render_ollama_request(request, parts));
}

// Without the marks for the cache, which have tests of their own.
inline nlohmann::json unmarked(nlohmann::json body) {
    if (body.is_object()) body.erase("cache_control");
    if (body.is_structured())
        for (auto& item : body) item = unmarked(item);
    return body;
}

}  // namespace assistd::providers
