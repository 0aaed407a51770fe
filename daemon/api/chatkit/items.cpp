#include "api/chatkit/items.h"

#include <algorithm>

#include "base/id_time.h"
#include "base/json_depth.h"
#include "base/utf8.h"

namespace assistd::api::chatkit {
namespace {

// When the message was begun, which its id tells while it is streamed as well as later. One that came from
// elsewhere is older than its id.
Timestamp begun_at(const core::Message& message) {
    const auto begun = made_at(message.id.uuid);
    return begun ? std::min(from_micros(*begun), message.created_at) : message.created_at;
}

Json item(const core::Message& message, ItemKind kind, std::size_t call, const char* type) {
    return {{"id", ItemId{kind, message.id, call}.text()},
            {"thread_id", message.conversation.text(prefix::thread)},
            {"created_at", to_iso8601(begun_at(message))},
            {"type", type}};
}

Json parsed(const std::string& text) {
    if (is_nested_too_deeply(text)) return Json();
    Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json() : json;
}

std::string kept_text(const Json& metadata, const char* key) {
    const auto found = metadata.find(key);
    return found != metadata.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A sentence on what a tool's result says, and the artifacts that it made.
std::string told_by(const std::string& result) {
    const Json json = parsed(result);
    if (!json.is_object()) return {};
    if (const auto error = json.find("error"); error != json.end() && error->is_object())
        return kept_text(*error, "message");
    std::string told = kept_text(json, "summary");
    if (const auto status = json.find("status"); told.empty() && status != json.end())
        told = "It goes on in the background as " + kept_text(json, "job_id") + ".";
    const auto artifacts = json.find("artifacts");
    if (artifacts == json.end() || !artifacts->is_array()) return told;
    for (const Json& artifact : *artifacts)
        if (artifact.is_object()) told += (told.empty() ? "" : "\n") + kept_text(artifact, "handle");
    return told;
}

bool is_failure(const std::string& result) {
    const Json json = parsed(result);
    const auto error = json.is_object() ? json.find("error") : json.end();
    return error != json.end() && error->is_object();
}

std::string title_of(const std::string& tool, const core::ToolSet& tools) {
    const core::ToolSpec* spec = tools.find(tool);
    return spec && !spec->title.empty() ? spec->title : tool;
}

// A reply that broke off before it said anything is nothing to show.
bool is_whole(const core::Message& message) {
    return message.finish_reason != "cancelled" && message.finish_reason != "error";
}

// What the answer is about, as it would be run.
std::string asked_for(const core::ToolCallBlock& call) {
    constexpr std::size_t longest = 2'000;
    std::string text = call.name + " " + call.arguments;
    if (text.size() <= longest) return text;
    return std::string(whole_characters(text, longest)) + " …";
}

}  // namespace

std::string quotation(std::string_view quoted) {
    std::string lines = "> ";
    for (const char c : quoted) {
        lines += c;
        if (c == '\n') lines += "> ";
    }
    return lines + "\n\n";
}

Json render_page(Json data, bool has_more, const std::string& after) {
    Json page = {{"data", std::move(data)}, {"has_more", has_more}};
    if (!after.empty()) page["after"] = after;
    return page;
}

Json render_thread(const core::Conversation& thread) {
    Json json = {{"id", thread.id.text(prefix::thread)}};
    if (!thread.title.empty()) json["title"] = thread.title;
    json["created_at"] = to_iso8601(thread.created_at);
    const bool open = thread.state == core::ConversationState::open;
    json["status"]["type"] = open ? "active" : core::name_of(thread.state);
    if (!thread.state_reason.empty()) json["status"]["reason"] = thread.state_reason;
    json["items"] = render_page(Json::array(), false, {});
    return json;
}

Json render_attachment(const core::Attachment& file, const Setting& setting) {
    Json json = {{"type", file.is_picture() ? "image" : "file"},
                 {"id", file.artifact.text(prefix::attachment)},
                 {"name", file.name},
                 {"mime_type", file.media_type}};
    if (file.is_picture()) json["preview_url"] = setting.preview(file.artifact);
    return json;
}

Json render_user_message(const core::Message& message, const Setting& setting) {
    const Json metadata = parsed(message.metadata);
    const std::string quoted = metadata.is_object() ? kept_text(metadata, "quoted_text") : std::string();
    std::string text = core::said_in(message);
    if (!quoted.empty() && text.starts_with(quotation(quoted))) text.erase(0, quotation(quoted).size());
    Json attachments = Json::array();
    for (const core::Attachment& file : core::attachments_of(message))
        attachments.push_back(render_attachment(file, setting));
    Json json = item(message, ItemKind::message, 0, "user_message");
    json["content"] = Json::array({{{"type", "input_text"}, {"text", std::move(text)}}});
    json["attachments"] = std::move(attachments);
    if (!quoted.empty()) json["quoted_text"] = quoted;
    json["inference_options"] = Json::object();
    if (const std::string options = metadata.is_object() ? kept_text(metadata, "inference_options") : "";
        !options.empty())
        json["inference_options"] = parsed(options);
    return json;
}

Json render_annotations(const core::Message& message) {
    Json list = Json::array();
    for (const core::Citation& citation : message.citations) {
        Json source = {{"type", "file"}, {"title", citation.file_name}, {"filename", citation.file_name}};
        if (!citation.quote.empty()) source["description"] = citation.quote;
        if (citation.page) source["group"] = "page " + std::to_string(*citation.page);
        list.push_back(
            {{"type", "annotation"}, {"source", std::move(source)}, {"index", citation.start_index}});
    }
    return list;
}

Json render_content(const std::string& text, Json annotations) {
    return {{"type", "output_text"}, {"text", text}, {"annotations", std::move(annotations)}};
}

Json render_assistant_message(const core::Message& message) {
    Json json = item(message, ItemKind::message, 0, "assistant_message");
    json["content"] = Json::array({render_content(message.text(), render_annotations(message))});
    return json;
}

Json render_task(const std::string& tool, const std::string* result, const core::ToolSet& tools) {
    // There is no sign for what has failed; "complete" is none.
    const char* status = !result ? "loading" : is_failure(*result) ? "none" : "complete";
    Json task = {{"type", "custom"}, {"title", title_of(tool, tools)}, {"status_indicator", status}};
    if (!result) return task;
    if (std::string told = told_by(*result); !told.empty()) task["content"] = std::move(told);
    return task;
}

Json render_workflow(const core::Message& message, Json tasks, bool done) {
    Json json = item(message, ItemKind::workflow, 0, "workflow");
    Json workflow = {{"type", "custom"}, {"tasks", std::move(tasks)}};
    if (done) {
        const Json& all = workflow["tasks"];
        workflow["summary"]["title"] =
            all.size() == 1 ? all[0]["title"] : Json(std::to_string(all.size()) + " tools");
    }
    workflow["expanded"] = false;
    json["workflow"] = std::move(workflow);
    return json;
}

Json render_thought_task(const std::string& thoughts, bool done) {
    return {{"type", "thought"}, {"content", thoughts}, {"status_indicator", done ? "complete" : "loading"}};
}

Json render_thoughts(const core::Message& message, const std::string& thoughts, bool done) {
    Json json = item(message, ItemKind::thoughts, 0, "workflow");
    json["workflow"] = {{"type", "reasoning"},
                        {"tasks", Json::array({render_thought_task(thoughts, done)})},
                        {"expanded", false}};
    if (done) json["workflow"]["summary"]["title"] = "Thoughts";
    return json;
}

std::vector<core::ToolCallBlock> calls_of_daemon(const core::Message& message, const CallFacts& facts) {
    std::vector<core::ToolCallBlock> calls = message.tool_calls();
    std::erase_if(calls,
                  [&](const core::ToolCallBlock& call) { return facts.client_tools.contains(call.name); });
    return calls;
}

Json render_client_call(const core::Message& message, std::size_t call, const std::string* result,
                        bool pending) {
    const core::ToolCallBlock block = message.tool_calls().at(call);
    Json json = item(message, ItemKind::client_call, call, "client_tool_call");
    json["status"] = pending ? "pending" : "completed";
    json["call_id"] = block.call_id;
    json["name"] = block.name;
    Json arguments = parsed(block.arguments);
    json["arguments"] = arguments.is_object() ? std::move(arguments) : Json::object();
    if (!result) return json;
    Json output = parsed(*result);
    json["output"] = output.is_null() ? Json(*result) : std::move(output);
    return json;
}

Json render_question(const core::Message& message, std::size_t call, const core::Approval& approval,
                     bool running) {
    const bool undecided = approval.state == core::ApprovalState::waiting;
    const bool waits = undecided && running;
    const bool skipped = (undecided && !running) || approval.state == core::ApprovalState::expired;
    Json json = item(message, ItemKind::question, call, "structured_input");
    json["status"] = waits ? "pending" : skipped ? "skipped" : "answered";
    Json decision = {
        {"type", "multiple_choice"},
        {"id", "decision"},
        {"question", approval.sentence + "\n\n" + asked_for(message.tool_calls().at(call))},
        {"options", {{{"id", "allow"}, {"label", "Allow"}}, {{"id", "refuse"}, {"label", "Refuse"}}}}};
    Json reason = {{"type", "freeform"}, {"id", "reason"}, {"question", "Why? (need not be said)"}};
    json["inputs"] = Json::array({std::move(decision), std::move(reason)});
    if (waits || skipped) return json;
    const bool allowed = approval.state == core::ApprovalState::allowed;
    Json answers = {{"decision", {{"values", {allowed ? "allow" : "refuse"}}, {"skipped", false}}}};
    if (!approval.reason.empty())
        answers["reason"] = {{"values", Json::array({approval.reason})}, {"skipped", false}};
    json["answers"] = std::move(answers);
    return json;
}

std::vector<Json> render_items(const core::Message& message, const CallFacts& facts, const Setting& setting) {
    if (message.role == core::Role::user) return {render_user_message(message, setting)};
    if (message.role != core::Role::assistant) return {};
    std::vector<Json> items;
    const std::vector<core::ToolCallBlock> calls = message.tool_calls();
    if (const std::string thoughts = message.thoughts(); !thoughts.empty())
        items.push_back(render_thoughts(message, thoughts, true));
    if (!message.text().empty() || (calls.empty() && is_whole(message)))
        items.push_back(render_assistant_message(message));
    const auto result_of = [&](const core::ToolCallBlock& call) -> const std::string* {
        const auto found = facts.results.find(call.call_id);
        return found == facts.results.end() ? nullptr : &found->second;
    };
    Json tasks = Json::array();
    bool done = true;
    for (const core::ToolCallBlock& call : calls_of_daemon(message, facts)) {
        const std::string* result = result_of(call);
        done = done && (result || !facts.running);
        tasks.push_back(render_task(call.name, result, *setting.tools));
        if (!result && !facts.running) tasks.back()["status_indicator"] = "none";
    }
    if (!tasks.empty()) items.push_back(render_workflow(message, std::move(tasks), done));
    for (std::size_t i = 0; i < calls.size(); ++i)
        for (const core::Approval& approval : facts.approvals)
            if (approval.call_id == calls[i].call_id)
                items.push_back(render_question(message, i, approval, facts.running));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!facts.client_tools.contains(calls[i].name)) continue;
        const std::string* result = result_of(calls[i]);
        items.push_back(render_client_call(message, i, result, !result && facts.running));
    }
    return items;
}

}  // namespace assistd::api::chatkit
