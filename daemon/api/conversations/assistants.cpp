#include <set>

#include "api/assistants/assistant_fields.h"
#include "api/assistants/thread_files.h"
#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"
#include "base/one_line.h"
#include "base/utf8.h"

namespace assistd::api::conversations {
namespace {

AssistantId assistant_in(const Request& request) {
    return id_in_path<AssistantId>(request, "assistant", "assistant");
}

// This API lets no field pass that it does not know.
void refuse_unknown(const Json& body) {
    static const std::set<std::string> known = {
        "name",     "description",     "model",       "instructions", "tools",           "tool_resources",
        "metadata", "response_format", "temperature", "top_p",        "reasoning_effort"};
    std::vector<FieldError> unknown;
    for (const auto& [name, value] : body.items())
        if (!known.contains(name)) {
            const std::string shown(whole_characters(one_line(name), 80));
            unknown.push_back({shown, "There is no field \"" + shown + "\" here."});
        }
    if (!unknown.empty())
        throw Error(ErrorCode::validation, "Some fields of the request are wrong.", std::move(unknown));
}

// The id of the last one on a page is the cursor of the next.
std::optional<AssistantId> read_cursor(Query& query) {
    const std::string cursor = query.cursor();
    if (cursor.empty()) return std::nullopt;
    const auto id = AssistantId::parse(cursor);
    if (!id) query.wrong("cursor", "cursor is not one that this list gave.");
    return id;
}

}  // namespace

Json render(const core::Assistant& assistant) {
    const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    const auto number_or_null = [](const std::optional<double>& number) {
        return number ? Json(*number) : Json();
    };
    return {{"id", assistant.id.text()},
            {"name", text_or_null(assistant.name)},
            {"description", text_or_null(assistant.description)},
            {"model", assistant.model},
            {"instructions", text_or_null(assistant.instructions)},
            {"tools", Json::parse(assistant.tools)},
            {"tool_resources", Json::parse(assistant.tool_resources)},
            {"metadata", Json::parse(assistant.metadata)},
            {"temperature", number_or_null(assistant.temperature)},
            {"top_p", number_or_null(assistant.top_p)},
            {"reasoning_effort", text_or_null(assistant.reasoning_effort)},
            {"response_format",
             assistant.response_format.empty() ? Json() : Json::parse(assistant.response_format)},
            {"created_at", to_iso8601(assistant.created_at)}};
}

Task<Reply> list_assistants(const Services& services, Request request) {
    Query query(request);
    core::ListRange<AssistantId> range;
    range.limit = query.limit();
    range.after = read_cursor(query);
    query.finish();
    const core::Slice<core::Assistant> slice = co_await services.assistants.list(request.user, range);
    core::Page<core::Assistant> page;
    page.items = slice.items;
    if (slice.has_more) page.next = slice.items.back().id.text();
    co_return Reply::json(to_text(render_page("assistants", page)));
}

Task<Reply> create_assistant(const Services& services, Request request) {
    Query(request).finish();
    const Json body = openai::read_body(request);
    refuse_unknown(body);
    core::Assistant assistant = assistants::read_assistant(services, request.user, openai::Fields(body));
    assistants::Additions added{request.user};
    co_await assistants::all_or_nothing(services, added,
                                        assistants::add_assistant(services, added, assistant));
    co_return Reply::json(to_text(render(assistant)), 201)
        .with("Location", "/api/v1/ai/assistants/" + assistant.id.text());
}

Task<Reply> show_assistant(const Services& services, Request request) {
    Query(request).finish();
    const core::Assistant assistant = co_await services.assistants.find(request.user, assistant_in(request));
    co_return Reply::json(to_text(render(assistant)));
}

Task<Reply> change_assistant(const Services& services, Request request) {
    Query(request).finish();
    const AssistantId id = assistant_in(request);
    const Json body = openai::read_body(request);
    refuse_unknown(body);
    core::AssistantChange change = assistants::read_assistant_change(services, openai::Fields(body));
    assistants::Additions none{request.user};  // no store is described here
    if (change.tool_resources)
        change.tool_resources = co_await assistants::settle_resources(services, none, *change.tool_resources);
    const core::Assistant changed = co_await services.assistants.change(request.user, id, change);
    co_return Reply::json(to_text(render(changed)));
}

Task<Reply> delete_assistant(const Services& services, Request request) {
    Query(request).finish();
    co_await services.assistants.remove(request.user, assistant_in(request));
    co_return Reply::empty();
}

}  // namespace assistd::api::conversations
