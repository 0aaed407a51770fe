#include "cli/completion.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

// Somebody has pressed Tab and waits.
constexpr auto patience = std::chrono::milliseconds(500);
constexpr std::size_t longest_description = 60;

struct Candidate {
    std::string word;
    std::string description;
};
using Candidates = std::vector<Candidate>;

// Each word once.
void add(Candidates& candidates, Candidate candidate) {
    const auto is_same = [&](const Candidate& one) { return one.word == candidate.word; };
    if (std::none_of(candidates.begin(), candidates.end(), is_same))
        candidates.push_back(std::move(candidate));
}

// The names that the daemon has of a kind.
struct Kind {
    const char* path;
    const char* list;
    const char* word;
    const char* description;
};

const std::map<std::string, Kind>& kinds() {
    static const std::map<std::string, Kind> all = {
        {"ARTIFACT", {"/artifacts?limit=100", "artifacts", "handle", "name"}},
        {"ARTIFACT_KIND", {"/artifacts?limit=100", "artifacts", "kind", ""}},
        {"ASSISTANT", {"/assistants?limit=100", "assistants", "id", "name"}},
        {"CONVERSATION", {"/conversations?limit=100", "conversations", "id", "title"}},
        {"DOCUMENT", {"/documents?limit=100", "documents", "id", "name"}},
        {"KEY", {"/keys", "keys", "id", "name"}},
        {"JOB", {"/jobs?limit=100", "jobs", "id", "tool"}},
        {"MODEL", {"/v1/models", "data", "id", "owned_by"}},
        {"PLUGIN", {"/plugins", "plugins", "id", "version"}},
        {"PROJECT", {"/projects?limit=100", "projects", "name", "description"}},
        {"STUDY", {"/studies?limit=100", "studies", "id", "name"}},
        {"TOOL", {"/tools", "tools", "name", "description"}},
        {"USER", {"/users", "users", "name", "role"}}};
    return all;
}

Json ask_quickly(const HttpClient& daemon, const std::string& path) {
    HttpRequest request;
    request.path = path.starts_with("/v1/") ? path : api_prefix + path;
    const auto end = std::chrono::steady_clock::now() + patience;
    request.tick = [end] {
        if (std::chrono::steady_clock::now() > end) throw Unreachable("It does not answer in time.");
    };
    try {
        return ApiClient::read(daemon.send(std::move(request)), daemon.server());
    } catch (const Failure&) {
        return nullptr;  // a shell's prompt is no place to say so
    }
}

Candidates names_of(const std::string& kind_name, const HttpClient& daemon) {
    const auto kind = kinds().find(kind_name);
    if (kind == kinds().end()) return {};
    const Json page = ask_quickly(daemon, kind->second.path);
    Candidates found;
    if (!page.is_object()) return found;
    for (const Json& item : page.value(kind->second.list, Json::array())) {
        add(found, {field(item, kind->second.word), field(item, kind->second.description)});
    }
    return found;
}

// "{a,b}" in a type's name is what it may be.
Candidates choices_in(const std::string& type) {
    const std::size_t from = type.find('{');
    const std::size_t end = type.find('}', std::min(from, type.size()));
    Candidates found;
    if (from == std::string::npos || end == std::string::npos) return found;
    std::string_view rest = std::string_view(type).substr(from + 1, end - from - 1);
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        found.push_back({std::string(rest.substr(0, comma)), ""});
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return found;
}

// A command line as far as it is typed.
struct Typed {
    std::vector<const CLI::App*> commands;  // the program, the group, the command
    const CLI::Option* awaited = nullptr;   // an option whose value comes next
    std::size_t positionals = 0;            // of the innermost command, that are there
    bool only_positionals = false;          // "--" was typed
    HttpClient daemon;                      // which is asked for names
};

const CLI::Option* option_named(const Typed& typed, const std::string& word) {
    // A command's own options hide the program's.
    for (auto app = typed.commands.rbegin(); app != typed.commands.rend(); ++app)
        for (const CLI::Option* option : (*app)->get_options())
            if (option->check_name(word)) return option;
    return nullptr;
}

void take(Typed& typed, const std::string& word) {
    if (typed.awaited) {
        if (typed.awaited->check_name("--server")) typed.daemon = HttpClient(word, typed.daemon.key());
        if (typed.awaited->check_name("--key")) typed.daemon = HttpClient(typed.daemon.server(), word);
        typed.awaited = nullptr;
        return;
    }
    if (word == "--") {
        typed.only_positionals = true;
    } else if (word.starts_with('-') && !typed.only_positionals) {
        const std::size_t equals = word.find('=');
        const CLI::Option* option = option_named(typed, word.substr(0, equals));
        if (!option || option->get_items_expected_max() == 0) return;
        typed.awaited = option;
        if (equals != std::string::npos) take(typed, word.substr(equals + 1));
    } else {
        for (const CLI::App* command : typed.commands.back()->get_subcommands({})) {
            if (!command->check_name(word)) continue;
            typed.commands.push_back(command);
            typed.positionals = 0;
            return;
        }
        ++typed.positionals;
    }
}

Candidates values_of(const CLI::Option& option, const HttpClient& daemon, bool& files) {
    const std::string type = option.get_type_name();
    files = type == "FILE" || type == "FOLDER";
    Candidates found = choices_in(type);
    return found.empty() ? names_of(type, daemon) : found;
}

Candidates options_of(const Typed& typed) {
    Candidates found;
    // A command's own options hide the program's.
    for (auto app = typed.commands.rbegin(); app != typed.commands.rend(); ++app)
        for (const CLI::Option* option : (*app)->get_options())
            for (const std::string& name : option->get_lnames())
                add(found, {"--" + name, option->get_description()});
    return found;
}

Candidates words_of(const Typed& typed, bool& files) {
    Candidates found;
    for (const CLI::App* command : typed.commands.back()->get_subcommands({}))
        found.push_back({command->get_name(), command->get_description()});
    std::size_t before = typed.positionals;
    for (const CLI::Option* option : typed.commands.back()->get_options()) {
        if (!option->get_positional()) continue;
        const bool takes_all = option->get_items_expected_max() > 1;
        if (before > 0 && !takes_all) {
            --before;
            continue;
        }
        for (Candidate& value : values_of(*option, typed.daemon, files)) found.push_back(std::move(value));
        break;
    }
    return found;
}

}  // namespace

void complete(const CLI::App& app, const HttpClient& daemon, const std::vector<std::string>& words,
              std::ostream& out) {
    Typed typed{.commands = {&app}, .daemon = daemon};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) take(typed, words[i]);
    const std::string begun = words.empty() ? "" : words.back();
    bool files = false;
    Candidates found;
    if (typed.awaited)
        found = values_of(*typed.awaited, typed.daemon, files);
    else if (begun.starts_with('-') && !typed.only_positionals)
        found = options_of(typed);
    else
        found = words_of(typed, files);
    for (const Candidate& candidate : found) {
        // A word with a blank in it would be two for the shell; such names have ids as well.
        if (!candidate.word.starts_with(begun) || candidate.word.empty() ||
            candidate.word.find_first_of(" \t\n'\"\\$`") != std::string::npos)
            continue;
        out << harmless(candidate.word) << '\t' << one_line(candidate.description, longest_description)
            << '\n';
    }
    if (files) out << ":files\n";
}

ExitCode print_completion(Context& context, const std::string& shell) {
    context.out << completion_script(shell);
    return ExitCode::good;
}

}  // namespace assistd::cli
