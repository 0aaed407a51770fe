#include "cli/assistants.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>
#include <ostream>

#include "cli/output.h"

namespace assistd::cli {
namespace {

struct Chosen {
    ListOptions list;
    std::string id;
    std::string name;
    std::string model;
    std::string instructions;
    std::string description;
    std::vector<std::string> tools;
};

std::string path_to(const std::string& assistant) {
    if (assistant.empty()) throw Failure(ExitCode::usage, "The assistant's id must not be empty.");
    return "/assistants/" + HttpClient::escaped(assistant);
}

// The functions by their names, the other tools by their types.
std::string tools_of(const Json& assistant) {
    std::string names;
    for (const Json& tool : assistant.value("tools", Json::array())) {
        const std::string function = field(tool.value("function", Json::object()), "name");
        names += (names.empty() ? "" : ", ") + (function.empty() ? field(tool, "type") : function);
    }
    return names;
}

ExitCode list(Context& context, const Chosen& chosen) {
    const Json page = context.api.get("/assistants" + query_of(chosen.list, ""));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"ID", "CREATED", "MODEL", "NAME"}};
    for (const Json& item : page.value("assistants", Json::array()))
        rows.push_back(
            {field(item, "id"), when(field(item, "created_at")), field(item, "model"), field(item, "name")});
    print_list(context, page, rows, "There are no assistants.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode create(Context& context, const Chosen& chosen) {
    Json body = {{"name", chosen.name}, {"model", chosen.model}};
    if (!chosen.instructions.empty()) body["instructions"] = chosen.instructions;
    if (!chosen.description.empty()) body["description"] = chosen.description;
    Json tools = Json::array();
    for (const std::string& name : chosen.tools) {
        if (name == "file_search")
            tools.push_back({{"type", name}});
        else
            tools.push_back({{"type", "function"}, {"function", {{"name", name}}}});
    }
    if (!tools.empty()) body["tools"] = tools;
    const Json made = context.api.post("/assistants", body);
    if (!as_json(context, made))
        context.out << harmless("Made " + field(made, "name") + " (" + field(made, "id") + ").") << '\n';
    return ExitCode::good;
}

ExitCode show(Context& context, const Chosen& chosen) {
    const Json about = context.api.get(path_to(chosen.id));
    if (as_json(context, about)) return ExitCode::good;
    print_fields(context, {{"id", field(about, "id")},
                           {"name", field(about, "name")},
                           {"description", field(about, "description")},
                           {"model", field(about, "model")},
                           {"tools", tools_of(about)},
                           {"temperature", field(about, "temperature")},
                           {"top_p", field(about, "top_p")},
                           {"reasoning effort", field(about, "reasoning_effort")},
                           {"created", when(field(about, "created_at"))}});
    const std::string instructions = field(about, "instructions");
    if (!instructions.empty())
        context.out << "\nInstructions\n" << paragraph(context, instructions, 2) << '\n';
    return ExitCode::good;
}

ExitCode remove(Context& context, const Chosen& chosen) {
    context.api.remove(path_to(chosen.id));
    if (!as_json(context, {{"id", chosen.id}, {"deleted", true}}))
        context.out << harmless("Deleted " + chosen.id + ".") << '\n';
    return ExitCode::good;
}

}  // namespace

void add_assistants(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    const auto chosen = std::make_shared<Chosen>();
    const auto command = [&action, chosen](CLI::App& parent, const char* name, const char* help, auto run) {
        CLI::App* made = parent.add_subcommand(name, help);
        made->callback([&action, chosen, run] {
            action = [chosen, run](Context& context) { return run(context, *chosen); };
        });
        return made;
    };
    CLI::App* all =
        app.add_subcommand("assistants", "Lists, makes, shows and deletes assistants; alone it lists them");
    all->require_subcommand(0, 1);
    all->callback([&action, chosen] {  // runs after the callback of a command in it
        if (!action) action = [chosen](Context& context) { return list(context, *chosen); };
    });
    CLI::App* lists = command(*all, "list", "Newest first", list);
    lists->add_option("--limit", chosen->list.limit, "How many")->check(CLI::Range(1, 100));
    lists->add_option("--cursor", chosen->list.cursor, "The next page, as the last one told it");
    CLI::App* creates = command(*all, "create", "Makes an assistant", create);
    creates->add_option("name", chosen->name, "Its name")->required();
    creates->add_option("--model", chosen->model, "That answers: MODEL or PROVIDER:MODEL")
        ->type_name("MODEL")
        ->required();
    creates->add_option("--instructions", chosen->instructions, "What it is told in every conversation");
    creates->add_option("--description", chosen->description, "What it is for");
    creates->add_option("--tool", chosen->tools, "A tool that it may use; may be repeated")
        ->type_name("TOOL")
        ->take_all();
    const auto on_one = [&](const char* name, const char* help, auto run) {
        command(*all, name, help, run)
            ->add_option("assistant", chosen->id, "Its id")
            ->type_name("ASSISTANT")
            ->required();
    };
    on_one("show", "An assistant with its instructions", show);
    on_one("delete", "Deletes it; what it said in conversations stays", remove);
}

}  // namespace assistd::cli
