#include "base/error.h"

namespace assistd {
namespace {

struct Row {
    ErrorCode code;
    int status;
    std::string_view name;
};

constexpr Row table[] = {
    {ErrorCode::invalid_request, 400, "invalid_request"},
    {ErrorCode::unauthenticated, 401, "unauthenticated"},
    {ErrorCode::forbidden, 403, "forbidden"},
    {ErrorCode::not_found, 404, "not_found"},
    {ErrorCode::method_not_allowed, 405, "method_not_allowed"},
    {ErrorCode::timeout, 408, "timeout"},
    {ErrorCode::conflict, 409, "conflict"},
    {ErrorCode::length_required, 411, "length_required"},
    {ErrorCode::payload_too_large, 413, "payload_too_large"},
    {ErrorCode::uri_too_long, 414, "uri_too_long"},
    {ErrorCode::range_not_satisfiable, 416, "range_not_satisfiable"},
    {ErrorCode::expectation_failed, 417, "expectation_failed"},
    {ErrorCode::validation, 422, "validation"},
    {ErrorCode::context_too_long, 422, "context_too_long"},
    {ErrorCode::rate_limited, 429, "rate_limited"},
    {ErrorCode::headers_too_large, 431, "headers_too_large"},
    {ErrorCode::internal, 500, "internal"},
    {ErrorCode::not_implemented, 501, "not_implemented"},
    {ErrorCode::provider_failed, 502, "provider_failed"},
    {ErrorCode::unavailable, 503, "unavailable"},
    {ErrorCode::provider_timeout, 504, "provider_timeout"},
    {ErrorCode::http_version, 505, "http_version_not_supported"},
    {ErrorCode::cancelled, 499, "cancelled"},
};

const Row& row_of(ErrorCode code) {
    for (const Row& row : table)
        if (row.code == code) return row;
    return table[15];  // internal; every code has a row, tests/unit/base/error_test.cpp counts them
}

}  // namespace

int status_of(ErrorCode code) {
    return row_of(code).status;
}
std::string_view name_of(ErrorCode code) {
    return row_of(code).name;
}

ErrorCode code_of(std::string_view name) {
    for (const Row& row : table)
        if (row.name == name) return row.code;
    return ErrorCode::internal;
}

}  // namespace assistd
