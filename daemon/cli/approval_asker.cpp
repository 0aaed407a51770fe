#include "cli/approval_asker.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "cli/failure.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace assistd::cli {
void ApprovalAsker::see(const Event& event) {
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) return;
    const std::string call_id = field(data, "tool_call_id");
    if (event.name == "tool.result") {
        tell_if_missed(data);
        return withdraw(call_id);
    }
    // A turn that somebody else began may wait for them.
    if (event.name != "approval.required" || who_ == Approving::nobody) return;
    Question question;
    question.path = "/conversations/" + HttpClient::escaped(field(data, "conversation_id")) + "/turns/" +
                    HttpClient::escaped(field(data, "turn_id")) + "/approvals";
    question.call_id = call_id;
    question.name = field(data, "name");
    const std::string arguments = brief(data.value("arguments", Json()));
    question.text = harmless(titles_.in(api_, field(data, "message"))) + "\n  " + harmless(question.name) +
                    (arguments.empty() ? "" : ": " + harmless(arguments)) + "\n";
    auto& questions = who_ == Approving::person ? open_ : due_;
    // A daemon that was restarted may tell of it again.
    if (std::none_of(questions.begin(), questions.end(),
                     [&](const Question& one) { return one.call_id == call_id; }))
        questions.push_back(std::move(question));
}

void ApprovalAsker::tick() {
    // Each stays where it is until the daemon has been told: it may be away.
    while (!due_.empty()) {
        const Question question = due_.front();
        decide(question, "allow");
        due_.pop_front();
    }
    if (open_.empty()) return;
    if (!shown_) return show();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) <= 0) return;
    char bytes[256];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) return take("no");
    typed_.append(bytes, static_cast<std::size_t>(got));
    const std::size_t end = typed_.find('\n');
    if (end == std::string::npos) return;
    const std::string line = typed_.substr(0, end);
    typed_.clear();
    take(line);
}

void ApprovalAsker::show() {
    // What was typed before the question is no answer to it.
    ::tcflush(STDIN_FILENO, TCIFLUSH);
    typed_.clear();
    echo_.show();
    out_ << wrapped(open_.front().text, terminal_size().columns, 0) << "Allow it? [y/n] " << std::flush;
    shown_ = true;
}

void ApprovalAsker::take(const std::string& line) {
    std::string word;
    for (const char c : line)
        if (std::isspace(static_cast<unsigned char>(c)) == 0)
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool yes = word == "y" || word == "yes";
    if (!yes && word != "n" && word != "no") {
        out_ << "Please answer y or n: " << std::flush;
        return;
    }
    echo_.hide();
    shown_ = false;
    const Question question = open_.front();
    decide(question, yes ? "allow" : "refuse");
    std::erase_if(open_, [&](const Question& one) { return one.call_id == question.call_id; });
}

void ApprovalAsker::decide(const Question& question, const std::string& decision) {
    try {
        api_.post(question.path, {{"call_id", question.call_id}, {"decision", decision}});
    } catch (const Unreachable&) {
        throw;
    } catch (const Failure& failure) {
        // Somebody else was quicker, or the call has ended; the stream tells how it goes on.
        err_ << "assistctl: " << harmless(failure.what()) << '\n';
    }
}

void ApprovalAsker::tell_if_missed(const Json& result) {
    if (who_ != Approving::nobody || field(result, "error_type") != "PermissionError") return;
    const std::string name = field(result, "name");
    const Json tool = api_.get("/tools/" + HttpClient::escaped(name));
    if (!tool.value("needs_approval", false)) return;
    missed_ = true;
    err_ << "assistctl: " << harmless(titles_.with_name(api_, name))
         << " needs a person's approval and is refused; run it from a terminal, or with --yes.\n";
}

// It has a result: decided elsewhere, or nobody decided in time.
void ApprovalAsker::withdraw(const std::string& call_id) {
    const bool first = !open_.empty() && open_.front().call_id == call_id;
    if (first && shown_) out_ << "\n(no longer waiting)\n" << std::flush;
    if (first) shown_ = false;
    if (first) echo_.hide();
    std::erase_if(open_, [&](const Question& one) { return one.call_id == call_id; });
}

}  // namespace assistd::cli
