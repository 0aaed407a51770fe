#pragma once
// POST …/archive and …/unarchive, of whatever can be archived: calls that take nothing.

#include "api/json_body.h"
#include "api/query.h"
#include "http/request.h"

namespace assistd::api::conversations {

// The change that they stand for. Throws Error for a body or query that says anything.
template <class Change>
Change archiving(const http::Request& request, bool archived) {
    Query(request).finish();
    JsonBody(request, true).finish();
    Change change;
    change.archived = archived;
    return change;
}

}  // namespace assistd::api::conversations
