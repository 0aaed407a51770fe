#include "cli/mcp_bridge.h"

#include <chrono>
#include <system_error>

#include "cli/failure.h"

namespace assistd::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_running = 64;
constexpr auto time_to_end = 1s;
constexpr auto pause = 1s;
constexpr auto patience = 10s;  // for what is answered at once
constexpr auto short_patience = 2s;
constexpr int internal_error = -32603;
constexpr int parse_error = -32700;

const auto nobody = [](const std::string&) {};

}  // namespace

McpBridge::McpBridge(const HttpClient& http, std::function<void(const std::string&)> write)
    : http_(http), write_(std::move(write)) {}

McpBridge::~McpBridge() {
    finish();
}

void McpBridge::tell(const std::string& message) {
    std::string line = message;
    for (char& c : line)
        if (c == '\n' || c == '\r') c = ' ';  // between values: in a text JSON has none
    const std::lock_guard lock(write_mutex_);
    write_(line);
}

McpBridge::Agreement McpBridge::agreement() const {
    const std::lock_guard lock(mutex_);
    return agreed_;
}

void McpBridge::take(std::string line) {
    std::optional<McpMessage> message = read_mcp_message(std::move(line));
    if (!message) return tell(mcp_error("null", parse_error, "The line is no JSON-RPC message."));
    if (message->is_request() && message->method == "initialize" && message->revision.empty())
        return initialize(std::move(*message));
    if (message->is_request()) return request(std::move(*message));
    if (!message->cancelled.empty()) cancel(*message);
    // A request that stands for itself is cancelled by leaving it.
    if (message->revision.empty() && !agreement().session.empty()) pass_on(*message);
}

void McpBridge::initialize(McpMessage message) {
    McpTransfer transfer(patience);
    std::string answer;
    HttpReply reply;
    try {
        reply = post(transfer, message, {}, [&](const std::string& text) { answer = text; });
    } catch (const Failure& failure) {
        return tell(mcp_error(message.id, internal_error, failure.what()));
    }
    if (answer.empty()) answer = reply.body;
    const Json json = Json::parse(answer, nullptr, false);
    const bool good = json.is_object() && json.contains("result") && json.at("result").is_object();
    if (good) {
        const std::lock_guard lock(mutex_);
        agreed_ = {reply.headers["mcp-session-id"], json.at("result").value("protocolVersion", "")};
        handshake_ = message.text;
    }
    if (json.is_object() && json.contains("jsonrpc")) return tell(answer);
    tell(mcp_error(message.id, internal_error,
                   "What answers at " + http_.server() + "/mcp does not speak MCP (status " +
                       std::to_string(reply.status) + "); is mcp.serve false in its configuration?"));
}

// Notifications and responses.
void McpBridge::pass_on(const McpMessage& message) {
    McpTransfer transfer(patience);
    try {
        post_in_session(transfer, message, nobody);
    } catch (const Failure&) {
        return;  // nobody waits for an answer; the next request says that the daemon is gone
    }
    if (message.method == "notifications/initialized" && !listener_.joinable())
        listener_ = std::thread([this] { listen(); });
}

void McpBridge::cancel(const McpMessage& message) {
    const std::lock_guard lock(mutex_);
    for (const auto& running : running_)
        if (running->message.id == message.cancelled && !running->message.revision.empty())
            running->transfer.give_up();
}

void McpBridge::forget_ended(std::unique_lock<std::mutex>& lock) {
    std::list<std::unique_ptr<Running>> over;
    for (auto it = running_.begin(); it != running_.end();) {
        const auto next = std::next(it);
        if ((*it)->over) over.splice(over.end(), running_, it);
        it = next;
    }
    lock.unlock();
    for (const auto& running : over) running->thread.join();
    lock.lock();
}

void McpBridge::request(McpMessage message) {
    const std::string id = message.id;
    std::string problem;
    try {
        auto made = std::make_unique<Running>();
        made->message = std::move(message);
        problem = begin(std::move(made));
    } catch (const Failure& failure) {
        problem = failure.what();
    }
    if (!problem.empty()) tell(mcp_error(id, internal_error, problem));
}

// Returns why it cannot.
std::string McpBridge::begin(std::unique_ptr<Running> made) {
    std::unique_lock lock(mutex_);
    forget_ended(lock);
    if (running_.size() >= most_running) return "64 requests are running already; wait until one has ended.";
    Running& running = *running_.emplace_back(std::move(made));
    try {
        running.thread = std::thread([this, &running] { run(running); });
    } catch (const std::system_error&) {
        running_.pop_back();
        return "The system has no thread left for another request.";
    }
    return {};
}

void McpBridge::run(Running& running) {
    const McpMessage& message = running.message;
    bool answered = false;
    const auto take = [&](const std::string& text) {
        answered = answered || is_mcp_response(text, message.id);
        tell(text);
    };
    std::string problem;
    int code = internal_error;
    try {
        const HttpReply reply = post_in_session(running.transfer, message, take);
        if (!answered && is_mcp_response(reply.body, message.id)) take(reply.body);
        const Json error = Json::parse(reply.body, nullptr, false);
        if (reply.status >= 400) {
            problem = "The daemon answered with status " + std::to_string(reply.status) + ".";
            if (error.is_object() && error.contains("error") && error.at("error").is_object()) {
                problem = error.at("error").value("message", problem);
                const Json given = error.at("error").value("code", Json());
                if (given.is_number_integer()) code = given.get<int>();
            }
        } else if (!reply.complete)
            problem = "The connection to assistd broke before the answer was complete.";
        // A stream that ends without an answer: the request was cancelled.
    } catch (const std::exception& failure) {
        problem = failure.what();
    }
    if (!answered && !problem.empty() && !running.transfer.given_up())
        tell(mcp_error(message.id, code, problem));
    const std::lock_guard lock(mutex_);
    running.over = true;
    changed_.notify_all();
}

HttpReply McpBridge::post(McpTransfer& transfer, const McpMessage& message, const Agreement& agreement,
                          const std::function<void(const std::string&)>& take) const {
    HttpRequest request;
    request.method = "POST";
    request.path = "/mcp";
    request.body = message.text;
    if (!message.revision.empty()) request.headers = mcp_headers(message);
    if (message.revision.empty() && !agreement.session.empty())
        request.headers = {"Mcp-Session-Id: " + agreement.session,
                           "MCP-Protocol-Version: " + agreement.revision};
    request.headers.push_back("Accept: application/json, text/event-stream");
    return transfer.send(http_, std::move(request), take);
}

HttpReply McpBridge::post_in_session(McpTransfer& transfer, const McpMessage& message,
                                     const std::function<void(const std::string&)>& take) {
    const Agreement agreed = agreement();
    HttpReply reply = post(transfer, message, agreed, take);
    const bool is_lost = reply.status == 404 && message.revision.empty() && !agreed.session.empty();
    if (!is_lost || !agree_again(agreed)) return reply;
    return post(transfer, message, agreement(), take);
}

// The daemon was restarted, or has forgotten a session that was idle for long: the program that speaks to us
// need not know.
bool McpBridge::agree_again(const Agreement& old) {
    const std::lock_guard one_at_a_time(again_mutex_);
    McpMessage handshake;
    {
        const std::lock_guard lock(mutex_);
        if (agreed_.session != old.session) return true;
        handshake.text = handshake_;
    }
    McpTransfer transfer(patience);
    const HttpReply reply = post(transfer, handshake, {}, nobody);
    const auto session = reply.headers.find("mcp-session-id");
    if (reply.status != 200 || session == reply.headers.end()) return false;
    McpMessage initialized;
    initialized.text = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
    const Agreement next{session->second, old.revision};
    post(transfer, initialized, next, nobody);
    {
        const std::lock_guard lock(mutex_);
        agreed_ = next;
    }
    tell(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");  // there may be others now
    return true;
}

// What the daemon tells without being asked.
void McpBridge::listen() {
    while (true) {
        const Agreement agreed = agreement();
        try {
            listen_to(agreed);
        } catch (const std::exception&) {
            // The daemon is gone. It may come back.
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, pause, [this] { return finishing_; })) return;
    }
}

void McpBridge::listen_to(const Agreement& agreed) {
    McpTransfer* transfer = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (finishing_) return;
        listening_ = std::make_unique<McpTransfer>();
        transfer = listening_.get();
    }
    HttpRequest request;
    request.path = "/mcp";
    request.headers = {"Accept: text/event-stream", "Mcp-Session-Id: " + agreed.session,
                       "MCP-Protocol-Version: " + agreed.revision};
    const HttpReply reply =
        transfer->send(http_, std::move(request), [this](const std::string& text) { tell(text); });
    if (reply.status == 404) agree_again(agreed);
}

void McpBridge::finish() {
    std::unique_lock lock(mutex_);
    if (std::exchange(finishing_, true)) return;
    changed_.notify_all();
    const auto all_over = [this] {
        for (const auto& running : running_)
            if (!running->over) return false;
        return true;
    };
    changed_.wait_for(lock, time_to_end, all_over);
    for (const auto& running : running_) running->transfer.give_up();
    if (listening_) listening_->give_up();
    changed_.wait(lock, all_over);
    forget_ended(lock);
    lock.unlock();
    if (listener_.joinable()) listener_.join();
    const Agreement agreed = agreement();
    if (agreed.session.empty()) return;
    HttpRequest farewell;
    farewell.method = "DELETE";
    farewell.path = "/mcp";
    farewell.headers = {"Mcp-Session-Id: " + agreed.session, "MCP-Protocol-Version: " + agreed.revision};
    try {
        McpTransfer(short_patience).send(http_, std::move(farewell), nobody);
    } catch (const Failure&) {
        return;  // with the daemon the session is gone, too
    }
}

}  // namespace assistd::cli
