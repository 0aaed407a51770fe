#pragma once
// How the command line is put together of groups of commands, and the groups that are not in
// command_line.cpp. One thread.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace assistd::cli {

// Everything that the command line can say. CLI11 writes into it; the chosen command's `action` reads it.
struct Options {
    std::string server = "http://127.0.0.1:8080";
    bool server_named = false;
    std::string key;
    std::string state = "./var";
    bool json = false;
    bool no_color = false;
    AskOptions ask;
    ListOptions list;
    ProjectOptions project;
    UsageOptions usage;
    PluginCheckOptions check;
    AuditOptions audit;
    std::string name;
    std::string arguments = "{}";
    std::string file;
    std::string title;
    std::string format = "markdown";
    DoctorOptions doctor;
    std::string shell;
    StudyOptions study;
    std::vector<std::string> files;
    std::vector<std::string> metrics;
    bool csv = false;
    std::function<ExitCode(Context&)> action;
};

CLI::App* command(CLI::App& parent, Options& options, const std::string& name, const std::string& help,
                  std::function<ExitCode(Context&)> action);
// Commands on one kind of thing. The group's name alone lists them.
CLI::App* group(CLI::App& app, Options& options, const std::string& name, const std::string& help,
                std::function<ExitCode(Context&)> list);
void add_list_options(CLI::App* list, Options& options);
// --user and --all-users.
void add_whose_options(CLI::App* list, Options& options);

void add_documents(CLI::App& app, Options& options);
void add_studies(CLI::App& app, Options& options);

}  // namespace assistd::cli
