#include "http/request.h"

#include <strings.h>

#include <algorithm>
#include <stdexcept>

namespace assistd::http {

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
    }
    throw std::logic_error("a method without a name");
}

bool HeaderNameLess::operator()(std::string_view a, std::string_view b) const {
    const int order = strncasecmp(a.data(), b.data(), std::min(a.size(), b.size()));
    return order < 0 || (order == 0 && a.size() < b.size());
}

const std::string& Request::path_value(std::string_view name) const {
    const auto found = path_values.find(name);
    if (found == path_values.end()) throw std::logic_error("the route has no value " + std::string(name));
    return found->second;
}

std::optional<std::string> Request::query_value(std::string_view key) const {
    for (const auto& [name, value] : query)
        if (name == key) return value;
    return std::nullopt;
}

std::optional<std::string> Request::header(std::string_view name) const {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second;
}

}  // namespace assistd::http
