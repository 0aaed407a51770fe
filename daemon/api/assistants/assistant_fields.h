#pragma once
// Reads what an assistant is to be like, under the limits of OpenAI's API. Both doors that make assistants
// use it. Throws Error{validation} for the first field that is wrong.

#include "api/openai/fields.h"
#include "api/services.h"
#include "core/assistant.h"

namespace assistd::api::assistants {

// A new one, with an id and the present time.
core::Assistant read_assistant(const Services& services, const core::Owner& owner,
                               const openai::Fields& fields);

// null takes away what an assistant has, but for its model.
core::AssistantChange read_assistant_change(const Services& services, const openai::Fields& fields);

// Whether a plugin has made the tool available that assistd itself does not have.
bool has_code_interpreter(const Services& services);

}  // namespace assistd::api::assistants
