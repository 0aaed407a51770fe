#pragma once
// Writes the status line and the headers of a reply. Pure functions, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/reply.h"

namespace assistd::http {

// What a reply must know of the request that it answers.
struct ReplyContext {
    bool http11 = true;
    bool keep_alive = true;  // as far as the client is concerned
    bool head_only = false;
    bool accepts_gzip = false;
    bool vary_origin = false;
    std::string
        allow_origin;  // for Access-Control-Allow-Origin; empty: not a cross-origin request that is allowed
    std::string request_id;
    std::string correlation_id;  // as the client sent it; empty: it did not
    std::string path;            // decides whose error shape is used
};

struct Framing {
    enum class Body { none, length, chunked, until_close };
    Body body = Body::none;
    std::int64_t length = 0;  // for Body::length
    bool keep_alive = true;   // whether the connection goes on after the reply
};

// Headers that the connection writes itself (Content-Length, Connection, Date, …) are skipped when the reply
// has them.
std::string encode_head(const Reply& reply, const ReplyContext& context, const Framing& framing);

// Replies to which HTTP allows no body at all.
bool forbids_body(int status);

// The value of a header of the reply, empty when it has none.
std::string_view header_of(const Reply& reply, std::string_view name);

// Replaces the text body by its compressed form when the client takes it and it is worth it.
void compress(Reply& reply, const ReplyContext& context);

}  // namespace assistd::http
