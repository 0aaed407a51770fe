#pragma once
// Renders the texts that the daemon itself says to models, from prompts/*.mustache. Immutable after
// construction apart from a cache; any thread.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/project.h"
#include "core/prompt_template.h"
#include "core/tool.h"

namespace assistd::core {

// The templates by file name without its ending ("system").
using PromptTemplates = std::map<std::string, PromptTemplate, std::less<>>;
// Those of prompts/, built into the binary.
const PromptTemplates& built_in_prompts();

// What a turn's system prompt says beside the tools. The day has no clock, and a project is as it was when
// the conversation was first taken up that day (turn_facts.h), so that providers find the prompt in their
// caches.
struct PromptFacts {
    std::string instructions;  // an assistant's own; empty: the default ones
    bool plain = false;        // the instructions are the whole prompt, also when they are empty
    Owner user;
    std::chrono::sys_days day{};
    std::shared_ptr<const Project> project;  // null: none
};

struct SystemPrompt {
    std::string text;
    std::int64_t tokens = 0;  // about what the text and the tools cost
};

class PromptBuilder {
  public:
    // Throws Error{validation} when a template is missing, does not parse or has names that mean nothing.
    explicit PromptBuilder(const PromptTemplates& templates);
    ~PromptBuilder();
    PromptBuilder(const PromptBuilder&) = delete;
    PromptBuilder& operator=(const PromptBuilder&) = delete;

    // The same facts and tools give the same bytes. What changes least stands first.
    std::shared_ptr<const SystemPrompt> system(const PromptFacts& facts, const ToolSet& tools) const;
    // Said last when the turn's budget is used up and an answer is wanted without tools.
    std::string final_answer() const;
    // Asks for a title of an exchange.
    std::string title_request(const std::string& question, const std::string& answer) const;
    // Asks for a summary of what a context has no room for; `previous` is the summary of what came before it,
    // or empty.
    std::string summary_request(const std::string& previous, const std::string& dropped_text) const;

  private:
    struct Parsed;
    std::unique_ptr<Parsed> parsed_;
    mutable std::mutex mutex_;
    // Renderings by the tool set's version and the facts; not all users have the same tools.
    mutable std::map<std::string, std::shared_ptr<const SystemPrompt>> cache_;
};

}  // namespace assistd::core
