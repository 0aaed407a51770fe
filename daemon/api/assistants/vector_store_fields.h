#pragma once
// Reads what requests say of vector stores, their files and searches. What is wrong is refused with an
// Error{validation} that names the field. Pure functions, but for files_of.

#include <optional>
#include <string>
#include <vector>

#include "api/openai/fields.h"
#include "api/services.h"
#include "core/knowledge.h"

namespace assistd::api::assistants {

// {"anchor": "last_active_at", "days": 1..365}; outer nothing: not given, inner nothing: null.
std::optional<std::optional<int>> read_expires_after(const openai::Fields& fields);
core::Chunking read_chunking(const openai::Fields& fields);
// At most 16 pairs of a string, number or boolean, as a JSON object; "{}" when there are none.
std::string read_attributes(const openai::Fields& fields);
std::vector<core::FileToIndex> read_file_ids(const openai::Fields& fields, std::size_t most,
                                             const std::string& attributes);
core::SearchRequest read_search(const openai::Fields& fields);

// Throws Error{not_found} that names the first file which the owner does not have.
Task<void> check_files(const Services& services, core::Owner owner, std::vector<core::FileToIndex> files);

ArtifactId read_file_id(const openai::Field& field);

}  // namespace assistd::api::assistants
