#pragma once
// The target of a request, taken apart and decoded. A value.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistd::http {

struct Target {
    std::string authority;              // of an absolute-form target, as it was written; else empty
    bool asterisk = false;              // "*", which OPTIONS may ask about
    std::vector<std::string> segments;  // decoded; an encoded slash is a character of its segment
    std::string path;                   // the segments after a slash each, "/" when there is none
    std::string canonical;              // the path again, every segment written in the one encoded form
    std::vector<std::pair<std::string, std::string>> query;  // in order, decoded; "key[]" is listed as "key"
};

// Takes origin-form ("/a?b"), absolute-form ("http://host/a?b") and "*". Empty segments, also that of a
// trailing slash, are left out. Throws Error{invalid_request}.
Target parse_target(std::string_view text);

}  // namespace assistd::http
