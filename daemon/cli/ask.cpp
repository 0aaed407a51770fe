// assistctl ask and regenerate: one turn with its stream.

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "cli/output.h"
#include "cli/talk.h"

namespace assistd::cli {
namespace {

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

// Refused before the daemon is asked for anything.
const std::string& checked(const std::string& text) {
    if (is_blank(text))
        throw Failure(ExitCode::usage, "The text says nothing to ask; write it behind ask, in quotes.");
    return text;
}

void remove_if_empty(const Context& context, const std::string& conversation) {
    try {
        if (context.api.get("/conversations/" + conversation).value("message_count", 1) == 0)
            context.api.remove("/conversations/" + conversation);
    } catch (const Failure&) {
        // Why it was refused is to be told, not this.
    }
}

}  // namespace

ExitCode ask(Context& context, const AskOptions& given) {
    AskOptions options = given;
    // Before Ctrl-C is asked for: while somebody types, it ends the program.
    const std::string text = options.text == "-" ? read_input() : checked(options.text);
    options.project = project_id(context, options.project);
    const std::vector<std::string> attachments = attached(context, options.attach);
    Interrupts interrupts;
    const std::string conversation = conversation_for(context, options);
    Talk talk;
    try {
        talk = run_turn(context, interrupts, conversation, message_of(options, text, attachments), options);
    } catch (const Unreachable&) {
        throw;
    } catch (const Failure&) {
        // What was refused leaves no empty conversation behind.
        if (options.conversation.empty()) remove_if_empty(context, conversation);
        throw;
    }
    if (!context.json && options.conversation.empty() && context.terminal.interactive)
        context.out << "\nGo on: " << context.api.program() << " ask --conversation "
                    << harmless(conversation) << " \"…\"\n";
    return talk.code;
}

ExitCode regenerate(Context& context, const AskOptions& options) {
    if (options.conversation.empty()) throw Failure(ExitCode::usage, "The conversation must not be empty.");
    Interrupts interrupts;
    return run_turn(context, interrupts, options.conversation, {"regenerate", {{"stream", true}}}, options)
        .code;
}

}  // namespace assistd::cli
