#pragma once
// Says in whole sentences for people and models why a JSON value does not fit a JSON Schema: each sentence
// names the field, the bound and what stands there instead. Pure functions; any thread.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace assistd::tools {

// What the checked value is called.
struct Wording {
    std::string whole;   // "The arguments": the value itself
    std::string member;  // "an argument of greet": what its members are
};
Wording wording_of_arguments(std::string_view tool);
Wording wording_of_result(std::string_view tool);

// One entry for each field that breaks a rule; empty when none of the rules that it knows is broken. It knows
// all of draft 7 except content encodings and references to other documents.
std::vector<FieldError> explain(const nlohmann::json& schema, const nlohmann::json& value,
                                const Wording& wording);

// The schema itself, or what its local "$ref" ("#/definitions/size") names in `root`.
const nlohmann::json& resolve(const nlohmann::json& root, const nlohmann::json& schema);

}  // namespace assistd::tools
