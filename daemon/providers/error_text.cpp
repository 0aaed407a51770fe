#include "providers/error_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "providers/json_read.h"

namespace assistd::providers {
namespace {

// In lower case. From OpenAI, vLLM, llama-server, LM Studio, Groq, xAI, Mistral, Gemini, Anthropic and
// Ollama.
constexpr std::array too_long_phrases = {
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "max context length",
    "maximum prompt length",
    "maximum model length",
    "exceeds the context",
    "exceeds the available context",
    "exceed context limit",
    "exceeds the model's context",
    "context window of this model",
    "context window exceeded",
    "context the overflows",
    "greater than the context length",
    "reduce the length of the messages",
    "prompt is too long",
    "prompt too long",
    "input is too long",
    "input token count",
    "input tokens exceed",
    "request_too_large",
};

// What an error's "type" or "code" stands for, where a server reports it under the status 200.
int status_of_kind(std::string_view kind) {
    struct Row {
        std::string_view kind;
        int status;
    };
    constexpr std::array rows = {
        Row{"invalid_request_error", 400}, Row{"authentication_error", 401},
        Row{"billing_error", 402},         Row{"permission_error", 403},
        Row{"not_found_error", 404},       Row{"conflict_error", 409},
        Row{"request_too_large", 413},     Row{"rate_limit_error", 429},
        Row{"rate_limit_exceeded", 429},   Row{"api_error", 500},
        Row{"server_error", 500},          Row{"internal_server_error", 500},
        Row{"timeout_error", 504},         Row{"overloaded_error", 529},
    };
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.kind == kind; });
    return row == rows.end() ? 0 : row->status;
}

int status_in(const nlohmann::json& body) {
    const nlohmann::json* inner = member(body, "error");
    const nlohmann::json& error = inner != nullptr ? *inner : body;
    for (const char* key : {"code", "status"}) {
        const auto number = integer_of(error, key);
        if (number && *number >= 400 && *number < 600) return static_cast<int>(*number);
    }
    const int by_type = status_of_kind(text_of(error, "type"));
    return by_type != 0 ? by_type : status_of_kind(text_of(error, "code"));
}

}  // namespace

std::string error_text(const nlohmann::json& body, std::string_view raw) {
    std::string_view message = text_of(body, "error");
    if (const nlohmann::json* error = member(body, "error"); error != nullptr && message.empty())
        message = text_of(*error, "message");
    if (message.empty()) message = text_of(body, "message");
    if (message.empty()) message = text_of(body, "detail");
    return on_one_line(message.empty() ? raw : message);
}

std::string error_text(std::string_view raw) {
    const nlohmann::json body = nlohmann::json::parse(raw, nullptr, false);
    if (body.is_discarded()) return on_one_line(raw);
    return error_text(body, raw);
}

bool says_context_too_long(std::string_view text) {
    std::string lower(text.substr(0, 16 << 10));
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return std::any_of(too_long_phrases.begin(), too_long_phrases.end(),
                       [&](const char* phrase) { return lower.find(phrase) != std::string::npos; });
}

UpstreamError status_failure(const HttpHead& head, std::string_view body) {
    // A limit on tokens per minute is said in words like those, but waiting helps there.
    const bool may_be_context =
        head.status == 400 || head.status == 413 || head.status == 422 || head.status == 500;
    const bool too_long = head.status == 413 || (may_be_context && says_context_too_long(body));
    const std::string said = body.empty() ? "without saying why" : error_text(body);
    UpstreamError failure(too_long ? UpstreamFault::context : UpstreamFault::status,
                          fmt::format("answered {}{} {}", head.status, body.empty() ? "" : ":", said));
    failure.status = head.status;
    failure.retry_after = head.retry_after;
    return failure;
}

UpstreamError reported_failure(const nlohmann::json& body, std::string_view raw) {
    const int status = status_in(body);
    const bool too_long = status != 429 && says_context_too_long(raw);
    UpstreamError failure(too_long ? UpstreamFault::context : UpstreamFault::reply,
                          fmt::format("reported an error: {}", error_text(body, raw)));
    failure.status = status;
    return failure;
}

}  // namespace assistd::providers
