#include "core/prompt_builder.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/one_line.h"
#include "base/time.h"
#include "core/tokens.h"

namespace assistd::core {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

struct PromptBuilder::Parsed {
    mustache system;
    mustache tools;
    mustache final_answer;
    mustache title;
    mustache summary;
};

namespace {

constexpr std::size_t max_cached = 64;

// The texts are for models and no HTML: nothing is escaped.
mustache parse(const PromptTemplates& templates, const std::string& name, const Vocabulary& vocabulary,
               const std::vector<std::string_view>& needed = {}) {
    const auto found = templates.find(name);
    if (found == templates.end())
        throw Error(ErrorCode::validation, "The prompt " + name + ".mustache is missing.");
    check_template(found->second, vocabulary, needed);
    mustache parsed(found->second.text);
    if (!parsed.is_valid())
        throw Error(ErrorCode::validation,
                    found->second.place + ": the prompt cannot be read: " + parsed.error_message() + ".");
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
        entry.set("category", one_line(category));
        entry.set("tools", tools_of_it);
        list.push_back(entry);
    }
    return list;
}

// As JSON on one line, a text in quotation marks: where it ends is never in doubt.
std::string one_line_json(const nlohmann::ordered_json& value) {
    return one_line(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

data facts_of(const Project& project) {
    data list{data::type::list};
    const auto facts = nlohmann::ordered_json::parse(project.facts, nullptr, false);
    if (!facts.is_object()) return list;
    for (const auto& [name, value] : facts.items()) {
        data entry;
        entry.set("name", one_line_json(name));
        entry.set("value", one_line_json(value));
        list.push_back(entry);
    }
    return list;
}

// What the user wrote stands in quotation marks, so that it cannot look like a part of the prompt.
data values_of(const Project& project) {
    data values;
    values.set("name", one_line_json(project.name));
    if (!project.description.empty()) values.set("description", one_line_json(project.description));
    values.set("facts", facts_of(project));
    values.set("numbers", text_of(project.numbers));
    return values;
}

std::string weekday_of(std::chrono::sys_days day) {
    constexpr std::string_view names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                          "Thursday", "Friday", "Saturday"};
    return std::string(names[std::chrono::weekday(day).c_encoding()]);
}

// Everything that a rendering depends on beside the tools.
std::string key_of(const PromptFacts& facts) {
    std::string project;
    if (facts.project)
        project = fmt::format("{} {} {}", facts.project->id.text(), to_micros(facts.project->updated_at),
                              text_of(facts.project->numbers));
    return fmt::format("{}\n{}\n{}\n{}", facts.day.time_since_epoch().count(), facts.user, project,
                       facts.instructions);
}

void trim_end(std::string& text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

PromptBuilder::PromptBuilder(const PromptTemplates& templates)
    : parsed_(new Parsed{
          parse(templates, "system",
                {{"", {"instructions", "tools", "user", "date", "weekday", "project"}},
                 {"project", {"name", "description", "facts", "numbers"}},
                 {"facts", {"name", "value"}}}),
          parse(templates, "tools", {{"", {"categories"}}, {"categories", {"category", "tools"}}}),
          parse(templates, "final_answer", {}),
          parse(templates, "title", {{"", {"question", "answer"}}}, {"question"}),
          parse(templates, "summary", {{"", {"previous", "conversation"}}}, {"conversation", "previous"})}) {}

PromptBuilder::~PromptBuilder() = default;

std::shared_ptr<const SystemPrompt> PromptBuilder::system(const PromptFacts& facts,
                                                          const ToolSet& tools) const {
    if (facts.plain) {
        const std::int64_t tokens = estimate_tokens(facts.instructions) + estimate_tokens(tools);
        return std::make_shared<const SystemPrompt>(SystemPrompt{facts.instructions, tokens});
    }
    const std::lock_guard lock(mutex_);  // kainjow's render() is not for two threads
    if (cache_.size() >= max_cached) cache_.clear();
    auto& rendering = cache_[std::to_string(tools.version) + ' ' + key_of(facts)];
    if (rendering) return rendering;
    data values;
    if (!facts.instructions.empty()) values.set("instructions", facts.instructions);
    if (!tools.tools.empty()) {
        data of_tools;
        of_tools.set("categories", categories_of(tools));
        std::string text = parsed_->tools.render(of_tools);
        trim_end(text);
        values.set("tools", text);
    }
    values.set("user", one_line(facts.user));
    values.set("date", to_iso8601(facts.day));
    values.set("weekday", weekday_of(facts.day));
    if (facts.project) values.set("project", values_of(*facts.project));
    SystemPrompt prompt{parsed_->system.render(values), 0};
    trim_end(prompt.text);
    prompt.tokens = estimate_tokens(prompt.text) + estimate_tokens(tools);
    rendering = std::make_shared<const SystemPrompt>(std::move(prompt));
    return rendering;
}

std::string PromptBuilder::final_answer() const {
    const std::lock_guard lock(mutex_);
    std::string text = parsed_->final_answer.render(data());
    trim_end(text);
    return text;
}

std::string PromptBuilder::title_request(const std::string& question, const std::string& answer) const {
    data values;
    values.set("question", question);
    values.set("answer", answer);
    const std::lock_guard lock(mutex_);
    return parsed_->title.render(values);
}

std::string PromptBuilder::summary_request(const std::string& previous,
                                           const std::string& dropped_text) const {
    data values;
    if (!previous.empty()) values.set("previous", previous);
    values.set("conversation", dropped_text);
    const std::lock_guard lock(mutex_);
    return parsed_->summary.render(values);
}

}  // namespace assistd::core
