#pragma once
// Vector stores, their files and what was found in them as objects of the Assistants API: every documented
// key is there, null when there is nothing. Pure functions.

#include <string>
#include <vector>

#include "api/openai/json.h"
#include "core/knowledge.h"
#include "http/reply.h"

namespace assistd::api::assistants {

openai::Json render(const core::VectorStore& store);
openai::Json render(const core::IndexedFile& file);
openai::Json render(const core::FileBatch& batch);
openai::Json render_search(const std::vector<std::string>& queries, const std::vector<core::Passage>& found);
openai::Json render_gone(const std::string& id, const char* object);

// Tells a client that polls when to ask again.
http::Reply polled(http::Reply reply);

}  // namespace assistd::api::assistants
