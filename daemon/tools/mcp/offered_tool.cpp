#include "tools/mcp/offered_tool.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/mcp_origin.h"
#include "tools/schema.h"
#include "tools/tool_pattern.h"
#include "tools/tool_text.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

using Kind = OfferedTool::Kind;

struct Way {
    Kind kind;
    const char* name;
    const char* title;
    const char* description;
    const char* input_schema;
};

constexpr Way ways_to_resources[] = {
    {Kind::list_resources, "list_resources", "List resources",
     "Lists the resources that the server %s has to read, with their URIs, and templates for more of them.",
     R"({"type":"object","properties":{}})"},
    {Kind::read_resource, "read_resource", "Read a resource",
     "Reads a resource of the server %s. Text is given as it is; other content becomes a file.",
     R"({"type":"object","properties":{"uri":{"type":"string","minLength":1,"description":"As it is listed, or a template that is filled in."}},"required":["uri"]})"},
};
constexpr Way ways_to_prompts[] = {
    {Kind::list_prompts, "list_prompts", "List prompts",
     "Lists the prompts that the server %s has, which are texts for common tasks, with their arguments.",
     R"({"type":"object","properties":{}})"},
    {Kind::get_prompt, "get_prompt", "Get a prompt", "Gives the text of a prompt of the server %s.",
     R"({"type":"object","properties":{"name":{"type":"string","minLength":1},"arguments":{"type":"object","additionalProperties":{"type":"string"},"default":{},"description":"As the prompt's listing names them."}},"required":["name"]})"},
};

bool is_true(const Json& annotations, const char* name, bool otherwise) {
    const Json& value = member(annotations, name);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

// With the specification's defaults: what says nothing of itself may do harm.
core::ToolEffects effects_of(const Json& annotations) {
    core::ToolEffects effects;
    const bool reads_only = is_true(annotations, "readOnlyHint", false);
    effects.reads = true;
    effects.writes = !reads_only;
    effects.destructive = !reads_only && is_true(annotations, "destructiveHint", true);
    effects.idempotent = reads_only || is_true(annotations, "idempotentHint", false);
    effects.network = is_true(annotations, "openWorldHint", true);
    return effects;
}

core::ToolSpec spec_for(const Offering& offering) {
    core::ToolSpec spec;
    spec.category = "mcp";
    spec.plugin = "mcp." + offering.server;
    spec.plugin_version = offering.version;
    spec.time_limit = offering.time_limit;
    return spec;
}

// Daemons that know each other in a row are few; a longer path is not told on.
constexpr std::size_t longest_path = 8;
constexpr std::size_t longest_instance = 64;

std::vector<std::string> path_of(const Json& tool, const Offering& offering) {
    std::vector<std::string> path;
    if (!offering.instance.empty()) path.push_back(excerpt(offering.instance, longest_instance));
    const Json& told = member(member(tool, "_meta"), mcp_came_through_key);
    if (!told.is_array()) return path;
    for (const Json& one : told) {
        path.push_back(one.is_string() ? excerpt(one.get<std::string>(), longest_instance) : "");
        if (path.size() > longest_path) break;
    }
    return path;
}

// Another assistd's artifacts stay where they are: a handle of its is a text here, which names nothing of
// ours.
void make_handles_texts(Json& schema, const std::string& server) {
    if (schema.is_object()) {
        if (member(schema, "x-artifact-kinds").is_array()) schema.erase("x-artifact-kinds");
        if (const Json& format = member(schema, "format"); format == "artifact") {
            schema.erase("format");
            std::string about = text_in(schema, "description");
            if (!about.empty()) about = with_full_stop(std::move(about)) + ' ';
            schema["description"] =
                about + "A handle of the server " + server + ", which knows its own files only.";
        }
    }
    if (schema.is_structured())
        for (Json& part : schema) make_handles_texts(part, server);
}

std::string schema_text(Json schema, const std::string& server) {
    make_handles_texts(schema, server);
    return schema.dump();
}

// A schema for results that we cannot read is not worth a tool: then the results are taken as they are.
std::string output_schema(const Json& tool, const std::string& server) {
    const Json& schema = member(tool, "outputSchema");
    if (!schema.is_object()) return "{}";
    std::string text = schema_text(schema, server);
    try {
        const CompiledSchema compiled(text);
    } catch (const Error&) {
        return "{}";
    }
    return text;
}

bool same(const core::ToolSpec& one, const core::ToolSpec& other) {
    const auto parts = [](const core::ToolSpec& spec) {
        return std::tie(spec.name, spec.title, spec.description, spec.input_schema, spec.output_schema,
                        spec.plugin, spec.plugin_version, spec.time_limit, spec.effects.reads,
                        spec.effects.writes, spec.effects.network, spec.effects.destructive,
                        spec.effects.idempotent, spec.came_through);
    };
    return parts(one) == parts(other);
}

class Collection {
  public:
    Collection(const Offering& offering, const std::vector<OfferedTool>& before)
        : offering_(offering), before_(before) {}

    bool is_wanted(const std::string& own_name) const {
        const auto& patterns = offering_.patterns;
        return patterns.empty() ||
               std::any_of(patterns.begin(), patterns.end(),
                           [&](const std::string& pattern) { return fits(pattern, own_name); });
    }

    void add_own(const Json& tool, const std::string& own_name, const std::string& name) {
        core::ToolSpec spec = spec_for(offering_);
        spec.name = name;
        const Json& annotations = member(tool, "annotations");
        spec.title = excerpt(text_in(tool, "title"), longest_title);
        if (spec.title.empty()) spec.title = excerpt(text_in(annotations, "title"), longest_title);
        spec.description = excerpt(text_in(tool, "description"), longest_description);
        if (spec.description.empty()) spec.description = spec.title.empty() ? own_name : spec.title;
        const Json& input = member(tool, "inputSchema");
        if (!input.is_object())
            throw Error(ErrorCode::validation, "It has no input schema, which is to be an object.");
        spec.input_schema = schema_text(input, offering_.server);
        if (spec.input_schema.size() > longest_schema)
            throw Error(ErrorCode::validation,
                        "Its input schema has " + std::to_string(spec.input_schema.size()) +
                            " bytes, and may have " + std::to_string(longest_schema) + ".");
        if (told_ + told_of(spec) > most_told)
            throw Error(ErrorCode::validation,
                        "With it, more than " + std::to_string(most_told) +
                            " bytes would be told to models of this server's tools with every message; "
                            "tools in mcp.servers." +
                            offering_.server + " can choose among them.");
        const CompiledSchema compiled(spec.input_schema);
        spec.output_schema = output_schema(tool, offering_.server);
        spec.effects = effects_of(annotations);
        spec.came_through = path_of(tool, offering_);
        if (spec.came_through.size() > longest_path)
            throw Error(ErrorCode::validation,
                        "It comes through more than " + std::to_string(longest_path) + " daemons.");
        OfferedTool offered;
        offered.own_name = own_name;
        if (offering_.modern) offered.header_arguments = header_arguments(input);
        add(std::move(offered), std::move(spec));
    }

    void add_way(const Way& way) {
        if (!is_wanted(way.name)) return;
        core::ToolSpec spec = spec_for(offering_);
        spec.name = clean_name(offering_.prefix, way.name);
        if (names_.contains(spec.name)) return;  // the server's own wins
        spec.title = way.title;
        spec.description = way.description;
        spec.description.replace(spec.description.find("%s"), 2, offering_.server);
        spec.input_schema = way.input_schema;
        spec.effects.reads = spec.effects.idempotent = spec.effects.network = true;
        spec.came_through = path_of(Json(), offering_);
        OfferedTool offered;
        offered.kind = way.kind;
        offered.own_name = way.name;
        add(std::move(offered), std::move(spec));
    }

    void refuse(const std::string& own_name, const std::string& why) {
        const char* end = why.ends_with('.') ? "" : ".";
        all_.refusals.push_back("The tool " + excerpt(own_name, 100) + " is refused: " + why + end);
    }

    // What is configured in vain is seldom meant so.
    void tell_idle_patterns(const std::map<std::string, const Json*>& listed) {
        std::set<std::string> own_names;
        for (const auto& [name, tool] : listed) own_names.insert(name);
        if (offering_.has_resources)
            for (const Way& way : ways_to_resources) own_names.insert(way.name);
        if (offering_.has_prompts)
            for (const Way& way : ways_to_prompts) own_names.insert(way.name);
        for (const std::string& pattern : offering_.patterns)
            if (std::none_of(own_names.begin(), own_names.end(),
                             [&](const std::string& name) { return fits(pattern, name); }))
                all_.refusals.push_back("mcp.servers." + offering_.server + ".tools names \"" + pattern +
                                        "\", which fits none of its tools.");
    }

    // Daemons that lend each other their tools would else lend the same ones back and forth for ever, with
    // longer and longer names.
    bool is_our_own(const Json& tool) {
        const std::vector<std::string> path = path_of(tool, offering_);
        const std::string& own = offering_.own_instance;
        const bool is_ours = !own.empty() && std::find(path.begin(), path.end(), own) != path.end();
        if (is_ours) ++our_own_;
        return is_ours;
    }

    OfferedTools take() {
        if (our_own_ > 0)
            all_.refusals.push_back("It lends " + std::to_string(our_own_) +
                                    " of this daemon's own tools back; they are left out.");
        return std::move(all_);
    }

  private:
    void add(OfferedTool offered, core::ToolSpec spec) {
        names_.insert(spec.name);
        told_ += told_of(spec);
        const auto known = std::find_if(before_.begin(), before_.end(),
                                        [&](const OfferedTool& old) { return same(*old.spec, spec); });
        offered.spec =
            known != before_.end() ? known->spec : std::make_shared<core::ToolSpec>(std::move(spec));
        all_.tools.push_back(std::move(offered));
    }

    const Offering& offering_;
    const std::vector<OfferedTool>& before_;
    std::set<std::string> names_;
    std::size_t told_ = 0;
    std::size_t our_own_ = 0;
    OfferedTools all_;
};

}  // namespace

OfferedTools offered_tools(const std::vector<Json>& listed, const Offering& offering, ToolNames& names,
                           const std::vector<OfferedTool>& before) {
    Collection all(offering, before);
    std::map<std::string, const Json*> tools;
    for (const Json& tool : listed) {
        const std::string own_name = text_in(tool, "name");
        if (own_name.empty())
            all.refuse("without a name", "it needs one.");
        else if (!tools.emplace(own_name, &tool).second)
            all.refuse(own_name, "the server lists it twice; the first one counts.");
    }
    all.tell_idle_patterns(tools);
    std::erase_if(tools,
                  [&](const auto& one) { return !all.is_wanted(one.first) || all.is_our_own(*one.second); });
    std::set<std::string> own_names;
    for (const auto& [own_name, tool] : tools) own_names.insert(own_name);
    const std::map<std::string, std::string> named = names.name_all(own_names);
    for (const auto& [own_name, tool] : tools) {
        try {
            all.add_own(*tool, own_name, named.at(own_name));
        } catch (const Error& error) {
            all.refuse(own_name, excerpt(error.what(), 300));
        }
    }
    if (offering.has_resources)
        for (const Way& way : ways_to_resources) all.add_way(way);
    if (offering.has_prompts)
        for (const Way& way : ways_to_prompts) all.add_way(way);
    return all.take();
}

}  // namespace assistd::tools::mcp
