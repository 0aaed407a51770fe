#include "api/mcp/call_result.h"

#include "api/mcp/artifact_files.h"
#include "api/mcp/tool_list.h"
#include "base/base64.h"
#include "base/logging.h"

namespace assistd::api::mcp {
namespace {

// A model gets no more text than this when a program can have the whole.
constexpr std::size_t longest_text = 64 << 10;
constexpr int most_shown = 4;  // files

Json text_block(std::string text) {
    return {{"type", "text"}, {"text", std::move(text)}};
}

// The beginning, without a code point that is cut in two.
std::string beginning_of(const std::string& text) {
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "\n[The beginning of " + std::to_string(text.size()) +
           " bytes; structuredContent has all of them.]";
}

Json failure(const core::ToolOutcome& outcome, const Json& body) {
    Json result = failed_result(outcome.summary);
    const Json& details = member(member(body, "error"), "details");
    if (!details.is_null()) result["content"].push_back(text_block(to_text(details)));
    return result;
}

void add_data(Json& result, const core::ToolSpec& tool, const core::ToolOutcome& outcome, const Json& data) {
    Json& content = result["content"];
    if (!outcome.summary.empty()) content.push_back(text_block(outcome.summary));
    const bool is_nothing = data.is_null() || (data.is_object() && data.empty());
    if (!is_nothing || content.empty()) {
        std::string text = data.is_string() ? data.get<std::string>() : to_text(data);
        const bool is_cut = data.is_object() && text.size() > longest_text;
        content.push_back(text_block(is_cut ? beginning_of(text) : std::move(text)));
        if (is_cut) result["structuredContent"] = data;
    }
    if (data.is_object() && tells_output(tool)) result["structuredContent"] = data;
}

Task<std::optional<Json>> shown(const Backend& backend, core::Owner user, core::ArtifactRef artifact) {
    try {
        core::Artifact found = co_await backend.artifacts.find(user, artifact.handle);
        const std::string bytes = co_await bytes_of(backend, std::move(found));
        co_return Json{
            {"type", shown_as(artifact)}, {"data", to_base64(bytes)}, {"mimeType", artifact.media_type}};
    } catch (const std::exception& error) {
        // It is linked to all the same.
        log::warn("a file cannot be shown artifact={} error={}", artifact.handle, error.what());
    }
    co_return std::nullopt;
}

}  // namespace

Json failed_result(const std::string& sentence) {
    Json result;
    result["content"] = Json::array({text_block(sentence)});
    result["isError"] = true;
    return result;
}

Task<Json> call_result(const Backend& backend, core::Owner user, std::shared_ptr<const core::ToolSpec> tool,
                       core::ToolOutcome outcome) {
    const Json body = Json::parse(outcome.body, nullptr, false);
    if (!outcome.success) co_return failure(outcome, body);
    Json result;
    result["content"] = Json::array();
    add_data(result, *tool, outcome, member(body, "data"));
    int count = 0;
    for (const core::ArtifactRef& artifact : outcome.artifacts) {
        if (!shown_as(artifact).empty() && count++ < most_shown) {
            std::optional<Json> content = co_await shown(backend, user, artifact);
            if (content) result["content"].push_back(std::move(*content));
        }
        result["content"].push_back(resource_link(artifact));
    }
    co_return result;
}

}  // namespace assistd::api::mcp
