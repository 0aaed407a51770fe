#pragma once
// What assistctl does, one function for each command. Each writes its answer to Context::out and returns the
// exit code; refusals are Failures. One thread.

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/api_client.h"
#include "cli/failure.h"
#include "cli/terminal.h"
#include "cli/tool_titles.h"

namespace assistd::cli {

struct Context {
    ApiClient api;
    std::ostream& out;
    std::ostream& err;
    Terminal terminal;
    bool json = false;
    std::string state;          // a local daemon's state folder
    bool server_named = false;  // on the command line or in the environment
    mutable ToolTitles titles{};
};

struct ListOptions {
    int limit = 20;
    std::string cursor;
    bool archived = false;  // of conversations and projects: the archived ones instead
    std::string project;    // of conversations and artifacts: only those in it, by name or id
    std::string filter;     // what the list can be narrowed by: a search, category, kind or state
    std::string words;      // of artifacts: only those that have them
    // For administrators, of jobs, studies, the audit log and usage: whose.
    std::string user;        // empty: the asker's own
    bool all_users = false;  // everybody's
};

struct AskOptions {
    std::string text;                 // "-": what standard input says
    std::string conversation;         // empty: a new one
    std::string project;              // its name or id
    std::string model;                // of a new conversation
    std::vector<std::string> attach;  // files that go with the (first) message
    bool yes = false;                 // allow every call that waits for a person
    bool patient = false;             // wait for a daemon that is away
};

struct ProjectOptions {
    std::string name;
    std::string description;
    std::vector<std::string> facts;  // NAME=VALUE
    bool force = false;              // delete also one that has something in it
};

struct StudyOptions {
    std::string tool;
    std::string name;
    std::string project;
    std::string then;
    std::vector<std::string> same;    // NAME=VALUE
    std::vector<std::string> varied;  // NAME=VALUE,VALUE,…
    int seeds = 1;
    bool wait = false;
};

struct UsageOptions {
    std::string from;  // days, "2026-03-01"; empty: as the daemon thinks best
    std::string to;
    std::string by = "day";
};

struct PluginCheckOptions {
    std::string file;
    std::string files;                  // where the examples' files are; empty: beside it
    std::vector<std::string> readable;  // as plugins.readable of the daemon's config
    bool network = false;               // as if plugins.network named it
    bool valgrind = false;
};

struct AuditOptions {
    std::string outcome;  // empty: all
    std::string since;    // days or times, as the daemon takes them
    std::string until;
    bool csv = false;  // all of them, as CSV
};

struct ImportOptions {
    std::string file;
    std::string map;    // where the new ids are kept; empty: beside the file
    std::string model;  // of every assistant; empty: its own
};

ExitCode ask(Context& context, const AskOptions& options);
ExitCode chat(Context& context, const AskOptions& options);
// Answers the conversation's last user message again.
ExitCode regenerate(Context& context, const AskOptions& options);

ExitCode list_conversations(Context& context, const ListOptions& options);
ExitCode show_conversation(Context& context, const std::string& id);
ExitCode rename_conversation(Context& context, const std::string& id, const std::string& title);
// As "markdown" or "json", to `file`, or to standard output.
ExitCode export_conversation(Context& context, const std::string& id, const std::string& format,
                             const std::string& file);
ExitCode delete_conversation(Context& context, const std::string& id);
ExitCode archive_conversation(Context& context, const std::string& id);
ExitCode unarchive_conversation(Context& context, const std::string& id);

ExitCode list_tools(Context& context, const std::string& category);
ExitCode show_tool(Context& context, const std::string& name);
ExitCode run_tool(Context& context, const std::string& name, const std::string& arguments,
                  const std::string& project);

ExitCode list_plugins(Context& context);
// Lets one that is left alone since it kept crashing run again.
ExitCode release_plugin(Context& context, const std::string& id);
ExitCode show_plugin(Context& context, const std::string& id);
// Agrees to what it tells of its tools now.
ExitCode approve_plugin(Context& context, const std::string& id);
// Makes the sources of a new plugin in a folder of that name; asks no daemon.
ExitCode new_plugin(Context& context, const std::string& name);
// Says whether a plugin's library will work; asks no daemon. Returns only when that cannot be done.
ExitCode check_plugin(Context& context, const PluginCheckOptions& options);

// Projects are named by their names or ids.
ExitCode list_projects(Context& context, const ListOptions& options);
ExitCode create_project(Context& context, const ProjectOptions& options);
ExitCode show_project(Context& context, const std::string& project);
ExitCode delete_project(Context& context, const std::string& project, bool force);
ExitCode archive_project(Context& context, const std::string& project);
ExitCode unarchive_project(Context& context, const std::string& project);
// The id of a project; empty for none. Throws Failure when there is none of that name.
std::string project_id(const Context& context, const std::string& name_or_id);

// What the daemon is configured with, as YAML.
ExitCode show_config(Context& context);
// Whether a reload would succeed, and what would change.
ExitCode check_config(Context& context);
ExitCode reload_config(Context& context);

// The calls of tools, newest first; `options.filter` is a tool.
ExitCode list_audit(Context& context, const ListOptions& options, const AuditOptions& audit);

// The configured models' servers, and whether one keeps failing.
ExitCode list_providers(Context& context);
ExitCode show_usage(Context& context, const UsageOptions& options, const ListOptions& whose);

ExitCode list_artifacts(Context& context, const ListOptions& options);
ExitCode add_artifacts(Context& context, const std::vector<std::string>& files);
ExitCode show_artifact(Context& context, const std::string& handle);
// To `file`, "-" for standard output, or the artifact's own name when that is not taken.
ExitCode get_artifact(Context& context, const std::string& handle, const std::string& file);
ExitCode delete_artifact(Context& context, const std::string& handle);
// `failed` when what its tool makes now is another file, or none.
ExitCode reproduce_artifact(Context& context, const std::string& handle);

ExitCode list_documents(Context& context, const ListOptions& options);  // `filter` is a status
// Waits until each is read; `failed` when one cannot be.
ExitCode add_documents(Context& context, const std::vector<std::string>& files);
ExitCode search_documents(Context& context, const std::string& query, int limit);
ExitCode show_document(Context& context, const std::string& id);
ExitCode delete_document(Context& context, const std::string& id);

ExitCode list_jobs(Context& context, const ListOptions& options);
ExitCode show_job(Context& context, const std::string& id);
// Until it has ended; `failed` unless it completed. Ctrl-C leaves it running.
ExitCode wait_job(Context& context, const std::string& id);
// `user`: whose it is, for administrators; empty: the asker's own.
ExitCode cancel_job(Context& context, const std::string& id, const std::string& user);

ExitCode list_studies(Context& context, const ListOptions& options);
// Begins one, and with `wait` shows how far it is until it has ended.
ExitCode create_study(Context& context, const StudyOptions& options);
ExitCode show_study(Context& context, const std::string& study);
// The runs that have ended; `options.filter` is a state.
ExitCode list_study_runs(Context& context, const std::string& study, const ListOptions& options);
// A row for each combination and number; only `metrics` unless it is empty.
ExitCode show_study_results(Context& context, const std::string& study,
                            const std::vector<std::string>& metrics, bool csv);
ExitCode cancel_study(Context& context, const std::string& study, const std::string& user);  // as above
ExitCode retry_study(Context& context, const std::string& study);
ExitCode delete_study(Context& context, const std::string& study);

// What was exported from OpenAI's Assistants API. What an earlier run imported is skipped.
ExitCode import_openai(Context& context, const ImportOptions& options);

// Until standard input ends.
ExitCode serve_mcp(Context& context);

ExitCode status(Context& context);
// What works and what does not, here and in the daemon, and which models run on this machine; `failed` when
// there is a problem. The daemon is the one that was named or, where none was, that of the configuration.
struct DoctorOptions {
    std::string config;           // the file
    bool data = false;            // also all that is stored
    bool remove_orphans = false;  // files that no artifact has
};
ExitCode doctor(Context& context, const DoctorOptions& options);
// The script that completes assistctl's command lines in a shell: bash, zsh or fish. Asks no daemon.
ExitCode print_completion(Context& context, const std::string& shell);

}  // namespace assistd::cli
