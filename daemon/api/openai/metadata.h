#pragma once
// Reads metadata: at most 16 pairs, names of up to 64 and texts of up to 512 characters. Pure functions.

#include <optional>
#include <string>

#include "api/openai/fields.h"

namespace assistd::api::openai {

// Of something new: a JSON object. Pairs that are null are none.
std::string read_metadata(const Fields& fields);

// Of a change, for core::merged_metadata: a null takes a pair away, null instead of the object all of them.
// Nothing when the field is absent.
std::optional<std::string> read_metadata_patch(const Fields& fields);

// As this door shows it: other doors keep values that are no texts, and these are written as JSON.
Json render_metadata(const std::string& metadata);

}  // namespace assistd::api::openai
