#pragma once
// What the asker wants of a model's reply. Unset: as the config says. Value types.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assistd::core {

// Whether a model may, must or must not call tools.
struct ToolChoice {
    enum class Kind { automatic, none, required, named };
    Kind kind = Kind::automatic;
    std::string name = {};  // of the one tool that a named choice asks for

    friend bool operator==(const ToolChoice&, const ToolChoice&) = default;
};

struct ModelWishes {
    std::optional<int> max_tokens = {};
    std::optional<double> temperature = {};        // 0..2
    std::optional<double> top_p = {};              // 0..1
    std::optional<double> frequency_penalty = {};  // -2..2, as is the next; not every server knows them
    std::optional<double> presence_penalty = {};
    std::optional<std::int64_t> seed = {};
    std::vector<std::string> stop = {};  // texts that end the reply before they are said
    std::string reasoning_effort = {};   // none, minimal, low, medium, high
    std::string response_format = {};  // JSON text as chat completions have it, {"type": "json_schema", …}
    ToolChoice tool_choice = {};
    bool parallel_tool_calls = true;

    friend bool operator==(const ModelWishes&, const ModelWishes&) = default;
};

}  // namespace assistd::core
