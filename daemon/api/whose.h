#pragma once
// Whose things a request is about: the asker's own, or for administrators those of ?user=NAME or, with
// ?all=true, everybody's. Of what is another's, administrators see that it is there and how it does, never
// what is in it. Functions for one request; one thread.

#include "api/query.h"
#include "core/conversation.h"

namespace assistd::api {

struct Whose {
    core::Owner owner;
    bool everybody = false;
};

// Throws Error{forbidden} when others' are asked for by who is no administrator. Nobody is looked up: what is
// kept of a user may outlive him.
Whose whose_in(Query& query, const http::Request& request);
// The same without everybody's: of one thing.
core::Owner owner_in(Query& query, const http::Request& request);

}  // namespace assistd::api
