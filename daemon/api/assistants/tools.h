#pragma once
// Reads the tools of an assistant or a run, and the form that its replies shall have. What is returned is
// JSON text as it is stored and shown. Pure functions.

#include <string>

#include "api/openai/fields.h"

namespace assistd::api::assistants {

inline constexpr std::size_t most_tools = 128;

// The field "tools": a list. code_interpreter is refused unless a plugin offers it.
std::string read_tools(const openai::Fields& fields, bool has_code_interpreter,
                       std::size_t most = most_tools);
[[noreturn]] void refuse_code_interpreter(const openai::Fields& tool);  // that no plugin offers

// The field "response_format"; empty for "auto" and when it is absent.
std::string read_response_format(const openai::Fields& fields);

// As it is shown: "auto" or the object.
openai::Json render_response_format(const std::string& stored);

// The field "tool_resources": ids of files and of vector stores, which nobody has looked for yet
// (thread_files.h). `new_stores`: whether stores may be described that are to be made.
std::string read_tool_resources(const openai::Fields& fields, bool new_stores);

}  // namespace assistd::api::assistants
