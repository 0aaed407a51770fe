#include "core/tokens.h"

namespace assistd::core {
namespace {

// Role and separators, as chat formats add them around each message.
constexpr std::int64_t per_message = 4;
// What the common vision models charge for a picture of ordinary size.
constexpr std::int64_t per_image = 1'000;

struct BlockTokens {
    std::int64_t operator()(const TextBlock& block) const { return estimate_tokens(block.text); }
    std::int64_t operator()(const ThinkingBlock& block) const { return estimate_tokens(block.text); }
    std::int64_t operator()(const ToolCallBlock& block) const {
        return estimate_tokens(block.name) + estimate_tokens(block.arguments) + per_message;
    }
    std::int64_t operator()(const ToolResultBlock& block) const {
        return estimate_tokens(block.content) + per_message;
    }
    std::int64_t operator()(const ImageBlock&) const { return per_image; }
};

}  // namespace

std::int64_t estimate_tokens(std::string_view text) {
    std::int64_t ascii = 0;
    std::int64_t characters = 0;  // beyond ASCII, counted by their first bytes
    for (const unsigned char byte : text) {
        if (byte < 0x80)
            ++ascii;
        else if (byte >= 0xC0)
            ++characters;
    }
    return (ascii + 3) / 4 + characters;
}

std::int64_t estimate_tokens(const Message& message) {
    std::int64_t tokens = per_message;
    for (const Block& block : message.blocks) tokens += std::visit(BlockTokens{}, block);
    return tokens;
}

std::int64_t estimate_tokens(const ToolSet& tools) {
    std::int64_t tokens = 0;
    for (const auto& tool : tools.tools)
        tokens += per_message + estimate_tokens(tool->name) + estimate_tokens(tool->description) +
                  estimate_tokens(tool->input_schema);
    return tokens;
}

}  // namespace assistd::core
