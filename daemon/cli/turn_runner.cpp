#include "cli/turn_runner.h"

#include <poll.h>

#include "cli/failure.h"
#include "cli/how_to_start.h"
#include "cli/idempotency_key.h"

namespace assistd::cli {
namespace {

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

TurnRunner::TurnRunner(const ApiClient& api, Interrupts& interrupts, TurnWatch watch)
    : api_(api), interrupts_(interrupts), watch_(std::move(watch)), key_(new_idempotency_key()) {}

TurnResult TurnRunner::run(const std::string& conversation, const std::string& action, const Json& body) {
    conversation_ = "/conversations/" + HttpClient::escaped(conversation);
    Clock::time_point until = Clock::now() + watch_.patience;
    bool is_first = true;
    while (true) {
        const std::string seen = last_id_;
        const bool over = attempt(action, body);
        if (watch_.away && over) watch_.away(false);
        if (over) return std::move(result_);
        if (last_id_ != seen) until = Clock::now() + watch_.patience;
        if (Clock::now() >= until) give_up(conversation);
        if (watch_.away) watch_.away(true);
        // A connection that broke is taken up at once.
        if (!is_first || gone_) pause();
        is_first = false;
    }
}

// Asks for the turn, or joins it once it has begun.
bool TurnRunner::attempt(const std::string& action, const Json& body) {
    try {
        gone_ = false;
        if (turn_.empty()) return stream(conversation_ + "/" + action, &body);
        return stream(conversation_ + "/turns/" + HttpClient::escaped(turn_) + "/events", nullptr);
    } catch (const Unreachable&) {
        if (turn_.empty() && !watch_.waits_to_begin) throw;
        gone_ = true;
        return false;
    }
}

void TurnRunner::pause() {
    pollfd wake{interrupts_.fd(), POLLIN, 0};
    ::poll(&wake, 1, rejoin_pause_ms);
    watch_interrupts();
    if (cancel_wanted_ && gone_)
        throw Failure(ExitCode::failed, turn_.empty()
                                            ? "Left; nobody was asked, for assistd does not answer."
                                            : "Left; assistd goes on with the turn once it is there again.");
    watch_.tick();
}

void TurnRunner::give_up(const std::string& conversation) const {
    const std::string show = api_.program() + " conversations show " + conversation;
    const std::string& server = api_.http().server();
    if (turn_.empty() && gone_)
        throw Unreachable("assistd does not answer at " + server + "; start it with " + how_to_start() + ".");
    if (gone_)
        throw Unreachable("assistd at " + server + " ended in the middle of the answer; start it again (" +
                          how_to_start() + "), it goes on with the turn by itself, and see it with: " + show);
    if (turn_.empty())
        throw Unreachable("The connection to " + server +
                          " broke before the turn began; see whether it did with: " + show);
    throw Unreachable("The connection to " + server + " broke. The turn goes on there; see it with: " + show);
}

bool TurnRunner::stream(const std::string& path, const Json* body) {
    SseReader reader([this](const Event& event) { see(event); });
    HttpRequest request;
    request.method = body ? "POST" : "GET";
    request.path = api_prefix + path;
    if (body) request.body = checked_text(*body);
    request.headers = {"Accept: text/event-stream"};
    if (body) request.headers.push_back("Idempotency-Key: " + key_);
    if (!last_id_.empty()) request.headers.push_back("Last-Event-ID: " + last_id_);
    request.sink = [&](std::string_view bytes) {
        if (watch_.away) watch_.away(false);
        reader.feed(bytes);
    };
    request.tick = [this] {
        watch_interrupts();
        watch_.tick();
    };
    request.wake_fd = interrupts_.fd();
    const HttpReply reply = api_.http().send(std::move(request));
    if (reply.status == 503 && !turn_.empty()) {  // it is about to end
        gone_ = true;
        return false;
    }
    ApiClient::check(reply);
    return ended_;
}

void TurnRunner::see(const Event& event) {
    last_id_ = event.id;
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) return;
    if (turn_.empty()) turn_ = data.value("turn_id", "");
    watch_.sink(event);
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
    if (!cancel_wanted_ || cancel_sent_ || gone_ || turn_.empty()) return;
    cancel_sent_ = true;
    try {
        api_.post(conversation_ + "/turns/" + HttpClient::escaped(turn_) + "/cancel", Json::object());
    } catch (const Failure&) {
        // The turn may have ended at this moment; its stream tells. A second Ctrl-C leaves in any case.
        cancel_sent_ = false;
    }
}

}  // namespace assistd::cli
