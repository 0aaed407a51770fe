#include "cli/chat_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "cli/markdown.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr auto patience_with_jobs = std::chrono::seconds(1);
constexpr int job_step_percent = 10;

// A job, or null when the daemon does not answer soon.
Json look_at_job(const Context& context, const std::string& id) {
    HttpRequest request;
    request.path = std::string(api_prefix) + "/jobs/" + HttpClient::escaped(id);
    const auto end = std::chrono::steady_clock::now() + patience_with_jobs;
    request.tick = [end] {
        if (std::chrono::steady_clock::now() > end) throw Unreachable("It does not answer in time.");
    };
    try {
        return ApiClient::read(context.api.http().send(std::move(request)), context.api.http().server());
    } catch (const Unreachable&) {
        return nullptr;  // it may be there again next time
    } catch (const Failure& failure) {
        return {{"state", "gone"}, {"summary", failure.what()}};
    }
}

int percent_of(const Json& job) {
    const auto progress = job.find("progress");
    if (progress == job.end() || !progress->is_number()) return 0;
    return static_cast<int>(std::lround(progress->get<double>() * 100));
}

}  // namespace

ChatSession::ChatSession(Context& context, Interrupts& interrupts, AskOptions options)
    : context_(context), interrupts_(interrupts), options_(std::move(options)) {
    options_.patient = context.terminal.interactive;
    attachments_ = attached(context, options_.attach);
}

void ChatSession::greet() {
    const std::string where = "assistd at " + context_.api.http().server();
    if (options_.conversation.empty()) {
        const std::string keys = ". /help lists what can be typed, Ctrl-D leaves, Ctrl-C stops a reply.";
        context_.out << paragraph(context_, where + keys) << '\n';
        return;
    }
    open(options_.conversation);
}

ExitCode ChatSession::take(const std::string& line) {
    // The window may have been made narrower since.
    if (context_.terminal.interactive) context_.terminal.columns = terminal_size().columns;
    // Whoever reads JSON has the other commands for the rest.
    if (context_.json && line != "/quit" && line != "/exit") return say(line);
    if (line.starts_with("//")) return say(line.substr(1));
    return line.starts_with('/') ? command(line) : say(line);
}

ExitCode ChatSession::say(const std::string& text) {
    if (options_.conversation.empty()) {
        options_.conversation = conversation_for(context_, options_);
        if (!title_.empty()) change({{"title", std::exchange(title_, {})}});
    }
    const ExitCode code = run(message_of(options_, text, attachments_));
    attachments_.clear();  // not before: a message that could not be sent keeps them
    return code;
}

ExitCode ChatSession::run(const Beginning& beginning) {
    TellFiles files;
    if (context_.terminal.interactive)
        files = [this](const std::vector<Json>& artifacts) { tell_files(artifacts); };
    Talk talk = run_turn(context_, interrupts_, options_.conversation, beginning, options_, files);
    for (std::string& id : talk.jobs) jobs_.push_back({std::move(id)});
    return talk.code;
}

// How to get them is typed here.
void ChatSession::tell_files(const std::vector<Json>& artifacts) {
    if (artifacts.empty()) return;
    context_.out << "\nFiles\n";
    for (const Json& artifact : artifacts)
        context_.out << "  "
                     << one_line(field(artifact, "handle") + "  " + field(artifact, "name") + "  " +
                                     size_text(artifact.value("size", 0LL)),
                                 context_.terminal.columns - 2)
                     << '\n';
    const bool one = artifacts.size() == 1;
    context_.out << "  /save " << (one ? harmless(field(artifacts.front(), "handle")) : "HANDLE")
                 << (one ? " writes it here.\n" : " writes one of them here.\n");
}

std::string ChatSession::job_news() {
    std::string news;
    const auto tell = [&](const std::string& line) { news += (news.empty() ? "" : "\n") + harmless(line); };
    for (Job& known : jobs_) {
        const Json job = look_at_job(context_, known.id);
        if (job.is_null()) continue;
        const std::string title = context_.titles.title(context_.api, field(job, "tool"));
        const std::string name = title + " (" + known.id + ")";
        const std::string state = field(job, "state");
        if (state == "running") {
            const int percent = percent_of(job);
            if (percent < known.percent + job_step_percent) continue;
            known.percent = percent;
            tell(fmt::format("{}: {} % {}", name, percent, field(job, "note")));
            continue;
        }
        tell(name + ": " + state + ". " + field(job, "summary"));
        known.id.clear();
    }
    std::erase_if(jobs_, [](const Job& job) { return job.id.empty(); });
    return news;
}

}  // namespace assistd::cli
