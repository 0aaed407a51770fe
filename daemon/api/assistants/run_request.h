#pragma once
// What a run asks for: the assistant's settings, with those of the run in place of them where it has its own.

#include <string>

#include "api/assistants/run_objects.h"
#include "api/openai/fields.h"
#include "api/services.h"
#include "core/asker.h"
#include "core/assistant.h"
#include "core/turn_options.h"

namespace assistd::api::assistants {

struct RunRequest {
    std::string model;
    core::TurnOptions options;
    std::string metadata = "{}";
    bool stream = false;
    std::string request_id;
    core::CameBy by;
};

// Takes a run's own tool_resources in place of the assistant's. Throws Error{validation} for a vector store
// that the owner does not have.
Task<void> take_resources(const Services& services, core::Owner owner, openai::Fields body, RunRequest& run);

// Throws Error{validation} that names the field, and Error{not_found} for an assistant that there is not. The
// vector stores are the assistant's; those of the thread are still to be added.
Task<RunRequest> read_run(const Services& services, core::Owner owner, openai::Fields body);

}  // namespace assistd::api::assistants
