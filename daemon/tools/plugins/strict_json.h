#pragma once
// JSON from people and plugins, read strictly: bounded depth, no key twice. And a look at whether a value is
// a JSON Schema. Any thread.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace assistd::tools {

inline constexpr int max_json_depth = 64;

// Throws Error{validation} with a sentence.
nlohmann::json parse_strictly(std::string_view text);

// Whether `text` is one JSON value of bounded depth; reads it without building it. `object`: it must be an
// object.
bool is_json(std::string_view text, bool object = false);

// Throws Error{validation} with a sentence that begins with `where` unless `schema` has the shape of a JSON
// Schema: known keywords have values of their types, all the way down. Unknown keywords are allowed, as JSON
// Schema has it.
void check_schema(const nlohmann::json& schema, const std::string& where);

}  // namespace assistd::tools
