#include "cli/turn_runner.h"

#include <poll.h>

#include "cli/failure.h"

namespace assistd::cli {
namespace {

constexpr int most_rejoins = 5;
constexpr int rejoin_pause_ms = 500;

// Typed or piped text may be in any encoding; JSON is UTF-8.
std::string checked_text(const Json& body) {
    try {
        return body.dump();
    } catch (const Json::type_error&) {
        throw Failure(ExitCode::usage, "The text is not valid UTF-8.");
    }
}

}  // namespace

TurnRunner::TurnRunner(const ApiClient& api, Interrupts& interrupts, std::function<void(const Event&)> sink,
                       std::function<void()> tick)
    : api_(api), interrupts_(interrupts), sink_(std::move(sink)), tick_(std::move(tick)) {}

TurnResult TurnRunner::run(const std::string& conversation, const std::string& action, const Json& body) {
    conversation_ = "/conversations/" + HttpClient::escaped(conversation);
    bool gone = false;
    bool over = stream(conversation_ + "/" + action, &body);
    for (int tries = 0; !over && tries < most_rejoins; ++tries) {
        if (turn_.empty()) break;
        pollfd wake{interrupts_.fd(), POLLIN, 0};
        if (tries > 0) ::poll(&wake, 1, rejoin_pause_ms);
        watch_interrupts();
        try {
            over = stream(conversation_ + "/turns/" + HttpClient::escaped(turn_) + "/events", nullptr);
            gone = false;
        } catch (const Unreachable&) {
            gone = true;
        }
    }
    const std::string show = api_.program() + " conversations show " + conversation;
    if (!over && gone)
        throw Unreachable(
            "assistd at " + api_.http().server() +
            " ended in the middle of the answer; start it again (./run.sh), it goes on with the "
            "turn by itself, and see it with: " +
            show);
    if (!over && turn_.empty())
        throw Unreachable("The connection to " + api_.http().server() +
                          " broke before the turn began; see whether it did with: " + show);
    if (!over)
        throw Unreachable("The connection to " + api_.http().server() +
                          " broke. The turn goes on there; see it with: " + show);
    return std::move(result_);
}

bool TurnRunner::stream(const std::string& path, const Json* body) {
    SseReader reader([this](const Event& event) { see(event); });
    HttpRequest request;
    request.method = body ? "POST" : "GET";
    request.path = api_prefix + path;
    if (body) request.body = checked_text(*body);
    request.headers = {"Accept: text/event-stream"};
    if (!last_id_.empty()) request.headers.push_back("Last-Event-ID: " + last_id_);
    request.sink = [&](std::string_view bytes) { reader.feed(bytes); };
    request.tick = [this] {
        watch_interrupts();
        tick_();
    };
    request.wake_fd = interrupts_.fd();
    const HttpReply reply = api_.http().send(std::move(request));
    ApiClient::check(reply);
    return ended_;
}

void TurnRunner::see(const Event& event) {
    last_id_ = event.id;
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) return;
    if (turn_.empty()) turn_ = data.value("turn_id", "");
    sink_(event);
    if (event.name == "tool.result" && data.value("job_id", Json()).is_string())
        result_.jobs.push_back(data.at("job_id"));
    if (event.name == "turn.completed") {
        result_.end = TurnEnd::completed;
        result_.reply = data.value("message", Json());
    } else if (event.name == "turn.failed") {
        result_.end = TurnEnd::failed;
        const Json error = data.value("error", Json::object());
        if (error.is_object()) result_.code = error.value("code", result_.code);
        result_.error = error.is_object() ? error.value("message", "The turn failed.") : "The turn failed.";
    } else if (event.name == "turn.cancelled") {
        result_.end = TurnEnd::cancelled;
    } else {
        return;
    }
    ended_ = true;
}

void TurnRunner::watch_interrupts() {
    while (interrupts_.take()) {
        if (cancel_wanted_) throw Failure(ExitCode::failed, "Left; the turn may go on in the daemon.");
        cancel_wanted_ = true;
    }
    if (!cancel_wanted_ || cancel_sent_ || turn_.empty()) return;
    cancel_sent_ = true;
    try {
        api_.post(conversation_ + "/turns/" + HttpClient::escaped(turn_) + "/cancel", Json::object());
    } catch (const Failure&) {
        // The turn may have ended at this moment; its stream tells. A second Ctrl-C leaves in any case.
        cancel_sent_ = false;
    }
}

}  // namespace assistd::cli
