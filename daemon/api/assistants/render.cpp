#include "api/assistants/render.h"

#include "api/assistants/tools.h"
#include "api/openai/ids.h"
#include "api/openai/metadata.h"
#include "core/attachments.h"

namespace assistd::api::assistants {

openai::Json render_annotations(const core::Message& message) {
    openai::Json annotations = openai::Json::array();
    for (const core::Citation& citation : message.citations)
        annotations.push_back({{"type", "file_citation"},
                               {"text", citation.marker},
                               {"start_index", citation.start_index},
                               {"end_index", citation.end_index},
                               {"file_citation", {{"file_id", citation.file.text(openai::prefix::file)}}}});
    return annotations;
}

namespace {

using openai::Json;
using openai::text_or_null;
namespace prefix = openai::prefix;

Json render_text(const std::string& text, Json annotations) {
    return {{"type", "text"}, {"text", {{"value", text}, {"annotations", std::move(annotations)}}}};
}

Json render_part(const core::ImageBlock& image) {
    return {{"type", "image_file"},
            {"image_file",
             {{"file_id", image.artifact.text(prefix::file)},
              {"detail", image.detail.empty() ? "auto" : image.detail}}}};
}

// As this API has them: pictures are parts of the content instead.
Json render_attachments(const core::Message& message) {
    Json list = Json::array();
    const Json stored = Json::parse(message.attachments);
    for (const Json& one : stored) {
        const auto artifact = ArtifactId::parse(one.value("artifact", ""));
        if (!artifact)
            list.push_back(one);
        else if (!one.value("media_type", "").starts_with("image/"))
            list.push_back({{"file_id", artifact->text(prefix::file)}, {"tools", Json::array()}});
    }
    return list;
}

// What was said, without the notes on attachments, which stand at the end and are shown as such.
Json render_content(const core::Message& message, std::size_t attachments) {
    Json parts = Json::array();
    // A reply is one text, as it was told piece by piece.
    if (message.role == core::Role::assistant && !message.turn.is_nil()) {
        const std::string text = message.text();
        if (!text.empty()) parts.push_back(render_text(text, render_annotations(message)));
        return parts;
    }
    const std::size_t said = message.blocks.size() - std::min(attachments, message.blocks.size());
    for (std::size_t i = 0; i < said; ++i) {
        if (const auto* text = std::get_if<core::TextBlock>(&message.blocks[i])) {
            if (!text->text.empty()) parts.push_back(render_text(text->text, Json::array()));
        } else if (const auto* image = std::get_if<core::ImageBlock>(&message.blocks[i])) {
            parts.push_back(render_part(*image));
        }
    }
    return parts;
}

// Why a reply is not whole; nothing for one that is.
const char* incomplete_because(const std::string& finish_reason) {
    if (finish_reason == "length") return "max_tokens";
    if (finish_reason == "content_filter") return "content_filter";
    if (finish_reason == "cancelled") return "run_cancelled";
    if (finish_reason == "error") return "run_failed";
    return nullptr;
}

}  // namespace

Json render(const core::Assistant& assistant) {
    return {{"id", assistant.id.text(prefix::assistant)},
            {"object", "assistant"},
            {"created_at", openai::seconds(assistant.created_at)},
            {"name", text_or_null(assistant.name)},
            {"description", text_or_null(assistant.description)},
            {"model", assistant.model},
            {"instructions", text_or_null(assistant.instructions)},
            {"tools", Json::parse(assistant.tools)},
            {"tool_resources", Json::parse(assistant.tool_resources)},
            {"metadata", openai::render_metadata(assistant.metadata)},
            {"temperature", openai::or_null(assistant.temperature)},
            {"top_p", openai::or_null(assistant.top_p)},
            {"reasoning_effort", text_or_null(assistant.reasoning_effort)},
            {"response_format", render_response_format(assistant.response_format)}};
}

Json render(const core::Conversation& thread) {
    return {{"id", thread.id.text(prefix::thread)},
            {"object", "thread"},
            {"created_at", openai::seconds(thread.created_at)},
            {"metadata", openai::render_metadata(thread.metadata)},
            {"tool_resources", Json::parse(thread.tool_resources)}};
}

Json render(const core::ThreadMessage& item) {
    const core::Message& message = item.message;
    const bool of_run = message.role == core::Role::assistant && !message.turn.is_nil();
    const char* const reason = incomplete_because(message.finish_reason);
    const Json attachments = render_attachments(message);
    const Json ended = openai::seconds(message.created_at);
    return {{"id", message.id.text(prefix::message)},
            {"object", "thread.message"},
            {"created_at", openai::seconds(message.created_at)},
            {"thread_id", message.conversation.text(prefix::thread)},
            {"status", reason ? "incomplete" : "completed"},
            {"incomplete_details", reason ? Json({{"reason", reason}}) : Json()},
            {"completed_at", reason ? Json() : ended},
            {"incomplete_at", reason ? ended : Json()},
            {"role", core::name_of(message.role)},
            {"content", render_content(message, core::attachments_of(message).size())},
            {"assistant_id", of_run ? text_or_null(item.assistant_id) : Json()},
            {"run_id", of_run ? Json(message.turn.text(prefix::run)) : Json()},
            {"attachments", attachments},
            {"metadata", openai::render_metadata(message.metadata)}};
}

Json render_deleted(const std::string& id, const char* object) {
    return {{"id", id}, {"object", object}, {"deleted", true}};
}

}  // namespace assistd::api::assistants
