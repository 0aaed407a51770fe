#pragma once
// A parsed request, as handlers see it: already checked, decoded and within its limits. A value that the
// handler's coroutine owns; nothing of the transport shows.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "http/form.h"
#include "http/identity.h"

namespace assistd::http {

enum class Method { get, head, post, put, patch, del, options };
std::string_view name_of(Method method);

// Names compare without regard to case, as HTTP wants it.
struct HeaderNameLess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
};
using Headers = std::multimap<std::string, std::string, HeaderNameLess>;

struct Request {
    Method method = Method::get;
    std::string path;  // percent-decoded, without the query and without a trailing slash
    std::map<std::string, std::string, std::less<>> path_values;  // "{id}" of the route -> its decoded text
    // In the order given; percent-decoded; "key[]" is listed as "key".
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;
    // Set instead of `body` on routes that take large uploads: an unnamed file that holds the whole body.
    UniqueFd body_file;
    std::int64_t body_size = 0;
    Form form;         // on routes that take a form
    std::string peer;  // the client's address, from X-Forwarded-For when a trusted proxy says so
    std::string
        request_id;    // X-Request-ID or X-Correlation-ID as sent, else made here; stands in the reply too
    std::string user;  // whose request this is; "local" where the server needs no authentication
    Rights rights;     // what that user's credential allows
    std::shared_ptr<void> from_door;  // what RouteOptions::at_door gave
    std::stop_token gone;             // requested when the client has left

    // The value in the path; throws std::logic_error when the route has no such name.
    const std::string& path_value(std::string_view name) const;
    // The first value of a query key.
    std::optional<std::string> query_value(std::string_view key) const;
    std::optional<std::string> header(std::string_view name) const;
};

}  // namespace assistd::http
