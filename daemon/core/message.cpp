#include "core/message.h"

namespace assistd::core {

std::string Message::text() const {
    std::string joined;
    for (const Block& block : blocks)
        if (const auto* part = std::get_if<TextBlock>(&block)) joined += part->text;
    return joined;
}

std::string Message::thoughts() const {
    std::string joined;
    for (const Block& block : blocks)
        if (const auto* thought = std::get_if<ThinkingBlock>(&block)) joined += thought->text;
    return joined;
}

std::vector<ToolCallBlock> Message::tool_calls() const {
    std::vector<ToolCallBlock> calls;
    for (const Block& block : blocks)
        if (const auto* call = std::get_if<ToolCallBlock>(&block)) calls.push_back(*call);
    return calls;
}

std::string_view name_of(Role role) {
    switch (role) {
        case Role::system:
            return "system";
        case Role::user:
            return "user";
        case Role::assistant:
            return "assistant";
        case Role::tool:
            return "tool";
    }
    return "user";
}

}  // namespace assistd::core
