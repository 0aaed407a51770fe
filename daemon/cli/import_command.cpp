#include "cli/import_command.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace assistd::cli {

void add_import(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    CLI::App* all = app.add_subcommand("import", "Takes over what was kept elsewhere");
    all->require_subcommand(1);
    CLI::App* one = all->add_subcommand("openai-export", "What was exported from OpenAI's Assistants API");
    const auto options = std::make_shared<ImportOptions>();
    one->add_option("file", options->file,
                    "JSON lines; packaging/migrating-from-openai.md says how to get it")
        ->type_name("FILE")
        ->required();
    one->add_option("--map", options->map, "Where the new ids are kept; FILE.map otherwise")
        ->type_name("FILE");
    one->add_option("--model", options->model, "The model of every assistant; its own otherwise")
        ->type_name("MODEL");
    one->callback([options, &action] {
        action = [options](Context& context) { return import_openai(context, *options); };
    });
}

}  // namespace assistd::cli
