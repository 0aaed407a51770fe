#pragma once
// The core's values as the conversation API writes them (requirements: "Conversation API"). Pure functions.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/approval.h"
#include "core/artifact.h"
#include "core/assistant.h"
#include "core/audit.h"
#include "core/conversation.h"
#include "core/events.h"
#include "core/job.h"
#include "core/project.h"
#include "core/reproduction.h"
#include "core/study.h"
#include "core/tool.h"
#include "core/tool_access.h"
#include "core/turn.h"
#include "core/usage.h"

namespace assistd::api::conversations {

using Json = nlohmann::ordered_json;

// JSON text; what is no UTF-8 is replaced, since it may come from a tool.
std::string to_text(const Json& json);

Json render(const core::Conversation& conversation);
Json render(const core::SearchHit& hit);
Json render(const core::Message& message);
Json render_citations(const core::Message& reply);
Json render(const core::Turn& turn);
Json render(const core::ToolEffects& effects);
Json render(const core::Approval& approval);  // as it is asked for
Json render(const core::Artifact& artifact);
Json render(const core::ArtifactRef& artifact);
Json render(const core::Reproduction& done);
Json render(const core::Job& job);
Json render(const core::ToolSpec& tool);
Json render(const core::ToolAccess& access);  // the tool, and what the user may do with it
Json render(const core::PluginStatus& plugin);
Json render(const core::Usage& usage);
Json render(const core::Project& project);
Json render(const core::AuditEntry& entry);
Json render(const core::Assistant& assistant);
Json render(const core::Study& study);
Json render(const core::StudyRun& run);
Json render(const core::UsageRow& sums);    // without what they are the sums of
Json render_error(const core::Turn& turn);  // of one that did not complete

// What is told beside a reply that is not what it might have been: sentences; empty for one that is whole.
std::string note_on(const core::Message& reply);

// {NAME: [...], "has_more", "next_cursor"}
template <class T>
Json render_page(const char* name, const core::Page<T>& page) {
    Json items = Json::array();
    for (const T& item : page.items) items.push_back(render(item));
    Json json;
    json[name] = std::move(items);
    json["has_more"] = !page.next.empty();
    json["next_cursor"] = page.next.empty() ? Json() : Json(page.next);
    return json;
}

}  // namespace assistd::api::conversations
