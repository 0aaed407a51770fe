#include "cli/command_tree.h"

#include "cli/accounts.h"
#include "cli/assistants.h"
#include "cli/bench_command.h"
#include "cli/data_commands.h"
#include "cli/import_command.h"
#include "cli/limits.h"

namespace assistd::cli {
namespace {

void add_turns(CLI::App& app, Options& options) {
    CLI::App* one = command(app, options, "ask", "Asks once and shows the answer",
                            [&](Context& context) { return ask(context, options.ask); });
    one->add_option("text", options.ask.text, "What to ask; - reads it from standard input")->required();
    CLI::App* many = command(app, options, "chat", "Talks in a terminal; /help lists what can be typed",
                             [&](Context& context) { return chat(context, options.ask); });
    for (CLI::App* turns : {one, many}) {
        turns->add_option("-c,--conversation", options.ask.conversation, "Goes on with this conversation")
            ->type_name("CONVERSATION");
        turns->add_option("--project", options.ask.project, "The project to work in, by name or id")
            ->type_name("PROJECT");
        turns->add_option("--model", options.ask.model, "The model of a new conversation")
            ->type_name("MODEL");
        turns
            ->add_option("--attach", options.ask.attach,
                         "A file that goes with the first message; may be repeated")
            ->type_name("FILE")
            ->allow_extra_args(false);
    }
    CLI::App* again = command(app, options, "regenerate", "Answers a conversation's last message again",
                              [&](Context& context) { return regenerate(context, options.ask); });
    again->add_option("conversation", options.ask.conversation, "conv_…")
        ->type_name("CONVERSATION")
        ->required();
    for (CLI::App* turns : {one, many, again})
        turns->add_flag("--yes", options.ask.yes, "Allows every tool call that needs a person's approval");
}

void add_conversations(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_conversations(context, options.list); };
    CLI::App* all = group(app, options, "conversations",
                          "Lists, shows, renames, exports, archives and deletes conversations", lists);
    CLI::App* list = command(*all, options, "list", "Newest first", lists);
    add_list_options(list, options);
    list->add_option("--search", options.list.filter, "Only those with these words");
    list->add_option("--project", options.list.project, "Only those in this project")->type_name("PROJECT");
    list->add_flag("--archived", options.list.archived, "The archived ones instead");
    CLI::App* search = command(*all, options, "search", "Those with these words, newest first", lists);
    search->add_option("words", options.list.filter, "What to look for")->required();
    add_list_options(search, options);
    const auto on_one = [&](const std::string& name, const std::string& help, auto run) {
        CLI::App* made = command(*all, options, name, help,
                                 [&options, run](Context& context) { return run(context, options); });
        made->add_option("id", options.name, "conv_…")->type_name("CONVERSATION")->required();
        return made;
    };
    on_one("show", "A conversation with its messages",
           [](Context& context, const Options& chosen) { return show_conversation(context, chosen.name); });
    on_one("rename", "Gives a conversation a title",
           [](Context& context, const Options& chosen) {
               return rename_conversation(context, chosen.name, chosen.title);
           })
        ->add_option("title", options.title, "Its new title")
        ->required();
    CLI::App* exports =
        on_one("export", "A whole conversation as a text", [](Context& context, const Options& chosen) {
            return export_conversation(context, chosen.name, context.json ? "json" : chosen.format,
                                       chosen.file);
        });
    exports->add_option("--format", options.format, "markdown, or json as the API has it")
        ->check(CLI::IsMember({"markdown", "json"}))
        ->capture_default_str();
    exports->add_option("-o,--output", options.file, "Where to; standard output otherwise")
        ->type_name("FILE");
    on_one("delete", "Deletes a conversation and what belongs to it",
           [](Context& context, const Options& chosen) { return delete_conversation(context, chosen.name); });
    on_one("archive", "Archives a conversation", [](Context& context, const Options& chosen) {
        return archive_conversation(context, chosen.name);
    });
    on_one(
        "unarchive", "Takes a conversation out of the archive",
        [](Context& context, const Options& chosen) { return unarchive_conversation(context, chosen.name); });
}

void add_tools(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_tools(context, options.list.filter); };
    CLI::App* all = group(app, options, "tools", "Lists, shows and runs tools", lists);
    command(*all, options, "list", "All tools", lists)
        ->add_option("--category", options.list.filter, "Only this category");
    command(*all, options, "show", "A tool with its arguments",
            [&](Context& context) { return show_tool(context, options.name); })
        ->add_option("name", options.name, "Its name")
        ->type_name("TOOL")
        ->required();
    CLI::App* run = command(*all, options, "run", "Runs a tool without a model", [&](Context& context) {
        return run_tool(context, options.name, options.arguments, options.ask.project);
    });
    run->add_option("name", options.name, "Its name")->type_name("TOOL")->required();
    run->add_option("arguments", options.arguments, "A JSON object, such as '{\"n_particles\": 500}'")
        ->type_name("JSON");
    run->add_option("--project", options.ask.project, "The project that it works on, by name or id")
        ->type_name("PROJECT");
}

void add_plugins(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_plugins(context); };
    CLI::App* all =
        group(app, options, "plugins",
              "Lists, approves, releases, makes and checks plugins, the files that tools come from", lists);
    all->alias("plugin");
    command(*all, options, "new", "Makes the sources of a new plugin in a folder of that name",
            [&](Context& context) { return new_plugin(context, options.name); })
        ->add_option("name", options.name, "Such as rain-fall")
        ->required();
    CLI::App* check =
        command(*all, options, "check", "Says whether a plugin's library will work, without a daemon",
                [&](Context& context) { return check_plugin(context, options.check); });
    check->add_option("file", options.check.file, "The library, NAME.so")->type_name("FILE")->required();
    check->add_flag("--valgrind", options.check.valgrind, "Also runs its examples under valgrind");
    check
        ->add_option("--files", options.check.files, "Where its examples' files are; else beside the library")
        ->type_name("FOLDER");
    check->add_option("--readable", options.check.readable, "A folder that plugins.readable names")
        ->type_name("FOLDER")
        ->allow_extra_args(false);
    check->add_flag("--network", options.check.network, "As if plugins.network named it");
    command(*all, options, "list", "Every plugin file, with what is wrong with it", lists);
    const auto on_one = [&](const std::string& name, const std::string& help,
                            ExitCode (*run)(Context&, const std::string&)) {
        command(*all, options, name, help,
                [&options, run](Context& context) { return run(context, options.name); })
            ->add_option("id", options.name, "Its id, such as org.example.greeter")
            ->type_name("PLUGIN")
            ->required();
    };
    on_one("show", "A plugin, and what it tells differently than before", show_plugin);
    on_one("release", "Lets a plugin that is left alone since it kept crashing run again", release_plugin);
    on_one("approve", "Agrees to what a plugin tells of its tools now", approve_plugin);
}

void add_artifacts(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_artifacts(context, options.list); };
    CLI::App* all = group(app, options, "artifacts",
                          "Lists, uploads, fetches, shows and deletes files that tools make and take", lists);
    CLI::App* list = command(*all, options, "list", "Newest first", lists);
    add_list_options(list, options);
    list->add_option("--kind", options.list.filter, "Only this kind, such as simulation")
        ->type_name("ARTIFACT_KIND");
    list->add_option("--search", options.list.words, "Only those with these words");
    list->add_option("--project", options.list.project, "Only those in this project")->type_name("PROJECT");
    command(*all, options, "add", "Uploads files, which tools can then work on",
            [&](Context& context) { return add_artifacts(context, options.files); })
        ->add_option("file", options.files, "Any file")
        ->type_name("FILE")
        ->required();
    CLI::App* get = command(*all, options, "get", "Downloads a file", [&](Context& context) {
        return get_artifact(context, options.name, options.file);
    });
    get->add_option("handle", options.name, "Its handle, such as simulation-1")
        ->type_name("ARTIFACT")
        ->required();
    get->add_option("-o,--output", options.file, "Where to (- is standard output); its own name otherwise")
        ->type_name("FILE");
    command(*all, options, "show", "Where it comes from",
            [&](Context& context) { return show_artifact(context, options.name); })
        ->add_option("handle", options.name, "Its handle")
        ->type_name("ARTIFACT")
        ->required();
    command(*all, options, "reproduce", "Makes it again; exit code 0 when the file is identical",
            [&](Context& context) { return reproduce_artifact(context, options.name); })
        ->add_option("handle", options.name, "Its handle")
        ->type_name("ARTIFACT")
        ->required();
    command(*all, options, "delete", "Deletes it",
            [&](Context& context) { return delete_artifact(context, options.name); })
        ->add_option("handle", options.name, "Its handle")
        ->type_name("ARTIFACT")
        ->required();
}

void add_jobs(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_jobs(context, options.list); };
    CLI::App* all = group(app, options, "jobs",
                          "Lists, shows, awaits and cancels tools that run in the background", lists);
    CLI::App* list = command(*all, options, "list", "Newest first", lists);
    add_list_options(list, options);
    list->add_option("--state", options.list.filter, "Only those that are so")
        ->type_name("{running,completed,failed,cancelled,lost}");
    add_whose_options(list, options);
    command(*all, options, "show", "A job with its result",
            [&](Context& context) { return show_job(context, options.name); })
        ->add_option("id", options.name, "job_…")
        ->type_name("JOB")
        ->required();
    command(*all, options, "wait", "Waits until a job has ended; exit code 0 when it completed",
            [&](Context& context) { return wait_job(context, options.name); })
        ->add_option("id", options.name, "job_…")
        ->type_name("JOB")
        ->required();
    CLI::App* cancel = command(*all, options, "cancel", "Stops a job", [&](Context& context) {
        return cancel_job(context, options.name, options.list.user);
    });
    cancel->add_option("id", options.name, "job_…")->type_name("JOB")->required();
    cancel->add_option("--user", options.list.user, "Whose, for administrators; your own otherwise")
        ->type_name("USER");
}

void add_projects(CLI::App& app, Options& options) {
    const auto lists = [&](Context& context) { return list_projects(context, options.list); };
    CLI::App* all =
        group(app, options, "projects", "Lists, makes, shows, archives and deletes projects", lists);
    CLI::App* list = command(*all, options, "list", "Newest change first", lists);
    add_list_options(list, options);
    list->add_option("--search", options.list.filter, "Only those with these words");
    list->add_flag("--archived", options.list.archived, "The archived ones instead");
    CLI::App* create = command(*all, options, "create", "Makes a project",
                               [&](Context& context) { return create_project(context, options.project); });
    create->add_option("name", options.project.name, "Its name; no other project of yours has it")
        ->required();
    create->add_option("--description", options.project.description, "What it is about");
    create->add_option("--fact", options.project.facts, "NAME=VALUE that models are told; may be repeated")
        ->take_all();
    const auto named = [&](const std::string& name, const std::string& help, auto run) {
        CLI::App* made = command(*all, options, name, help,
                                 [&options, run](Context& context) { return run(context, options); });
        made->add_option("project", options.name, "Its name or id")->type_name("PROJECT")->required();
        return made;
    };
    named("show", "A project with its facts and numbers",
          [](Context& context, const Options& chosen) { return show_project(context, chosen.name); });
    named("archive", "Archives a project",
          [](Context& context, const Options& chosen) { return archive_project(context, chosen.name); });
    named("unarchive", "Takes a project out of the archive",
          [](Context& context, const Options& chosen) { return unarchive_project(context, chosen.name); });
    named("delete", "Deletes a project", [](Context& context, const Options& chosen) {
        return delete_project(context, chosen.name, chosen.project.force);
    })->add_flag("--force", options.project.force, "Also one that has conversations or files, which stay");
}

void add_audit(CLI::App& app, Options& options) {
    CLI::App* audit = command(
        app, options, "audit", "Which tools were called, what came of it, and what administrators did",
        [&](Context& context) { return list_audit(context, options.list, options.audit); });
    add_list_options(audit, options);
    add_whose_options(audit, options);
    audit->add_option("--tool", options.list.filter, "Only calls of this tool")->type_name("TOOL");
    audit->add_option(
        "--outcome", options.audit.outcome,
        "Only those of which that came: success, an error's type, running, job (it goes on in the "
        "background) or lost (the daemon died meanwhile)");
    audit->add_option(
        "--since", options.audit.since,
        "Only from this day (2026-03-01, today, yesterday, 7d) or time (2026-03-01T12:00:00Z) on");
    audit->add_option("--until", options.audit.until, "Only up to this day, the day included, or time");
    audit->add_flag("--csv", options.audit.csv, "All of them as CSV, however many");
}

void add_config(CLI::App& app, Options& options) {
    CLI::App* all = app.add_subcommand("config", "What the daemon is configured with");
    all->require_subcommand(1);
    command(*all, options, "show", "What counts, and where each value comes from; without secrets",
            show_config);
    command(*all, options, "check", "Says whether the daemon could read its configuration again",
            check_config);
    command(*all, options, "reload", "Reads the configuration again, all of it or nothing", reload_config);
}

void add_usage(CLI::App& app, Options& options) {
    CLI::App* usage =
        command(app, options, "usage", "What was spent on models, and how well they and the tools did",
                [&](Context& context) { return show_usage(context, options.usage, options.list); });
    add_whose_options(usage, options);
    usage->add_option("--from", options.usage.from,
                      "The first day: 2026-03-01, today, yesterday or 7d (days ago); 30 days otherwise");
    usage->add_option("--to", options.usage.to, "The last day, said in the same ways; today otherwise");
    usage
        ->add_option("--by", options.usage.by,
                     "A row for each day, model, user, provider or tool; tools with how well they did")
        ->check(CLI::IsMember({"day", "model", "user", "provider", "tool"}))
        ->capture_default_str();
}

void add_globals(CLI::App& app, Options& options) {
    app.require_subcommand(1);
    app.fallthrough();  // --json and --server may stand behind the command
    app.add_option("--server", options.server, "The daemon's address")
        ->envname("ASSISTD_SERVER")
        ->capture_default_str();
    app.add_option("--key", options.key, "The API key that is sent; others on this machine can see it here")
        ->envname("ASSISTD_API_KEY")
        ->type_name("TEXT");
    app.add_option("--state", options.state, "Its state folder, when it runs on this machine")
        ->type_name("FOLDER")
        ->envname("ASSISTD_STATE")
        ->capture_default_str();
    app.add_flag("--json", options.json, "Raw JSON, also of errors; streams give one event a line");
    app.add_flag("--no-color", options.no_color, "No colours");
    app.set_version_flag("--version", "assistctl " ASSISTD_VERSION);
}

}  // namespace

void build_tree(CLI::App& app, Options& options) {
    add_globals(app, options);
    add_turns(app, options);
    add_conversations(app, options);
    add_tools(app, options);
    add_plugins(app, options);
    add_artifacts(app, options);
    add_documents(app, options);
    add_jobs(app, options);
    add_studies(app, options);
    add_projects(app, options);
    add_assistants(app, options.action);
    add_usage(app, options);
    add_limits(app, options.action);
    add_audit(app, options);
    add_import(app, options.action);
    add_bench(app, options.action);
    add_config(app, options);
    add_users(app, options.action);
    add_keys(app, options.action);
    command(app, options, "whoami", "Says who the daemon takes you for, and what you may do", who_am_i);
    command(app, options, "providers", "Lists the configured models' servers", list_providers);
    command(app, options, "mcp", "Serves the tools to a program that speaks MCP on standard input and output",
            serve_mcp);
    command(app, options, "status", "Says whether the daemon answers", status);
    CLI::App* doctors =
        command(app, options, "doctor", "Looks for what is wrong, and for models that run here",
                [&](Context& context) { return doctor(context, options.doctor); });
    doctors
        ->add_option("--config", options.doctor.config, "The daemon's configuration, which is looked at too")
        ->envname("ASSISTD_CONFIG")
        ->type_name("FILE");
    doctors->add_flag("--data", options.doctor.data, "Also all that the daemon stores, each file included");
    doctors->add_flag("--remove-orphans", options.doctor.remove_orphans,
                      "And removes files that belong to no artifact");
    add_data(app, options.action);
    command(app, options, "completion", "Prints the script that completes command lines in a shell",
            [&](Context& context) { return print_completion(context, options.shell); })
        ->add_option("shell", options.shell, "Whose script")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->required();
}

}  // namespace assistd::cli
