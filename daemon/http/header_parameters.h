#pragma once
// Headers of the form  value; name=text; name="quoted text"  (Content-Type, Content-Disposition). Values and
// a pure function; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistd::http {

struct ParameterizedHeader {
    std::string value;                                            // in small letters
    std::vector<std::pair<std::string, std::string>> parameters;  // their names in small letters

    const std::string* find(std::string_view name) const;  // null when there is none
};

// Nothing when the header is malformed or names a parameter twice. In a quoted text only quotes and
// backslashes are escaped by a backslash: some programs send whole paths of Windows.
std::optional<ParameterizedHeader> parse_parameters(std::string_view header);

}  // namespace assistd::http
