// assistctl ask, chat and regenerate: turns with their streams.

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>

#include "cli/approval_asker.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/output.h"
#include "cli/turn_renderer.h"
#include "cli/turn_runner.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string conversation_for(Context& context, const AskOptions& options) {
    if (!options.conversation.empty()) return options.conversation;
    Json body = Json::object();
    if (!options.model.empty()) body["model"] = options.model;
    if (!options.project.empty()) body["project_id"] = options.project;
    return field(context.api.post("/conversations", body), "id");
}

// One event, one line.
void print_event(std::ostream& out, const Event& event) {
    Json data = Json::parse(event.data, nullptr, false);
    if (data.is_discarded()) data = event.data;
    const Json line = {{"event", event.name}, {"id", event.id}, {"data", std::move(data)}};
    out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

// A turn that ends leaves the jobs running that it began.
std::string jobs_left(const Context& context, const TurnResult& result) {
    std::string text;
    for (const std::string& id : result.jobs) {
        const Json job = context.api.get("/jobs/" + HttpClient::escaped(id));
        if (field(job, "state") != "running") continue;
        text += "\n" + field(job, "tool") + " goes on in the background as " + id +
                "; stop it with: " + context.api.program() + " jobs cancel " + id;
    }
    return text;
}

ExitCode tell_end(Context& context, const TurnResult& result) {
    if (result.end == TurnEnd::completed) return ExitCode::good;
    const bool cancelled = result.end == TurnEnd::cancelled;
    std::string sentence = cancelled ? "The turn was cancelled." : "The turn failed: " + result.error;
    try {
        sentence += jobs_left(context, result);
    } catch (const Failure& failure) {
        sentence += "\nIts background jobs may go on; they cannot be seen: " + std::string(failure.what());
    }
    if (context.json)
        tell(context.err, true,
             Failure(ExitCode::failed, sentence, "turn_error", cancelled ? "cancelled" : result.code));
    else
        context.err << harmless(sentence) << '\n';
    return ExitCode::failed;
}

Approving approving(const Context& context, const AskOptions& options) {
    if (options.yes) return Approving::always;
    const bool person = !context.json && context.terminal.interactive && ::isatty(STDIN_FILENO) == 1;
    return person ? Approving::person : Approving::nobody;
}

// What begins a turn in a conversation, and what it takes.
struct Beginning {
    std::string action;
    Json body;
};

ExitCode run_turn(Context& context, Interrupts& interrupts, const std::string& conversation,
                  const Beginning& beginning, const AskOptions& options) {
    ApprovalAsker asker(context.api, approving(context, options), context.out, context.err);
    if (context.json) {
        const auto print = [&](const Event& event) {
            print_event(context.out, event);
            asker.see(event);
        };
        TurnRunner runner(context.api, interrupts, print, [&] { asker.tick(); });
        return tell_end(context, runner.run(conversation, beginning.action, beginning.body));
    }
    TurnRenderer renderer(context.out, context.terminal);
    const auto show = [&](const Event& event) {
        renderer.show(event, Clock::now());
        asker.see(event);
    };
    // Bars would be drawn over the question.
    const auto tick = [&] {
        if (asker.waiting() && !asker.asking()) renderer.rest();
        asker.tick();
        if (!asker.waiting()) renderer.tick(Clock::now());
    };
    TurnRunner runner(context.api, interrupts, show, tick);
    TurnResult result;
    try {
        result = runner.run(conversation, beginning.action, beginning.body);
    } catch (...) {
        renderer.finish();
        throw;
    }
    renderer.finish();
    print_files(context, renderer.artifacts());
    return tell_end(context, result);
}

Beginning message_of(const AskOptions& options, const std::string& text) {
    Json body = {{"content", text}, {"stream", true}};
    if (!options.project.empty()) body["project_id"] = options.project;
    return {"chat", std::move(body)};
}

// Lines of standard input, with Ctrl-C in between.
class Prompt {
  public:
    explicit Prompt(Interrupts& interrupts) : interrupts_(interrupts) {}

    enum class Got { line, interrupt, end };
    Got read(std::string& line) {
        while (true) {
            const std::size_t end = buffer_.find('\n');
            if (end != std::string::npos) {
                line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return Got::line;
            }
            if (!at_end_) {
                if (wait() == Got::interrupt) return Got::interrupt;
                continue;
            }
            line = std::exchange(buffer_, {});
            return line.empty() ? Got::end : Got::line;
        }
    }

  private:
    Got wait() {
        pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {interrupts_.fd(), POLLIN, 0}};
        ::poll(fds, 2, -1);
        if (interrupts_.take()) return Got::interrupt;
        if (fds[0].revents == 0) return Got::line;
        char bytes[4096];
        const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (got > 0)
            buffer_.append(bytes, static_cast<std::size_t>(got));
        else
            at_end_ = true;
        return Got::line;
    }

    Interrupts& interrupts_;
    std::string buffer_;
    bool at_end_ = false;
};

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// All of standard input, without the end of its last line.
std::string read_input() {
    std::string text;
    char bytes[4096];
    while (true) {
        const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            throw Failure(ExitCode::failed,
                          std::string("Standard input cannot be read: ") + std::strerror(errno) + ".");
        if (got == 0) break;
        text.append(bytes, static_cast<std::size_t>(got));
    }
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (is_blank(text)) throw Failure(ExitCode::usage, "Standard input says nothing to ask.");
    return text;
}

}  // namespace

ExitCode ask(Context& context, const AskOptions& given) {
    AskOptions options = given;
    // Before Ctrl-C is asked for: while somebody types, it ends the program.
    const std::string text = options.text == "-" ? read_input() : options.text;
    options.project = project_id(context, options.project);
    Interrupts interrupts;
    const std::string conversation = conversation_for(context, options);
    const ExitCode code = run_turn(context, interrupts, conversation, message_of(options, text), options);
    if (!context.json && options.conversation.empty() && context.terminal.interactive)
        context.out << "\nGo on: " << context.api.program() << " ask --conversation "
                    << harmless(conversation) << " \"…\"\n";
    return code;
}

ExitCode regenerate(Context& context, const AskOptions& options) {
    if (options.conversation.empty()) throw Failure(ExitCode::usage, "The conversation must not be empty.");
    Interrupts interrupts;
    return run_turn(context, interrupts, options.conversation, {"regenerate", {{"stream", true}}}, options);
}

ExitCode chat(Context& context, const AskOptions& given) {
    AskOptions options = given;
    options.project = project_id(context, options.project);
    Interrupts interrupts;
    const std::string conversation = conversation_for(context, options);
    const bool person = ::isatty(STDIN_FILENO) == 1 && !context.json;
    if (person)
        context.out << "Conversation " << harmless(conversation)
                    << ". /quit or Ctrl-D ends, Ctrl-C stops a reply.\n";
    Prompt prompt(interrupts);
    std::string line;
    while (true) {
        if (person) context.out << "\n> " << std::flush;
        const Prompt::Got got = prompt.read(line);
        if (got == Prompt::Got::end || line == "/quit" || line == "/exit") break;
        if (got == Prompt::Got::interrupt || is_blank(line)) continue;
        try {
            run_turn(context, interrupts, conversation, message_of(options, line), options);
        } catch (const Failure& failure) {
            // The next message may fare better.
            tell(context.err, context.json, failure);
            if (!person) return failure.code();
        }
    }
    return ExitCode::good;
}

}  // namespace assistd::cli
