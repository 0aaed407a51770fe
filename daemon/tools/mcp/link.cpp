#include "tools/mcp/link.h"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>

#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

constexpr std::size_t longest_note = 500;
constexpr std::size_t longest_error = 2'000;

// What a request of the modern era says of itself; the progress token, if any, stands beside it.
void add_envelope(Json& params, const Era& era) {
    Json& meta = params["_meta"];
    meta["io.modelcontextprotocol/protocolVersion"] = era.version;
    meta["io.modelcontextprotocol/clientCapabilities"] = Json::object();
    meta["io.modelcontextprotocol/clientInfo"] = {{"name", "assistd"}, {"version", ASSISTD_VERSION}};
}

std::string seconds_text(std::chrono::milliseconds time) {
    return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

double fraction_of(const Json& params) {
    const Json& done = member(params, "progress");
    const Json& total = member(params, "total");
    if (!done.is_number() || !total.is_number() || total.get<double>() <= 0) return 0;
    return done.get<double>() / total.get<double>();
}

}  // namespace

McpError refusal_of(const std::string& text) {
    return {Fault::refused, text.empty() ? "answers with an error and does not say why"
                                         : "answers with an error: " + quoted(text, longest_error)};
}

void Link::use(Era era) {
    const std::lock_guard lock(mutex_);
    era_ = std::move(era);
}

Era Link::era() const {
    const std::lock_guard lock(mutex_);
    return era_;
}

Task<void> Link::close(std::optional<McpError> why) {
    if (closing_.exchange(true)) co_return;
    {
        const std::lock_guard lock(mutex_);
        why_closed_ = std::move(why);
    }
    co_await do_close();
}

std::optional<McpError> Link::why_closed() const {
    const std::lock_guard lock(mutex_);
    return why_closed_;
}

Task<Json> Link::ask(Ask ask) {
    const auto pending = std::make_shared<Pending>();
    pending->progress = ask.progress;
    const std::int64_t id = add(pending);
    Outgoing outgoing;
    outgoing.id = id;
    outgoing.method = ask.method;
    outgoing.era = ask.era ? *ask.era : era();
    if (outgoing.era.modern) add_envelope(ask.params, outgoing.era);
    if (ask.progress) ask.params["_meta"]["progressToken"] = id;
    outgoing.text = request_text(id, ask.method, ask.params);
    outgoing.headers = std::move(ask.headers);
    outgoing.limits = ask.limits;

    const Limits limits = ask.limits;
    const auto until = Clock::now() + limits.total;
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here);
    std::function<void()> watch = [&timer, pending, limits, until, &watch] {
        timer.expires_at(std::min(until, pending->last_heard.load() + limits.idle));
        timer.async_wait([&, pending, limits, until](const boost::system::error_code& error) {
            if (error || pending->done.done()) return;
            const auto now = Clock::now();
            Outcome late;
            if (now >= until)
                late.error = McpError(Fault::timeout, "did not answer within " + seconds_text(limits.total));
            else if (now >= pending->last_heard.load() + limits.idle)
                late.error = McpError(Fault::timeout, "was silent for " + seconds_text(limits.idle));
            if (late.error)
                pending->done.set(std::move(late));
            else
                watch();
        });
    };
    watch();
    Outcome outcome;
    {
        const std::stop_callback on_stop(ask.stop, [pending] {
            Outcome stopped;
            stopped.error = McpError(Fault::cancelled, "was not heard out: the call was cancelled");
            pending->done.set(std::move(stopped));
        });
        send(std::move(outgoing));
        outcome = co_await pending->done.wait();
    }
    timer.cancel();
    const bool unanswered = find(Json(id), true) != nullptr;
    if (unanswered) forget(id, ask.method);
    if (outcome.error) throw McpError(*outcome.error);
    co_return std::move(outcome.result);
}

std::int64_t Link::add(const std::shared_ptr<Pending>& pending) {
    const std::lock_guard lock(mutex_);
    if (ended_) throw McpError(*ended_);
    pending_.emplace(++last_id_, pending);
    return last_id_;
}

std::shared_ptr<Link::Pending> Link::find(const Json& id, bool remove) {
    if (!id.is_number_integer()) return nullptr;
    const std::lock_guard lock(mutex_);
    const auto found = pending_.find(id.get<std::int64_t>());
    if (found == pending_.end()) return nullptr;
    std::shared_ptr<Pending> pending = found->second;
    if (remove) pending_.erase(found);
    return pending;
}

bool Link::is_pending(std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    return pending_.contains(id);
}

void Link::fail(std::int64_t id, const McpError& error) {
    if (const auto pending = find(Json(id), true)) {
        Outcome outcome;
        outcome.error = error;
        pending->done.set(std::move(outcome));
    }
}

void Link::end(const McpError& error, bool tell_of_it) {
    std::map<std::int64_t, std::shared_ptr<Pending>> waiting;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
        ended_ = error;
        waiting.swap(pending_);
    }
    for (const auto& [id, pending] : waiting) {
        Outcome outcome;
        outcome.error = error;
        pending->done.set(std::move(outcome));
    }
    if (tell_of_it && events_.ended) events_.ended(error);
}

bool Link::take(std::string_view text) {
    const std::vector<Incoming> messages = read_messages(text);
    for (const Incoming& message : messages) take_one(message);
    return !messages.empty();
}

// A reply that nobody waits for - it came too late, twice, or for a request that never was - says nothing.
void Link::take_one(const Incoming& message) {
    switch (message.kind) {
        case Incoming::Kind::request:
            return answer(message);
        case Incoming::Kind::notification:
            if (message.method == "notifications/progress") return report(message.body);
            if (events_.notified) events_.notified(message.method, message.body);
            return;
        case Incoming::Kind::result:
        case Incoming::Kind::error:
            break;
    }
    const auto pending = find(message.id, true);
    if (!pending) return;
    Outcome outcome;
    if (message.kind == Incoming::Kind::result) {
        outcome.result = message.body;
    } else {
        McpError error = refusal_of(message.text);
        error.code = message.code;
        error.data = message.body;
        outcome.error = std::move(error);
    }
    pending->done.set(std::move(outcome));
}

// Nothing is declared that a server could ask for.
void Link::answer(const Incoming& request) {
    Outgoing reply;
    reply.era = era();
    reply.text = request.method == "ping"
                     ? result_text(request.id, Json::object())
                     : error_text(request.id, method_not_found,
                                  "assistd does not offer " + excerpt(request.method, 100) + ".");
    send(std::move(reply));
}

void Link::report(const Json& params) {
    const auto pending = find(member(params, "progressToken"), false);
    if (!pending) return;
    pending->last_heard = Clock::now();
    if (pending->progress)
        pending->progress({fraction_of(params), excerpt(text_in(params, "message"), longest_note)});
}

}  // namespace assistd::tools::mcp
