#pragma once
// The core's values as objects of the Assistants API: every documented key is there, null when there is
// nothing. Pure functions.

#include "api/openai/json.h"
#include "core/assistant.h"
#include "core/conversation.h"
#include "core/thread.h"

namespace assistd::api::assistants {

openai::Json render(const core::Assistant& assistant);
openai::Json render(const core::Conversation& thread);
openai::Json render(const core::ThreadMessage& message);

// What the API answers when something is gone: {"id", "object": "thread.deleted", "deleted": true}.
openai::Json render_deleted(const std::string& id, const char* object);

}  // namespace assistd::api::assistants
