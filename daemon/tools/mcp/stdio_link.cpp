#include "tools/mcp/stdio_link.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/keeper_limits.h"
#include "base/pause.h"
#include "tools/plugins/host_process.h"
#include "upstream/line_reader.h"
#include "upstream/quoted_text.h"
#include "upstream/upstream_error.h"

namespace assistd::tools::mcp {
namespace {

// A program that does not read what it is told is not told more.
constexpr std::size_t outbox_limit = 2 * longest_message;
// Many servers print something on standard output as they start. One that goes on is none.
constexpr int most_broken_lines = 1'000;
constexpr std::size_t longest_error_line = 2'000;
constexpr std::size_t longest_last_words = 300;
constexpr std::size_t piece = 64u << 10;
// For what was written at the very end.
constexpr std::chrono::milliseconds pipes_grace{1'000};
// Between the end of its output and its own.
constexpr std::chrono::milliseconds end_grace{500};
constexpr int info_level = 1, warn_level = 2;

}  // namespace

std::shared_ptr<StdioLink> StdioLink::open(asio::io_context& context, const ChildPlan& plan,
                                           std::shared_ptr<PluginLog> log, Secrets secrets,
                                           std::shared_ptr<std::weak_ptr<Link>> own, LinkEvents events) {
    auto link =
        std::make_shared<StdioLink>(context, plan, std::move(log), std::move(secrets), std::move(events));
    *own = link;
    asio::co_spawn(link->strand_, read_output(link), asio::detached);
    asio::co_spawn(link->strand_, read_errors(link), asio::detached);
    asio::co_spawn(link->strand_, watch_end(link), asio::detached);
    return link;
}

StdioLink::StdioLink(asio::io_context& context, const ChildPlan& plan, std::shared_ptr<PluginLog> log,
                     Secrets secrets, LinkEvents events)
    : Link(std::move(events)),
      strand_(asio::make_strand(context)),
      log_(std::move(log)),
      secrets_(std::move(secrets)),
      process_(context, plan) {}

Task<void> StdioLink::read_output(std::shared_ptr<StdioLink> self) {
    std::string bytes(piece, '\0');
    LineReader lines(longest_message);
    const LineReader::Sink sink = [&](std::string_view line) { self->take_line(line); };
    while (self->given_up_.empty()) {
        const auto buffer = asio::buffer(bytes);
        const auto [error, count] =
            co_await self->process_.output().async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
        if (error) break;
        try {
            lines.feed(std::string_view(bytes).substr(0, count), sink);
        } catch (const UpstreamError& too_long) {
            self->give_up(too_long.what());
        }
    }
    // What came of a line that was not ended is not what was meant.
    if (self->given_up_.empty() && !self->closing_)
        asio::co_spawn(self->strand_, give_up_soon(self), asio::detached);
    else
        self->begin_end();
    const int status = co_await self->process_.ended();
    self->has_ended_ = true;
    self->begin_end();
    co_await self->errors_read_.wait();
    const bool by_us = self->closing_;
    const McpError wanted = self->why_closed().value_or(McpError(Fault::gone, "was ended by the daemon"));
    self->end(by_us ? wanted : self->why(status), !by_us);
    self->over_.set();
}

Task<void> StdioLink::read_errors(std::shared_ptr<StdioLink> self) {
    std::string bytes(piece, '\0');
    std::string line;
    while (true) {
        const auto buffer = asio::buffer(bytes);
        const auto [error, count] =
            co_await self->process_.errors().async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
        if (error) break;
        std::string_view rest = std::string_view(bytes).substr(0, count);
        for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
            line +=
                rest.substr(0, std::min(end, longest_error_line - std::min(line.size(), longest_error_line)));
            self->take_error_line(line);
            line.clear();
            rest.remove_prefix(end + 1);
        }
        line += rest.substr(0, longest_error_line - std::min(line.size(), longest_error_line));
    }
    if (!line.empty()) self->take_error_line(line);
    self->errors_read_.set();
}

Task<void> StdioLink::watch_end(std::shared_ptr<StdioLink> self) {
    co_await self->process_.ended();
    co_await pause(pipes_grace, std::stop_token());
    boost::system::error_code ignored;
    self->process_.output().close(ignored);
    self->process_.errors().close(ignored);
}

// A program that has ended by itself closes its output a moment before that is known.
Task<void> StdioLink::give_up_soon(std::shared_ptr<StdioLink> self) {
    co_await pause(end_grace, std::stop_token());
    if (!self->has_ended_) self->give_up("closed its standard output, so that nothing more can come of it,");
}

Task<void> StdioLink::enforce_end(std::shared_ptr<StdioLink> self) {
    co_await pause(keeper_longest + pipes_grace, std::stop_token());
    self->process_.kill();
}

void StdioLink::begin_end() {
    process_.let_go();
    if (!std::exchange(ending_, true))
        asio::co_spawn(strand_, enforce_end(std::static_pointer_cast<StdioLink>(shared_from_this())),
                       asio::detached);
}

Task<void> StdioLink::write(std::shared_ptr<StdioLink> self) {
    while (true) {
        std::string next;
        {
            const std::lock_guard lock(self->outbox_mutex_);
            if (self->outbox_.empty()) {
                self->writing_ = false;
                co_return;
            }
            next = std::move(self->outbox_.front());
            self->outbox_.pop_front();
        }
        const auto buffer = asio::buffer(next);
        const auto [error, count] =
            co_await asio::async_write(self->process_.input(), buffer, asio::as_tuple(asio::use_awaitable));
        const std::lock_guard lock(self->outbox_mutex_);
        self->outbox_bytes_ -= next.size();
        // The end of its output, which comes now, says why. Until then nothing more is written.
        if (error) co_return;
    }
}

void StdioLink::send(Outgoing outgoing) {
    if (outgoing.text.size() >= longest_message) {
        if (outgoing.id)
            fail(*outgoing.id,
                 McpError(Fault::refused, "was not asked: this is more than can be sent at once"));
        return;
    }
    bool full = false, begin = false;
    {
        const std::lock_guard lock(outbox_mutex_);
        full = outbox_bytes_ + outgoing.text.size() > outbox_limit;
        if (!full) {
            outbox_bytes_ += outgoing.text.size() + 1;
            outbox_.push_back(std::move(outgoing.text) + "\n");
            begin = !std::exchange(writing_, true);
        }
    }
    if (full && outgoing.id) fail(*outgoing.id, McpError(Fault::broken, "does not read what it is told"));
    if (!begin) return;
    const auto self = std::static_pointer_cast<StdioLink>(shared_from_this());
    asio::co_spawn(strand_, write(self), asio::detached);
}

Task<void> StdioLink::tell(std::string method, Json params) {
    Outgoing outgoing;
    outgoing.text = notification_text(method, params);
    outgoing.method = std::move(method);
    send(std::move(outgoing));
    co_return;
}

void StdioLink::forget(std::int64_t id, const std::string& method) {
    if (method == "initialize") return;  // which must not be cancelled
    Outgoing outgoing;
    outgoing.method = "notifications/cancelled";
    outgoing.text =
        notification_text(outgoing.method, {{"requestId", id}, {"reason", "Nobody waits for it any more."}});
    send(std::move(outgoing));
}

Task<void> StdioLink::do_close() {
    closing_ = true;
    const auto self = std::static_pointer_cast<StdioLink>(shared_from_this());
    asio::post(strand_, [self] { self->begin_end(); });
    co_await over_.wait();
}

void StdioLink::take_line(std::string_view line) {
    if (!given_up_.empty() || line.find_first_not_of(" \t") == std::string_view::npos) return;
    if (take(line)) {
        broken_in_a_row_ = 0;
        return;
    }
    log_->write(warn_level, "no message: " + secrets_.blot_out(excerpt(line, 200)));
    if (++broken_in_a_row_ >= most_broken_lines)
        give_up("sent " + std::to_string(broken_in_a_row_) + " lines in a row that are no messages");
}

void StdioLink::take_error_line(std::string_view line) {
    const std::string text = secrets_.blot_out(on_one_line(line));
    if (text.empty()) return;
    log_->write(info_level, text);
    last_words_ = excerpt(text, longest_last_words);
}

void StdioLink::give_up(const std::string& clause) {
    if (given_up_.empty()) given_up_ = clause;
    begin_end();
}

McpError StdioLink::why(int status) const {
    // As shells do, the keeper says so of a program that there is not; another try is no danger.
    constexpr int cannot_be_run = 127;
    if (given_up_.empty() && WIFEXITED(status) && WEXITSTATUS(status) == cannot_be_run &&
        !last_words_.empty())
        return {Fault::gone, "could not be started: " + last_words_};
    std::string clause = given_up_.empty() ? describe_end(status) : given_up_ + " and was ended";
    if (!last_words_.empty()) clause += "; the last that it said: \"" + last_words_ + "\"";
    return {Fault::crashed, clause};
}

}  // namespace assistd::tools::mcp
