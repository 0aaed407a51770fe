#pragma once
// Files that people upload with their bytes as the body. On the request's strand.

#include <string>

#include "api/query.h"
#include "api/services.h"
#include "http/request.h"

namespace assistd::api::conversations {

struct Upload {
    core::Artifact artifact;
    bool is_new = true;  // false: an earlier request with the same Idempotency-Key has stored it
};

// Stores the body as an artifact of this kind. Its name is ?name=, its project ?project_id=, its type the
// Content-Type when that says one. Throws Error for an empty file and for what is wrong with the query, which
// is finished.
Task<Upload> store_upload(const Services& services, http::Request request, std::string kind);

}  // namespace assistd::api::conversations
