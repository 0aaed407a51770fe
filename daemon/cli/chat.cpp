// assistctl chat: message after message in one conversation, until somebody leaves.

#include <unistd.h>

#include <chrono>
#include <ostream>

#include "cli/chat_input.h"
#include "cli/chat_session.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using Got = ChatInput::Got;

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// Reads and takes lines. Twice Ctrl-C at the prompt leaves, once throws away what was typed.
ExitCode converse(Context& context, ChatSession& session, ChatInput& input, bool person) {
    std::string line;
    bool was_interrupted = false;
    while (!session.left()) {
        if (person) context.out << '\n' << std::flush;
        const Got got = input.read("> ", line);
        if (got == Got::end) {
            if (person) context.out << '\n';
            break;
        }
        if (got == Got::interrupt) {
            if (person && was_interrupted && is_blank(line)) {
                context.out << '\n';
                break;
            }
            if (person) context.out << "\n(Ctrl-C again leaves, and so does Ctrl-D.)\n";
            was_interrupted = is_blank(line);
            continue;
        }
        was_interrupted = false;
        if (is_blank(line)) continue;
        try {
            session.take(line);
        } catch (const Failure& failure) {
            // The next message may fare better.
            tell(context.err, context.json, failure);
            if (!person) return failure.code();
        }
    }
    return ExitCode::good;
}

}  // namespace

ExitCode chat(Context& context, const AskOptions& given) {
    AskOptions options = given;
    HttpRequest request;
    request.path = "/readyz";  // whoever is not there is better known before a message is typed
    ApiClient::check(context.api.http().send(std::move(request)));
    options.project = project_id(context, options.project);
    Interrupts interrupts;
    const bool person = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && !context.json;
    ChatSession session(context, interrupts, std::move(options));
    ChatInput* typed = nullptr;
    const auto idle = [&] {
        const std::string news = session.job_news();
        if (!news.empty()) typed->print_above(paragraph(context, news));
    };
    ChatInput input(interrupts, person,
                    {[&](const std::string& line) { return session.completions(line); }, idle});
    typed = &input;
    if (person) session.greet();
    return converse(context, session, input, person);
}

}  // namespace assistd::cli
