#pragma once
// Renders the texts that the daemon itself says to models, from prompts/*.mustache. Immutable after
// construction apart from a cache; any thread.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/tool.h"

namespace assistd::core {

// The templates by file name without its ending ("system").
using PromptTemplates = std::map<std::string, std::string, std::less<>>;
// Those of prompts/, built into the binary.
const PromptTemplates& built_in_prompts();

struct PromptFacts {
    std::string instructions;  // an assistant's own; empty: the default ones
    std::string project_id;    // empty: none
};

struct SystemPrompt {
    std::string text;
    std::int64_t tokens = 0;  // about what the text and the tools cost
};

class PromptBuilder {
  public:
    // Throws Error{validation} when a template is missing or does not parse.
    explicit PromptBuilder(const PromptTemplates& templates);
    ~PromptBuilder();
    PromptBuilder(const PromptBuilder&) = delete;
    PromptBuilder& operator=(const PromptBuilder&) = delete;

    // The same facts and tools give the same bytes, so that providers can cache the prompt.
    std::shared_ptr<const SystemPrompt> system(const PromptFacts& facts, const ToolSet& tools) const;
    // Added when the turn's budget is used up and an answer is wanted without tools.
    std::string final_answer() const;

  private:
    struct Parsed;
    std::unique_ptr<Parsed> parsed_;
    mutable std::mutex mutex_;
    // Renderings of the newest tool set, by instructions and project.
    mutable std::uint64_t cached_version_ = 0;
    mutable std::map<std::pair<std::string, std::string>, std::shared_ptr<const SystemPrompt>> cache_;
};

}  // namespace assistd::core
