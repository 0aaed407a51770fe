#pragma once
// Threads and their items as ChatKit's objects: fields that have nothing to say are left out. Pure functions.
//
// What a model thinks is shown as a workflow of the type "reasoning" with one task in front of what it says.
// What tools of the daemon do is shown as a workflow with one task for each call; calls of the client's own
// tools as client_tool_call items, and a call that waits for a person's approval as a structured_input item
// with the question.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/chatkit/ids.h"
#include "api/openai/json.h"
#include "core/approval.h"
#include "core/artifact.h"
#include "core/attachments.h"
#include "core/conversation.h"
#include "core/message.h"
#include "core/tool.h"

namespace assistd::api::chatkit {

using openai::Json;
using openai::to_text;

// What stands around a message when it is shown.
struct Setting {
    // The daemon's address as the client knows it, for addresses of files: "http://localhost:8080".
    std::string origin;
    std::shared_ptr<const core::ToolSet> tools;  // for their titles
    // Where a picture is shown to who is answered.
    std::function<std::string(ArtifactId picture)> preview;
};

// What is known of the calls of one message.
struct CallFacts {
    std::set<std::string> client_tools;          // names of the functions that the client runs
    std::map<std::string, std::string> results;  // by call id: as the model sees them
    std::vector<core::Approval> approvals;
    bool running = false;  // the turn goes on, so that what has no result yet may still get one
};

// With an empty page of items.
Json render_thread(const core::Conversation& thread);
Json render_page(Json data, bool has_more, const std::string& after);

// How what the user quotes stands in front of the message, for the model.
std::string quotation(std::string_view quoted);

Json render_user_message(const core::Message& message, const Setting& setting);
Json render_assistant_message(const core::Message& message);
Json render_content(const std::string& text, Json annotations);
Json render_annotations(const core::Message& message);

// One task of a workflow; no result: it has none yet.
Json render_task(const std::string& tool, const std::string* result, const core::ToolSet& tools);
Json render_workflow(const core::Message& message, Json tasks, bool done);
// `done`: the thought has come to its end.
Json render_thoughts(const core::Message& message, const std::string& thoughts, bool done);
Json render_thought_task(const std::string& thoughts, bool done);
// Those of the message's calls that the daemon makes, or that its client does.
std::vector<core::ToolCallBlock> calls_of_daemon(const core::Message& message, const CallFacts& facts);
Json render_client_call(const core::Message& message, std::size_t call, const std::string* result,
                        bool pending);
// `running`: the turn goes on, and the question can still be answered.
Json render_question(const core::Message& message, std::size_t call, const core::Approval& approval,
                     bool running);

// All items of a message, in their order. A tool's message is none.
std::vector<Json> render_items(const core::Message& message, const CallFacts& facts, const Setting& setting);

Json render_attachment(const core::Attachment& file, const Setting& setting);

}  // namespace assistd::api::chatkit
