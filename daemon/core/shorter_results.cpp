#include "core/shorter_results.h"

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr std::size_t least_kept = 512;  // bytes; shorter ones are left alone

struct Place {
    std::size_t message = 0;
    std::size_t block = 0;
    std::size_t bytes = 0;
};

Place longest_result(std::span<const MessagePtr> messages) {
    Place longest;
    for (std::size_t m = 0; m < messages.size(); ++m)
        for (std::size_t b = 0; b < messages[m]->blocks.size(); ++b) {
            const auto* result = std::get_if<ToolResultBlock>(&messages[m]->blocks[b]);
            if (result && result->content.size() > longest.bytes) longest = {m, b, result->content.size()};
        }
    return longest;
}

// As truncated_data() makes it; tools may have members of such names, too.
bool is_ours(const nlohmann::ordered_json& data) {
    const auto is = [&](const char* name, nlohmann::ordered_json::value_t type) {
        return data.contains(name) && data[name].type() == type;
    };
    using enum nlohmann::ordered_json::value_t;
    return data.is_object() && is("truncated", boolean) && is("bytes", number_unsigned) &&
           is("note", string) && is("beginning", string) &&
           (!data.contains("artifact") || is("artifact", string)) &&
           data.size() == (data.contains("artifact") ? 5u : 4u);
}

// Half of it. Success, summary, error and artifacts stay, so that the model can go on with them.
std::string shortened(const std::string& content) {
    nlohmann::ordered_json body = nlohmann::ordered_json::parse(content, nullptr, false);
    if (!body.is_object() || !body.contains("data"))
        return truncated_data(content, content.size() / 2 - least_kept / 2, "");
    nlohmann::ordered_json& data = body["data"];
    const bool again = is_ours(data);
    const std::string whole = again ? data["beginning"].get<std::string>() : data.dump();
    const std::string handle = again ? data.value("artifact", "") : "";
    const std::size_t rest = content.size() - std::min(content.size(), whole.size());
    const std::size_t target = content.size() / 2;
    const std::size_t kept = target > rest + least_kept / 2 ? target - rest - least_kept / 2 : 0;
    const std::int64_t bytes = again ? data.value("bytes", std::int64_t{0}) : 0;
    data = nlohmann::ordered_json::parse(truncated_data(whole, kept, handle));
    if (bytes > 0) data["bytes"] = bytes;  // of the whole, not of what had been left of it
    return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string truncated_data(std::string_view content, std::size_t kept, const std::string& handle) {
    nlohmann::ordered_json data;
    data["truncated"] = true;
    data["bytes"] = content.size();
    data["note"] = handle.empty()
                       ? "The result is too long to be shown whole; this is its beginning."
                       : "The result is too long to be shown whole; this is its beginning. The whole is the "
                         "artifact " +
                             handle + ".";
    if (!handle.empty()) data["artifact"] = handle;
    data["beginning"] = whole_characters(content, kept);
    return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::int64_t shorten_results(std::span<MessagePtr> messages, std::int64_t tokens) {
    std::int64_t saved = 0;
    while (saved < tokens) {
        const Place place = longest_result(messages);
        if (place.bytes <= 2 * least_kept) break;
        Message message = *messages[place.message];
        auto& result = std::get<ToolResultBlock>(message.blocks[place.block]);
        const std::int64_t before = estimate_tokens(result.content);
        std::string shorter = shortened(result.content);
        if (shorter.size() >= result.content.size()) break;
        result.content = std::move(shorter);
        saved += before - estimate_tokens(result.content);
        messages[place.message] = std::make_shared<const Message>(std::move(message));
    }
    return saved;
}

}  // namespace assistd::core
