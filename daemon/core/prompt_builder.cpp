#include "core/prompt_builder.h"

#include <kainjow/mustache.hpp>
#include <set>

#include "base/error.h"
#include "core/tokens.h"

namespace assistd::core {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

struct PromptBuilder::Parsed {
    mustache system;
    mustache final_answer;
};

namespace {

constexpr std::size_t max_cached = 64;

// The texts are for models and no HTML: nothing is escaped.
mustache parse(const PromptTemplates& templates, const std::string& name) {
    const auto found = templates.find(name);
    if (found == templates.end())
        throw Error(ErrorCode::validation, "The prompt " + name + ".mustache is missing.");
    mustache parsed(found->second);
    if (!parsed.is_valid())
        throw Error(ErrorCode::validation,
                    "The prompt " + name + ".mustache cannot be read: " + parsed.error_message());
    parsed.set_custom_escape([](const std::string& text) { return text; });
    return parsed;
}

data categories_of(const ToolSet& tools) {
    std::map<std::string, std::string> names;  // by category
    for (const auto& tool : tools.tools) {
        std::string& list = names[tool->category];
        if (!list.empty()) list += ", ";
        list += tool->name;
    }
    data list{data::type::list};
    for (const auto& [category, tools_of_it] : names) {
        data entry;
        entry.set("category", category);
        entry.set("tools", tools_of_it);
        list.push_back(entry);
    }
    return list;
}

}  // namespace

PromptBuilder::PromptBuilder(const PromptTemplates& templates)
    : parsed_(new Parsed{parse(templates, "system"), parse(templates, "final_answer")}) {}

PromptBuilder::~PromptBuilder() = default;

std::shared_ptr<const SystemPrompt> PromptBuilder::system(const PromptFacts& facts,
                                                          const ToolSet& tools) const {
    const std::lock_guard lock(mutex_);  // kainjow's render() is not for two threads
    if (cached_version_ != tools.version || cache_.size() >= max_cached) {
        cache_.clear();
        cached_version_ = tools.version;
    }
    auto& rendering = cache_[{facts.instructions, facts.project_id}];
    if (!rendering) {
        data values;
        if (!facts.instructions.empty()) values.set("instructions", facts.instructions);
        if (!facts.project_id.empty()) values.set("project", facts.project_id);
        values.set("has_tools", !tools.tools.empty());
        values.set("categories", categories_of(tools));
        SystemPrompt prompt{parsed_->system.render(values), 0};
        prompt.tokens = estimate_tokens(prompt.text) + estimate_tokens(tools);
        rendering = std::make_shared<const SystemPrompt>(std::move(prompt));
    }
    return rendering;
}

std::string PromptBuilder::final_answer() const {
    const std::lock_guard lock(mutex_);
    return parsed_->final_answer.render(data());
}

}  // namespace assistd::core
