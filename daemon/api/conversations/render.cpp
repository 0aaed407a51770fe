#include "api/conversations/render.h"

#include <cmath>
#include <set>

#include "core/artifact_json.h"
#include "core/attachments.h"

namespace assistd::api::conversations {
namespace {

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

template <class Kind>
Json id_or_null(const Id<Kind>& id) {
    return id.is_nil() ? Json() : Json(id.text());
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json cpu_seconds(const core::CallResources& used) {
    return used.cpu_time ? Json(static_cast<double>(used.cpu_time->count()) / 1e6) : Json();
}

// JSON text that was checked when it was stored; a damaged one must not take the whole answer with it.
Json embedded(const std::string& text) {
    Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(text) : json;
}

// Sums of binary fractions end in noise that no bill has: to a billionth.
double money(double amount) {
    return std::round(amount * 1e9) / 1e9;
}

Json render_calls(const core::Message& message) {
    Json calls = Json::array();
    for (const core::ToolCallBlock& call : message.tool_calls())
        calls.push_back({{"id", call.call_id},
                         {"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    return calls.empty() ? Json() : calls;
}

// Pictures of other doors are known by their blocks alone.
Json render_attachments(const core::Message& message) {
    Json files = Json::array();
    std::set<ArtifactId> listed;
    for (const core::Attachment& file : core::attachments_of(message)) {
        Json json = {{"artifact", file.artifact.text()}};
        if (!file.name.empty())
            json.update({{"handle", file.handle},
                         {"name", file.name},
                         {"media_type", file.media_type},
                         {"size", file.size}});
        files.push_back(std::move(json));
        listed.insert(file.artifact);
    }
    for (const core::Block& block : message.blocks) {
        const auto* image = std::get_if<core::ImageBlock>(&block);
        if (image && !listed.contains(image->artifact))
            files.push_back({{"artifact", image->artifact.text()}, {"media_type", image->media_type}});
    }
    return files;
}

// Of a reply that was cut; empty for others.
std::string_view how_it_ended(std::string_view finish_reason) {
    if (finish_reason == "length")
        return "The reply is not complete: it ended at the model's limit of tokens.";
    if (finish_reason == "content_filter")
        return "The reply is not complete: the model or its provider refused to say more.";
    if (finish_reason == "error") return "The reply is not complete: its provider failed.";
    if (finish_reason == "cancelled") return "The reply is not complete: it was cancelled.";
    return {};
}

}  // namespace

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json render(const core::Conversation& conversation) {
    return {{"id", conversation.id.text()},
            {"title", text_or_null(conversation.title)},
            {"project_id", text_or_null(conversation.project_id)},
            {"provider", text_or_null(conversation.provider)},
            {"model", text_or_null(conversation.model)},
            {"assistant_id", text_or_null(conversation.assistant_id)},
            {"metadata", embedded(conversation.metadata)},
            {"created_at", to_iso8601(conversation.created_at)},
            {"updated_at", to_iso8601(conversation.updated_at)},
            {"is_archived", conversation.archived},
            {"state", core::name_of(conversation.state)},
            {"state_reason", text_or_null(conversation.state_reason)},
            {"message_count", conversation.message_count},
            {"last_message_preview", text_or_null(conversation.last_message_preview)}};
}

Json render(const core::SearchHit& hit) {
    Json marks = Json::array();
    for (const core::Excerpt::Mark& mark : hit.excerpt.marks)
        marks.push_back({{"start", mark.begin}, {"end", mark.end}});
    return {{"message_id", hit.message.text()},
            {"excerpt", {{"text", hit.excerpt.text}, {"marks", std::move(marks)}}}};
}

Json render(const core::Usage& usage) {
    Json json = {{"prompt_tokens", usage.prompt_tokens},
                 {"completion_tokens", usage.completion_tokens},
                 {"total_tokens", usage.total_tokens()}};
    if (usage.cached_tokens > 0) json["cached_tokens"] = usage.cached_tokens;
    if (usage.cost > 0) json["cost"] = money(usage.cost);
    if (usage.estimated) json["estimated"] = true;
    return json;
}

Json render(const core::Message& message) {
    Json json = {{"id", message.id.text()},
                 {"role", core::name_of(message.role)},
                 {"content", core::said_in(message)},
                 {"tool_calls", render_calls(message)},
                 {"tool_call_id", Json()},
                 {"created_at", to_iso8601(message.created_at)},
                 {"turn_id", id_or_null(message.turn)}};
    for (const core::Block& block : message.blocks) {
        if (const auto* result = std::get_if<core::ToolResultBlock>(&block)) {
            json["content"] = result->content;
            json["tool_call_id"] = result->call_id;
            json["name"] = result->name;
            json["success"] = result->success;
        }
    }
    // Several thoughts are shown as one; redacted ones have no text.
    if (std::string thoughts = message.thoughts(); !thoughts.empty()) json["thinking"] = std::move(thoughts);
    if (Json files = render_attachments(message); !files.empty()) json["attachments"] = std::move(files);
    if (message.role == core::Role::user) json["replies"] = message.replies;
    if (message.role == core::Role::assistant) {
        json["provider"] = text_or_null(message.provider);
        json["model"] = text_or_null(message.model);
        json["finish_reason"] = text_or_null(message.finish_reason);
        json["usage"] = render(message.usage);
        json["feedback"] = text_or_null(message.feedback);
        if (!message.citations.empty()) json["citations"] = render_citations(message);
        if (std::string note = note_on(message); !note.empty()) json["note"] = std::move(note);
    }
    return json;
}

Json render_citations(const core::Message& reply) {
    Json list = Json::array();
    for (const core::Citation& citation : reply.citations)
        list.push_back({{"marker", citation.marker},
                        {"start_index", citation.start_index},
                        {"end_index", citation.end_index},
                        {"artifact", citation.file.text()},
                        {"file_name", citation.file_name},
                        {"quote", citation.quote},
                        {"quote_start", citation.quote_start},
                        {"quote_end", citation.quote_end},
                        {"page", citation.page ? Json(*citation.page) : Json()}});
    return list;
}

std::string note_on(const core::Message& reply) {
    std::string note;
    const bool of_asker =
        reply.limit_reached == "max_prompt_tokens" || reply.limit_reached == "max_completion_tokens";
    if (!reply.limit_reached.empty() && !of_asker && reply.tool_calls().empty())
        note = "The turn's budget was used up (turns." + reply.limit_reached +
               "): this reply had to do without further tool calls.";
    const std::string_view end = how_it_ended(reply.finish_reason);
    if (!note.empty() && !end.empty()) note += ' ';
    return note.append(end);
}

Json render(const core::Turn& turn) {
    Json json = {{"id", turn.id.text()},
                 {"conversation_id", turn.conversation.text()},
                 {"user_message_id", id_or_null(turn.user_message)},
                 {"state", core::name_of(turn.state)},
                 {"project_id", text_or_null(turn.project_id)},
                 {"created_at", to_iso8601(turn.created_at)},
                 {"finished_at", Json()},
                 {"provider", text_or_null(turn.provider)},
                 {"model", text_or_null(turn.model)},
                 {"rounds", turn.rounds},
                 {"limit_reached", text_or_null(turn.limit_reached)},
                 {"usage", render(turn.usage)},
                 {"error", Json()}};
    if (turn.state != core::TurnState::running) json["finished_at"] = to_iso8601(turn.finished_at);
    if (!turn.error_code.empty()) json["error"] = render_error(turn);
    return json;
}

Json render_error(const core::Turn& turn) {
    Json json = {{"code", turn.error_code}, {"message", turn.error_message}};
    if (turn.retry_after) json["retry_after_s"] = turn.retry_after->count();
    return json;
}

Json render(const core::ToolEffects& effects) {
    return {{"reads", effects.reads},
            {"writes", effects.writes},
            {"network", effects.network},
            {"destructive", effects.destructive},
            {"idempotent", effects.idempotent}};
}

Json render(const core::Approval& approval) {
    return {{"tool_call_id", approval.call_id},
            {"name", approval.name},
            {"arguments", embedded(approval.arguments)},
            {"effects", render(approval.effects)},
            {"message", approval.sentence},
            {"asked_at", to_iso8601(approval.asked_at)}};
}

Json render(const core::ArtifactRef& artifact) {
    return core::to_json(artifact);
}

Json render(const core::Artifact& artifact) {
    const core::ArtifactRef ref{artifact.id,   artifact.handle,     artifact.kind,
                                artifact.name, artifact.media_type, artifact.size};
    Json json = render(ref);
    json["sha256"] = artifact.sha256;
    json["project_id"] = text_or_null(artifact.project_id);
    json["conversation_id"] = id_or_null(artifact.conversation);
    json["turn_id"] = id_or_null(artifact.turn);
    json["tool"] = text_or_null(artifact.tool);
    json["plugin"] = text_or_null(artifact.plugin);
    json["parameters"] = embedded(artifact.parameters);
    json["seed"] = text_or_null(artifact.seed);
    json["parents"] = artifact.parents;
    json["metadata"] = embedded(artifact.metadata);
    json["created_at"] = to_iso8601(artifact.created_at);
    return json;
}

Json render(const core::Job& job) {
    Json json = {{"id", job.id.text()},
                 {"user", job.owner},
                 {"tool", job.tool},
                 {"state", core::name_of(job.state)},
                 {"progress", job.fraction},
                 {"note", text_or_null(job.note)},
                 {"conversation_id", id_or_null(job.conversation)},
                 {"turn_id", id_or_null(job.turn)},
                 {"arguments", job.arguments.empty() ? Json() : embedded(job.arguments)},
                 {"summary", text_or_null(job.summary)},
                 {"result", Json()},
                 {"cpu_s", cpu_seconds(job.used)},
                 {"peak_memory_bytes", or_null(job.used.peak_memory_bytes)},
                 {"created_at", to_iso8601(job.created_at)},
                 {"finished_at", Json()}};
    if (!job.result.empty()) json["result"] = embedded(job.result);
    if (job.state != core::JobState::running) json["finished_at"] = to_iso8601(job.finished_at);
    return json;
}

Json render(const core::ToolSpec& tool) {
    const auto seconds = [](std::chrono::milliseconds time) {
        return static_cast<double>(time.count()) / 1000.0;
    };
    return {{"name", tool.name},
            {"title", text_or_null(tool.title)},
            {"description", tool.description},
            {"category", tool.category},
            {"input_schema", embedded(tool.input_schema)},
            {"output_schema", embedded(tool.output_schema)},
            {"effects", render(tool.effects)},
            {"needs_approval", tool.needs_approval},
            {"time_limit_s", seconds(tool.time_limit)},
            {"job_after_s", seconds(tool.job_after)},
            {"memory_limit_mb", tool.memory_limit_mb},
            {"long_running", tool.long_running},
            {"requires_project", tool.requires_project},
            {"looks_up", tool.looks_up},
            {"phrases", tool.phrases},
            {"options", tool.options},
            {"plugin", {{"id", tool.plugin}, {"version", text_or_null(tool.plugin_version)}}}};
}

Json render(const core::ToolAccess& access) {
    Json json = render(*access.tool);
    json["allowed"] = access.allowed;
    if (!access.allowed) json["reason"] = access.reason;
    Json quotas = Json::array();
    for (const core::QuotaStatus& quota : access.quotas)
        quotas.push_back({{"per", quota.per},
                          {"limit", quota.limit},
                          {"used", quota.used},
                          {"remaining", std::max<std::int64_t>(0, quota.limit - quota.used)},
                          {"free_at", quota.free_at ? Json(to_iso8601(*quota.free_at)) : Json()},
                          {"tools", quota.tools}});
    json["quotas"] = std::move(quotas);
    return json;
}

Json render(const core::Project& project) {
    const core::ProjectNumbers& numbers = project.numbers;
    Json json = {{"id", project.id.text()},
                 {"name", project.name},
                 {"description", text_or_null(project.description)},
                 {"facts", embedded(project.facts)},
                 {"metadata", embedded(project.metadata)},
                 {"is_archived", project.archived},
                 {"created_at", to_iso8601(project.created_at)},
                 {"updated_at", to_iso8601(project.updated_at)},
                 {"conversation_count", numbers.conversations},
                 {"artifact_count", numbers.artifacts},
                 {"job_count", numbers.jobs},
                 {"last_activity_at", Json()}};
    if (to_micros(numbers.last_activity) != 0) json["last_activity_at"] = to_iso8601(numbers.last_activity);
    return json;
}

Json render(const core::UsageRow& sums) {
    Json json = {
        {"turns", sums.turns},
        {"outcomes", {{"completed", sums.completed}, {"failed", sums.failed}, {"cancelled", sums.cancelled}}},
        {"requests", sums.requests},
        {"tool_calls", sums.tool_calls},
        {"prompt_tokens", sums.usage.prompt_tokens},
        {"cached_tokens", sums.usage.cached_tokens},
        {"completion_tokens", sums.usage.completion_tokens},
        {"total_tokens", sums.usage.total_tokens()},
        {"cost", money(sums.usage.cost)}};
    if (sums.usage.estimated) json["estimated"] = true;
    return json;
}

Json render(const core::Deed& deed) {
    return {{"whom", text_or_null(deed.whom)},
            {"details", text_or_null(deed.details)},
            {"credential", text_or_null(deed.credential)}};
}

Json render(const core::AuditEntry& entry) {
    return {{"at", to_iso8601(entry.at)},
            {"user", entry.owner},
            {"tool", entry.tool},
            {"plugin", {{"id", text_or_null(entry.plugin)}, {"version", text_or_null(entry.plugin_version)}}},
            {"project_id", text_or_null(entry.project_id)},
            {"conversation_id", id_or_null(entry.conversation)},
            {"turn_id", id_or_null(entry.turn)},
            {"tool_call_id", entry.call_id},
            {"job_id", id_or_null(entry.job)},
            {"arguments_sha256", entry.arguments_sha256},
            {"outcome", entry.outcome},
            {"duration_s", static_cast<double>(entry.duration.count()) / 1e6},
            {"cpu_s", cpu_seconds(entry.used)},
            {"peak_memory_bytes", or_null(entry.used.peak_memory_bytes)},
            {"result_bytes", entry.result_bytes},
            {"artifacts", entry.artifacts},
            {"decided_by", text_or_null(entry.decided_by)},
            {"deed", entry.deed ? render(*entry.deed) : Json()}};
}

Json render(const core::PluginStatus& plugin) {
    return {{"id", text_or_null(plugin.id)},
            {"version", text_or_null(plugin.version)},
            {"file", plugin.file},
            {"state", plugin.state},
            {"reason", text_or_null(plugin.reason)},
            {"changes", plugin.changes},
            {"tools", plugin.tools}};
}

}  // namespace assistd::api::conversations
