#pragma once
// An assistant: a model with instructions and tools, by a name that people give it. Values, and the port that
// the store implements; any thread. What is another owner's is Error{not_found}, as is what does not exist.

#include <optional>
#include <string>

#include "base/async.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"
#include "core/listing.h"

namespace assistd::core {

struct Assistant {
    AssistantId id;
    Owner owner;
    std::string name;
    std::string description;
    std::string model;
    std::string instructions;
    // JSON text, checked by the door that took it and in OpenAI's form.
    std::string tools = "[]";
    std::string tool_resources = "{}";
    std::string metadata = "{}";
    std::string response_format;  // empty: any
    std::optional<double> temperature = {};
    std::optional<double> top_p = {};
    std::string reasoning_effort;  // empty: as the model likes
    Timestamp created_at;

    friend bool operator==(const Assistant&, const Assistant&) = default;
};

// Only the fields that are set are changed. `metadata` is merged (metadata.h).
struct AssistantChange {
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<std::string> model = {};
    std::optional<std::string> instructions = {};
    std::optional<std::string> tools = {};
    std::optional<std::string> tool_resources = {};
    std::optional<std::string> metadata = {};
    std::optional<std::string> response_format = {};
    std::optional<std::optional<double>> temperature = {};
    std::optional<std::optional<double>> top_p = {};
    std::optional<std::string> reasoning_effort = {};
};

class Assistants {
  public:
    virtual ~Assistants() = default;

    virtual Task<void> add(Assistant assistant) = 0;
    virtual Task<Assistant> find(Owner owner, AssistantId id) = 0;
    virtual Task<Slice<Assistant>> list(Owner owner, ListRange<AssistantId> range) = 0;
    virtual Task<Assistant> change(Owner owner, AssistantId id, AssistantChange change) = 0;
    virtual Task<void> remove(Owner owner, AssistantId id) = 0;
};

}  // namespace assistd::core
