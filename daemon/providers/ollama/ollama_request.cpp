#include "providers/ollama/ollama_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "providers/json_read.h"
#include "providers/transcript.h"
#include "providers/wire_tools.h"

namespace assistd::providers {
namespace {

using core::Role;

class OllamaWriter {
  public:
    OllamaWriter(const core::ProviderRequest& request, const OllamaRequestParts& parts)
        : request_(request), parts_(parts) {}

    std::string write();

  private:
    void add_options();
    void add_thinking();
    void add_format();
    void add_messages();
    void add_message(const TranscriptEntry& entry);
    void add_thoughts(const TranscriptEntry& entry);
    void add_calls(const TranscriptEntry& entry);
    void add_images(const TranscriptEntry& entry);
    void add_results(const TranscriptEntry& entry);
    bool is_shown(const core::ImageBlock& image) const;

    const core::ProviderRequest& request_;
    const OllamaRequestParts& parts_;
    std::string out_;
};

bool OllamaWriter::is_shown(const core::ImageBlock& image) const {
    return parts_.images != nullptr && parts_.images->contains(image.artifact);
}

// One message; text, thoughts, calls and pictures each have a place of their own in it.
void OllamaWriter::add_message(const TranscriptEntry& entry) {
    std::string text;
    for (const core::Block* block : entry.blocks) {
        if (const auto* part = std::get_if<core::TextBlock>(block)) text += part->text;
        const auto* image = std::get_if<core::ImageBlock>(block);
        if (image != nullptr && !is_shown(*image)) text += "\n" + image_note(*image);
    }
    if (entry.role == Role::assistant && text.empty() && !entry.calls_tools) return;
    out_ += R"({"role":")";
    out_ += core::name_of(entry.role);
    out_ += '"';
    append_json_member(out_, "content", text);
    if (entry.role == Role::user) add_images(entry);
    if (entry.calls_tools) {
        add_thoughts(entry);
        add_calls(entry);
    }
    out_ += "},";
}

void OllamaWriter::add_images(const TranscriptEntry& entry) {
    std::string pictures;
    for (const core::Block* block : entry.blocks) {
        const auto* image = std::get_if<core::ImageBlock>(block);
        if (image == nullptr || !is_shown(*image)) continue;
        append_json_string(pictures, parts_.images->at(image->artifact));
        pictures += ',';
    }
    if (pictures.empty()) return;
    out_ += R"(,"images":[)" + pictures;
    close_json(out_, ']');
}

// While its tool calls are answered, and of this provider only.
void OllamaWriter::add_thoughts(const TranscriptEntry& entry) {
    if (!entry.in_current_turn) return;
    std::string thinking;
    for (const core::Block* block : entry.blocks) {
        const auto* thought = std::get_if<core::ThinkingBlock>(block);
        if (thought != nullptr && thought->provider == parts_.provider) thinking += thought->text;
    }
    if (!thinking.empty()) append_json_member(out_, "thinking", thinking);
}

void OllamaWriter::add_calls(const TranscriptEntry& entry) {
    out_ += R"(,"tool_calls":[)";
    for (const core::Block* block : entry.blocks) {
        const auto* call = std::get_if<core::ToolCallBlock>(block);
        if (call == nullptr) continue;
        out_ += R"({"function":{"name":)";
        append_json_string(out_, wire_name(call->name));
        out_ += R"(,"arguments":)";
        // An object, copied as it is so that no number loses digits.
        out_ += is_json_object(call->arguments) ? call->arguments : "{}";
        out_ += "}},";
    }
    close_json(out_, ']');
}

// They are told apart by their order and their tools' names.
void OllamaWriter::add_results(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks) {
        const auto& result = std::get<core::ToolResultBlock>(*block);
        out_ += R"({"role":"tool")";
        append_json_member(out_, "tool_name", wire_name(result.name));
        append_json_member(out_, "content", result.content);
        out_ += "},";
    }
}

void OllamaWriter::add_messages() {
    out_ += R"(,"messages":[)";
    if (!request_.system.empty()) {
        out_ += R"({"role":"system")";
        append_json_member(out_, "content", request_.system);
        out_ += "},";
    }
    const Transcript transcript(request_.messages);
    for (const TranscriptEntry& entry : transcript.entries()) {
        if (entry.role == Role::tool)
            add_results(entry);
        else
            add_message(entry);
    }
    close_json(out_, ']');
}

void OllamaWriter::add_options() {
    std::string options;
    const auto add = [&options](std::string_view name, auto value) {
        fmt::format_to(std::back_inserter(options), R"("{}":{},)", name, value);
    };
    if (parts_.context_window > 0) add("num_ctx", parts_.context_window);
    if (parts_.wishes.max_tokens) add("num_predict", *parts_.wishes.max_tokens);
    if (parts_.wishes.temperature) add("temperature", *parts_.wishes.temperature);
    if (parts_.wishes.top_p) add("top_p", *parts_.wishes.top_p);
    if (parts_.wishes.frequency_penalty) add("frequency_penalty", *parts_.wishes.frequency_penalty);
    if (parts_.wishes.presence_penalty) add("presence_penalty", *parts_.wishes.presence_penalty);
    if (parts_.wishes.seed) add("seed", *parts_.wishes.seed);
    if (!parts_.wishes.stop.empty()) add("stop", json_list(parts_.wishes.stop));
    if (options.empty()) return;
    out_ += R"(,"options":{)" + options;
    close_json(out_, '}');
}

// Said only when it was asked for: a model that cannot think refuses the word.
void OllamaWriter::add_thinking() {
    const std::string& effort = parts_.wishes.effort;
    if (effort.empty()) return;
    if (effort == "none")
        out_ += R"(,"think":false)";
    else
        append_json_member(out_, "think", effort == "minimal" ? "low" : effort);
}

// A format keeps the model from calling any tool, so it waits until none may be called.
void OllamaWriter::add_format() {
    if (request_.wishes.response_format.empty() || (request_.allow_tools && !parts_.tools.empty())) return;
    const auto format = nlohmann::ordered_json::parse(request_.wishes.response_format, nullptr, false);
    if (!format.is_object()) return;
    const std::string type = format.value("type", "");
    const auto schema = nlohmann::ordered_json::json_pointer("/json_schema/schema");
    if (type == "json_object") out_ += R"(,"format":"json")";
    if (type == "json_schema" && format.contains(schema)) out_ += R"(,"format":)" + format[schema].dump();
}

std::string OllamaWriter::write() {
    out_ = R"({"stream":true)";
    append_json_member(out_, "model", request_.model);
    add_options();
    add_thinking();
    add_format();
    if (!parts_.keep_alive.empty()) {
        const std::string_view time = parts_.keep_alive;
        // Seconds are a number there, anything else is a text such as "5m".
        const std::size_t digits = time.find_first_not_of("0123456789", time[0] == '-' ? 1 : 0);
        if (digits == std::string_view::npos && time != "-")
            out_ += fmt::format(R"(,"keep_alive":{})", time);
        else
            append_json_member(out_, "keep_alive", time);
    }
    // There is no other way to forbid their use.
    if (!parts_.tools.empty() && request_.allow_tools) {
        out_ += R"(,"tools":)";
        out_ += parts_.tools;
    }
    add_messages();
    out_ += '}';
    return std::move(out_);
}

}  // namespace

std::string render_ollama_request(const core::ProviderRequest& request, const OllamaRequestParts& parts) {
    return OllamaWriter(request, parts).write();
}

}  // namespace assistd::providers
