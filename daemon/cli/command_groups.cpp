#include "cli/command_groups.h"

namespace assistd::cli {

CLI::App* command(CLI::App& parent, Options& options, const std::string& name, const std::string& help,
                  std::function<ExitCode(Context&)> action) {
    CLI::App* made = parent.add_subcommand(name, help);
    made->callback([&options, action = std::move(action)] { options.action = action; });
    return made;
}

CLI::App* group(CLI::App& app, Options& options, const std::string& name, const std::string& help,
                std::function<ExitCode(Context&)> list) {
    CLI::App* made = app.add_subcommand(name, help + "; alone it lists them");
    made->require_subcommand(0, 1);
    made->callback([&options, list = std::move(list)] {  // runs after the callback of a command in it
        if (!options.action) options.action = list;
    });
    return made;
}

void add_list_options(CLI::App* list, Options& options) {
    list->add_option("--limit", options.list.limit, "How many")->check(CLI::Range(1, 100));
    list->add_option("--cursor", options.list.cursor, "The next page, as the last one told it");
}

void add_whose_options(CLI::App* list, Options& options) {
    CLI::Option* user =
        list->add_option("--user", options.list.user, "Whose, for administrators; your own otherwise");
    user->type_name("USER");
    list->add_flag("--all-users", options.list.all_users, "Everybody's, for administrators")->excludes(user);
}

void add_documents(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_documents(context, options.list); };
    CLI::App* all = group(app, options, "documents",
                          "Adds, lists, searches and deletes documents that answers rest on", lists);
    CLI::App* list = command(*all, options, "list", "Newest first", lists);
    add_list_options(list, options);
    list->add_option("--status", options.list.filter, "Only those that are so")
        ->type_name("{in_progress,completed,failed,cancelled}");
    CLI::App* add = command(*all, options, "add", "Uploads documents, and waits until they can be searched",
                            [&](Context& context) { return add_documents(context, options.files); });
    add->add_option("file", options.files, "pdf, docx, html, rtf, md, txt, csv or json")
        ->type_name("FILE")
        ->required();
    CLI::App* search = command(*all, options, "search", "The passages that fit best", [&](Context& context) {
        return search_documents(context, options.name, options.list.limit);
    });
    search->add_option("query", options.name, "What to look for")->required();
    search->add_option("--limit", options.list.limit, "How many")->check(CLI::Range(1, 50));
    command(*all, options, "show", "How a document came out",
            [&](Context& context) { return show_document(context, options.name); })
        ->add_option("id", options.name, "art_…")
        ->type_name("DOCUMENT")
        ->required();
    command(*all, options, "delete", "Deletes a document",
            [&](Context& context) { return delete_document(context, options.name); })
        ->add_option("id", options.name, "art_…")
        ->type_name("DOCUMENT")
        ->required();
}

void add_studies(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_studies(context, options.list); };
    CLI::App* all = group(app, options, "studies", "Runs a tool many times over a grid of parameters", lists);
    CLI::App* list = command(*all, options, "list", "Newest first", lists);
    add_list_options(list, options);
    list->add_option("--state", options.list.filter, "Only those that are so")
        ->type_name("{running,completed,completed_with_errors,cancelled}");
    add_whose_options(list, options);
    CLI::App* create = command(*all, options, "create", "Begins a study",
                               [&](Context& context) { return create_study(context, options.study); });
    create->add_option("tool", options.study.tool, "The tool, such as run_dla_simulation")
        ->type_name("TOOL")
        ->required();
    create->add_option("--set", options.study.same, "NAME=VALUE, the same for every run; may be repeated")
        ->take_all();
    create->add_option("--vary", options.study.varied, "NAME=VALUE,VALUE,...; every combination is run")
        ->take_all();
    create->add_option("--seeds", options.study.seeds, "How often each combination is run, with other seeds")
        ->capture_default_str();
    create->add_option("--then", options.study.then, "A tool that works on what each run made")
        ->type_name("TOOL");
    create->add_option("--name", options.study.name, "A name for people");
    create->add_option("--project", options.study.project, "Its project, by name or id")
        ->type_name("PROJECT");
    create->add_flag("--wait", options.study.wait, "Shows how far it is until it has ended");
    const auto on_one = [&](const std::string& name, const std::string& help, auto run) {
        CLI::App* made = command(*all, options, name, help,
                                 [&options, run](Context& context) { return run(context, options); });
        made->add_option("study", options.name, "Its id, its name or its table, such as study-2")
            ->type_name("STUDY")
            ->required();
        return made;
    };
    on_one("show", "How far it is",
           [](Context& context, const Options& chosen) { return show_study(context, chosen.name); });
    CLI::App* runs = on_one("runs", "The runs that have ended", [](Context& context, const Options& chosen) {
        return list_study_runs(context, chosen.name, chosen.list);
    });
    add_list_options(runs, options);
    runs->add_option("--state", options.list.filter, "Only those that are so")
        ->type_name("{completed,failed}");
    CLI::App* results =
        on_one("results", "Mean, spread and range of what the runs reported",
               [](Context& context, const Options& chosen) {
                   return show_study_results(context, chosen.name, chosen.metrics, chosen.csv);
               });
    results->add_option("--metric", options.metrics, "Only this number, such as df; may be repeated")
        ->take_all();
    results->add_flag("--csv", options.csv, "Comma-separated values");
    on_one("cancel", "Ends it; what was done is kept",
           [](Context& context, const Options& chosen) {
               return cancel_study(context, chosen.name, chosen.list.user);
           })
        ->add_option("--user", options.list.user, "Whose, for administrators; then its id")
        ->type_name("USER");
    on_one("retry", "Runs again what failed or was not reached",
           [](Context& context, const Options& chosen) { return retry_study(context, chosen.name); });
    on_one("delete", "Deletes it; what its runs made stays",
           [](Context& context, const Options& chosen) { return delete_study(context, chosen.name); });
}

}  // namespace assistd::cli
