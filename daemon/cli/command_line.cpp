#include "cli/command_line.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <ostream>
#include <sstream>

#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

// After a command line that cannot be read: what stands where a command should, which CLI11 calls a missing
// one at best.
std::optional<Failure> unknown_command(const CLI::App& app, const std::string& program) {
    const std::vector<CLI::App*> chosen = app.get_subcommands();
    const CLI::App* group = chosen.empty() ? nullptr : chosen.front();
    if (group && (group->get_subcommands({}).empty() || !group->get_subcommands().empty()))
        return std::nullopt;
    const std::vector<std::string> rest = app.remaining(true);
    if (rest.empty() || rest.front().starts_with("-")) return std::nullopt;
    const std::string behind = group ? " behind \"" + group->get_name() + "\"" : "";
    const std::string help = program + (group ? " " + group->get_name() : "") + " --help";
    return Failure(ExitCode::usage,
                   "There is no command \"" + rest.front() + "\"" + behind + "; see them with: " + help);
}

// Of the command that was meant.
std::string help_of(const CLI::App& app, const std::string& program) {
    std::string help = program;
    for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
        command = command->get_subcommands().front();
        help += " " + command->get_name();
    }
    return help + " --help";
}

int tell_wrong_usage(const CLI::App& app, const CLI::ParseError& error, const std::string& program, bool json,
                     std::ostream& err) {
    if (const auto unknown = unknown_command(app, program)) {
        tell(err, json, *unknown);
    } else {
        std::string wrong = error.what();
        while (wrong.ends_with('\n') || wrong.ends_with('.')) wrong.pop_back();
        tell(err, json,
             Failure(ExitCode::usage, wrong + "; see how it is used with: " + help_of(app, program)));
    }
    return static_cast<int>(ExitCode::usage);
}

// Help that was asked for, or the version.
void tell_help(const CLI::App& app, const CLI::Success& asked, std::ostream& out, std::ostream& err) {
    std::ostringstream text;
    app.exit(asked, text, err);
    const Terminal terminal = terminal_of_stdout(false);
    out << (terminal.interactive ? fitted_help(text.str(), terminal.columns) : text.str());
}

int run_action(const std::string& program, const Options& options, std::ostream& out, std::ostream& err) {
    const Terminal terminal = terminal_of_stdout(!options.no_color);
    Context context{ApiClient(program, options.server, options.key),
                    out,
                    err,
                    terminal,
                    options.json,
                    options.state,
                    options.server_named};
    return static_cast<int>(options.action(context));
}

// As the option --server has it when it is not given.
std::string usual_server() {
    const char* given = std::getenv("ASSISTD_SERVER");
    return given && *given ? given : Options().server;
}

std::string usual_key() {
    const char* given = std::getenv("ASSISTD_API_KEY");
    return given ? given : "";
}

// What is wrong with the command line is known before its options are.
bool wants_json(const std::vector<std::string>& arguments) {
    return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

// Of a pipe: who reads has enough, as "head" does, and that is no failure.
bool reader_has_left() {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

// Throws Failure when not all that was told has arrived: on a full disk, for one.
void check_written(std::ostream& out) {
    errno = 0;  // why an earlier write failed is not known any more
    const bool synced = out.rdbuf()->pubsync() == 0;
    if ((synced && out) || reader_has_left()) return;
    const std::string reason = errno != 0 ? std::string(": ") + std::strerror(errno) : "";
    throw Failure(ExitCode::failed,
                  "Standard output could not be written" + reason +
                      "; what stands there is not whole. Make room where it goes, or name another place.");
}

int run_command(const std::string& program, std::vector<std::string> arguments, std::ostream& out,
                std::ostream& err) {
    Options options;
    CLI::App app("Talks to assistd, the assistant that runs your tools.", "assistctl");
    build_tree(app, options);
    if (const Terminal terminal = terminal_of_stdout(false); terminal.interactive)
        app.get_formatter()->column_width(help_column(terminal.columns));
    if (!arguments.empty() && arguments.front() == completing) {
        complete(app, HttpClient(usual_server(), usual_key()), {arguments.begin() + 1, arguments.end()}, out);
        return static_cast<int>(ExitCode::good);
    }

    const bool json = wants_json(arguments);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::Success& help) {
        tell_help(app, help, out, err);
        return static_cast<int>(ExitCode::good);
    } catch (const CLI::ParseError& error) {
        return tell_wrong_usage(app, error, program, json, err);
    }
    options.server_named = app.get_option("--server")->count() > 0;
    try {
        return run_action(program, options, out, err);
    } catch (const Failure& failure) {
        tell(err, json, failure);
        return static_cast<int>(failure.code());
    } catch (const std::exception& error) {
        tell(err, json,
             Failure(ExitCode::failed, std::string("Something unexpected went wrong: ") + error.what()));
        return static_cast<int>(ExitCode::failed);
    }
}

}  // namespace

int run(const std::string& program, std::vector<std::string> arguments, std::ostream& out,
        std::ostream& err) {
    const bool json = wants_json(arguments);
    const int code = run_command(program, std::move(arguments), out, err);
    try {
        check_written(out);
    } catch (const Failure& failure) {
        tell(err, json, failure);
        if (code == static_cast<int>(ExitCode::good)) return static_cast<int>(failure.code());
    }
    return code;
}

}  // namespace assistd::cli
