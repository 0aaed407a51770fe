#include "cli/data_commands.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/seal.h"
#include "base/time.h"
#include "cli/output.h"
#include "cli/transfer.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;

struct DataOptions {
    std::string file;
    std::string user;
    bool check = false;
    bool end_keys = false;
    bool state_named = false;
    bool yes = false;
};

// "assistd-20260301T120000Z"
std::string named_now(const std::string& what) {
    std::string time = to_iso8601(now());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return "assistd-" + what + time.substr(0, time.find('.')) + "Z";
}

void check_seal(int file) {
    const std::string fault = fault_of_sealed(file);
    if (!fault.empty())
        throw Failure(ExitCode::failed,
                      "What has arrived is no backup: it " + fault + ". Nothing was written.");
}

// How much of the data had been lost before, as the daemon found.
int faults_in(const HttpHeaders& headers) {
    const auto found = headers.find("assistd-faults");
    return found == headers.end() ? 0 : std::atoi(found->second.c_str());
}

ExitCode back_up(Context& context, const DataOptions& options) {
    std::string path = options.file;
    if (fs::is_directory(path)) path = (fs::path(path) / (named_now("") + ".tar.zst")).string();
    int faults = 0;
    HttpRequest request;
    request.method = "POST";
    request.path = std::string(api_prefix) + "/admin/backup";
    request.head = [&faults](const HttpHeaders& headers) { faults = faults_in(headers); };
    SaveOptions saved;
    saved.mode = 0600;
    saved.check = check_seal;
    const long long size = save(context, std::move(request), path, saved);
    if (!as_json(context, {{"file", path}, {"size", size}, {"faults", faults}}) && path != "-")
        context.out << harmless(path) << ", " << size_text(size) << '\n';
    if (faults == 0) return ExitCode::good;
    context.err << "assistctl: the contents of " << faults
                << " artifacts had been lost before; see which with: " << context.api.program()
                << " doctor --data\n";
    return ExitCode::partly;
}

// Handed over to the daemon's own program, which knows what its state folder is made of.
ExitCode restore(Context& context, const DataOptions& options) {
    if (options.file.empty()) throw Failure(ExitCode::usage, "The name of the backup's file is empty.");
    if (!options.check && (!options.state_named || context.state.empty()))
        throw Failure(
            ExitCode::usage,
            "Say which folder is to be made of the backup: --state FOLDER. It must be empty, or not there.");
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "assistd";
    std::vector<std::string> words = {program.string()};
    if (options.check)
        words.push_back("--check-backup=" + options.file);
    else
        words.insert(words.end(), {"--restore=" + options.file, "--state=" + context.state});
    if (options.end_keys && !options.check) words.emplace_back("--end-keys");
    if (context.json) words.emplace_back("--json");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    context.out.flush();
    ::execv(program.c_str(), arguments.data());
    throw Failure(ExitCode::failed, program.string() + " cannot be run: " + std::strerror(errno) +
                                        ". It is installed beside assistctl.");
}

ExitCode export_user(Context& context, const DataOptions& options) {
    const std::string path = options.file.empty() ? named_now("export-") + ".zip" : options.file;
    HttpRequest request;
    request.path =
        std::string(api_prefix) +
        (options.user.empty() ? "/me/export" : "/users/" + HttpClient::escaped(options.user) + "/export");
    int faults = 0;
    request.head = [&faults](const HttpHeaders& headers) { faults = faults_in(headers); };
    SaveOptions saved;
    saved.mode = 0600;
    const long long size = save(context, std::move(request), path, saved);
    if (!as_json(context, {{"file", path}, {"size", size}, {"faults", faults}}) && path != "-")
        context.out << harmless(path) << ", " << size_text(size) << '\n';
    if (faults == 0) return ExitCode::good;
    context.err << "assistctl: " << faults
                << " files had been lost before; about.json in the archive names them\n";
    return ExitCode::partly;
}

// On standard error while a removal runs: on a terminal a line that changes, in a pipe one now and then.
class RemovalProgress {
  public:
    RemovalProgress(Context& context, std::string path) : context_(context), path_(std::move(path)) {}
    ~RemovalProgress() {
        if (drawn_) context_.err << "\r\033[K" << std::flush;
    }
    RemovalProgress(const RemovalProgress&) = delete;
    RemovalProgress& operator=(const RemovalProgress&) = delete;

    void tick() {
        using namespace std::chrono_literals;
        const auto now = std::chrono::steady_clock::now();
        if (context_.json || now < next_) return;
        next_ = now + (terminal_ ? 1s : 10s);
        std::string text;
        try {
            const Json removed = context_.api.get(path_).value("removed", Json::object());
            for (const auto& [what, rows] : removed.items())
                text += (text.empty() ? "" : ", ") + harmless(what) + ": " + rows.dump();
        } catch (const Failure&) {
            return;  // the removal's own reply says what is wrong
        }
        text = "removed so far: " + (text.empty() ? "nothing" : text);
        if (terminal_)
            context_.err << "\r\033[K" << text.substr(0, terminal_size().columns - 1) << std::flush;
        else
            context_.err << "assistctl: " << text << std::endl;
        drawn_ = terminal_;
    }

  private:
    Context& context_;
    const std::string path_;
    const bool terminal_ = ::isatty(STDERR_FILENO) == 1;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
};

ExitCode remove_data(Context& context, const DataOptions& options) {
    if (!options.yes)
        throw Failure(
            ExitCode::usage,
            "Everything that belongs to " + harmless(options.user) +
                " would be removed: conversations, files, documents, jobs, studies, what was spent. Save it "
                "first with: " +
                context.api.program() + " users export " + harmless(options.user) +
                ", then say the same again with --yes.");
    const std::string name = HttpClient::escaped(options.user);
    HttpRequest request;
    request.method = "DELETE";
    request.path = std::string(api_prefix) + "/users/" + name + "/data?confirm=" + name;
    Json removal;
    {
        RemovalProgress progress(context, "/users/" + name + "/removal");
        request.tick = [&progress] { progress.tick(); };
        removal = ApiClient::read(context.api.http().send(std::move(request)), context.api.http().server());
    }
    if (as_json(context, removal)) return ExitCode::good;
    const Json removed = removal.value("removed", Json::object());
    for (const auto& [what, rows] : removed.items())
        context.out << harmless(what) << ": " << rows.dump() << '\n';
    for (const Json& sentence : removal.value("kept", Json::array()))
        if (sentence.is_string()) context.out << harmless(sentence.get<std::string>()) << '\n';
    return ExitCode::good;
}

void add_users(
    CLI::App& app, DataOptions& options,
    const std::function<std::function<void()>(ExitCode (*)(Context&, const DataOptions&))>& chosen) {
    const std::vector<CLI::App*> groups =
        app.get_subcommands([](const CLI::App* one) { return one->get_name() == "users"; });
    CLI::App* users = groups.empty() ? nullptr : groups.front();
    if (users == nullptr) {
        users = app.add_subcommand("users", "Saves and removes all that belongs to a user");
        users->require_subcommand(1);
    }
    CLI::App* one =
        users->add_subcommand("export", "All that belongs to a user, or to you, as JSON and files");
    one->add_option("user", options.user, "Whose; your own without it")->type_name("USER");
    one->add_option("-o,--output", options.file,
                    "Where to (- is standard output); a name with the time otherwise")
        ->type_name("FILE");
    one->callback(chosen(export_user));
    CLI::App* remove =
        users->add_subcommand("remove-data", "Removes all that belongs to a user; there is no way back");
    remove->add_option("user", options.user, "Whose")->type_name("USER")->required();
    remove->add_flag("--yes", options.yes, "Really");
    remove->callback(chosen(remove_data));
}

}  // namespace

void add_data(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    const auto options = std::make_shared<DataOptions>();
    const auto chosen = [&action, options](ExitCode (*run)(Context&, const DataOptions&)) {
        return [&action, options, run] {
            action = [options, run](Context& context) { return run(context, *options); };
        };
    };
    CLI::App* backup = app.add_subcommand("backup", "Saves all that the daemon stores, while it runs");
    backup->add_option("file", options->file, "Where to, or a folder, where it gets a name with the time")
        ->type_name("FILE")
        ->required();
    backup->callback(chosen(back_up));
    CLI::App* back =
        app.add_subcommand("restore", "Makes a state folder (--state) of a backup; asks no daemon");
    back->add_option("file", options->file, "What backup has saved")->type_name("FILE")->required();
    back->add_flag("--check", options->check, "Only says whether it is whole");
    back->add_flag("--end-keys", options->end_keys, "No API key that the backup has is good any more");
    back->callback([&action, options, state = app.get_option("--state")] {
        options->state_named = state->count() > 0;
        action = [options](Context& context) { return restore(context, *options); };
    });
    add_users(app, *options, chosen);
}

}  // namespace assistd::cli
