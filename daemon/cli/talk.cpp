#include "cli/talk.h"

#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "cli/approval_asker.h"
#include "cli/output.h"
#include "cli/transfer.h"
#include "cli/turn_renderer.h"
#include "cli/turn_runner.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

// As long as a restart may take, with migrations and a look at every plugin.
constexpr auto patience_for_a_restart = std::chrono::minutes(2);

// One event, one line.
void print_event(std::ostream& out, const Event& event) {
    Json data = Json::parse(event.data, nullptr, false);
    if (data.is_discarded()) data = event.data;
    const Json line = {{"event", event.name}, {"id", event.id}, {"data", std::move(data)}};
    out << json_text(line) << std::endl;
}

// A turn that ends leaves the jobs running that it began.
std::string jobs_left(const Context& context, const TurnResult& result) {
    std::string text;
    for (const std::string& id : result.jobs) {
        const Json job = context.api.get("/jobs/" + HttpClient::escaped(id));
        if (field(job, "state") != "running") continue;
        text += "\n" + tool_of(context, job) + " goes on in the background as " + id +
                "; stop it with: " + context.api.program() + " jobs cancel " + id;
    }
    return text;
}

ExitCode tell_end(Context& context, const TurnResult& result, const ApprovalAsker& asker) {
    if (result.end == TurnEnd::completed) return asker.missed_a_person() ? ExitCode::partly : ExitCode::good;
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
        context.err << paragraph(context, sentence) << '\n';
    return ExitCode::failed;
}

Approving approving(const Context& context, const AskOptions& options) {
    if (options.yes) return Approving::always;
    const bool person = !context.json && ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDIN_FILENO) == 1;
    return person ? Approving::person : Approving::nobody;
}

// What is sent to begin the turn.
Json body_for(const Beginning& beginning, Approving who) {
    Json body = beginning.body;
    if (who == Approving::nobody) body["unattended"] = true;
    return body;
}

TurnWatch watch_for(const AskOptions& options) {
    TurnWatch watch;
    watch.waits_to_begin = options.patient;
    if (options.patient) watch.patience = patience_for_a_restart;
    return watch;
}

Talk run_as_json(Context& context, Interrupts& interrupts, const std::string& conversation,
                 const Beginning& beginning, const AskOptions& options) {
    Echo echo;
    const Approving who = approving(context, options);
    ApprovalAsker asker(context.api, context.titles, who, echo, context.out, context.err);
    TurnWatch watch = watch_for(options);
    watch.sink = [&](const Event& event) {
        print_event(context.out, event);
        asker.see(event);
    };
    watch.tick = [&] { asker.tick(); };
    TurnRunner runner(context.api, interrupts, std::move(watch));
    TurnResult result = runner.run(conversation, beginning.action, body_for(beginning, who));
    return {tell_end(context, result, asker), std::move(result.jobs)};
}

}  // namespace

std::string how_it_ended(const Context& context, const std::string& conversation, const Json& messages) {
    const auto said = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const Json& message) { return field(message, "role") != "system"; });
    if (said == messages.rend() || field(*said, "turn_id").empty()) return {};
    const bool is_reply = field(*said, "role") == "assistant" && field(*said, "tool_calls").empty();
    if (is_reply) return field(*said, "note");
    const Json turn = context.api.get("/conversations/" + HttpClient::escaped(conversation) + "/turns/" +
                                      HttpClient::escaped(field(*said, "turn_id")));
    const std::string state = field(turn, "state");
    if (state == "cancelled") return "The reply was cancelled.";
    if (state == "running") return "The reply is still being made.";
    if (state != "failed") return {};
    return "The reply failed: " + field(turn.value("error", Json::object()), "message");
}

Beginning message_of(const AskOptions& options, const std::string& text,
                     const std::vector<std::string>& attachments) {
    Json body = {{"content", text}, {"stream", true}};
    if (!options.project.empty()) body["project_id"] = options.project;
    if (!attachments.empty()) body["attachments"] = attachments;
    return {"chat", std::move(body)};
}

std::string conversation_for(const Context& context, const AskOptions& options) {
    if (!options.conversation.empty()) return options.conversation;
    Json body = Json::object();
    if (!options.model.empty()) body["model"] = options.model;
    if (!options.project.empty()) body["project_id"] = options.project;
    return field(context.api.post("/conversations", body), "id");
}

std::vector<std::string> attached(const Context& context, const std::vector<std::string>& files) {
    std::vector<std::string> handles;
    for (const std::string& file : files)
        handles.push_back(field(add_file(context, file).artifact, "handle"));
    return handles;
}

Talk run_turn(Context& context, Interrupts& interrupts, const std::string& conversation,
              const Beginning& beginning, const AskOptions& options, const TellFiles& tell_files) {
    if (context.json) return run_as_json(context, interrupts, conversation, beginning, options);
    Echo echo;
    const Approving who = approving(context, options);
    ApprovalAsker asker(context.api, context.titles, who, echo, context.out, context.err);
    TurnRenderer renderer(
        context.out, context.err, context.terminal,
        context.terminal.interactive ? terminal_size : std::function<TerminalSize()>(),
        [&context](const std::string& name) { return context.titles.title(context.api, name); });
    TurnWatch watch = watch_for(options);
    watch.sink = [&](const Event& event) {
        renderer.show(event, Clock::now());
        asker.see(event);
    };
    // Bars would be drawn over the question.
    watch.tick = [&] {
        if (asker.waiting() && !asker.asking()) renderer.rest();
        asker.tick();
        if (!asker.waiting()) renderer.tick(Clock::now());
    };
    if (options.patient)
        watch.away = [&](bool away) {
            renderer.away(away ? "assistd does not answer at " + context.api.http().server() +
                                     "; it is waited for, Ctrl-C leaves."
                               : "");
        };
    TurnRunner runner(context.api, interrupts, std::move(watch));
    TurnResult result;
    try {
        result = runner.run(conversation, beginning.action, body_for(beginning, who));
    } catch (...) {
        renderer.finish();
        throw;
    }
    renderer.finish();
    if (tell_files)
        tell_files(renderer.artifacts());
    else
        print_files(context, renderer.artifacts());
    return {tell_end(context, result, asker), std::move(result.jobs)};
}

}  // namespace assistd::cli
