#include "telemetry/exporter.h"

#include <boost/asio/redirect_error.hpp>
#include <nlohmann/json.hpp>

#include "base/logging.h"
#include "base/pause.h"
#include "upstream/quoted_text.h"
#include "upstream/upstream_error.h"

namespace assistd::telemetry {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{30'000};
constexpr std::chrono::minutes between_complaints{1};
constexpr std::size_t longest_answer = 64 << 10;
constexpr std::size_t longest_quote = 200;

std::vector<std::string> all_headers(const ExporterOptions& options) {
    std::vector<std::string> lines = options.headers;
    lines.emplace_back("Content-Type: application/json");
    return lines;
}

bool may_pass(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

// How many spans a collector that answered 200 did not take after all: {"partialSuccess": {"rejectedSpans"}},
// a 64-bit number, which JSON has as a text.
std::uint64_t rejected_in(const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("partialSuccess")) return 0;
    const auto& partial = json["partialSuccess"];
    if (!partial.is_object() || !partial.contains("rejectedSpans")) return 0;
    const auto& rejected = partial["rejectedSpans"];
    if (rejected.is_number_unsigned()) return rejected.get<std::uint64_t>();
    return rejected.is_string() ? std::strtoull(rejected.get<std::string>().c_str(), nullptr, 10) : 0;
}

}  // namespace

SpanExporter::SpanExporter(asio::io_context& context, std::shared_ptr<HttpClient> client,
                           ExporterOptions options)
    : strand_(asio::make_strand(context)),
      client_(std::move(client)),
      headers_(std::make_shared<HttpHeaders>(all_headers(options))),
      options_(std::move(options)),
      secrets_(std::string(), options_.headers),
      timer_(strand_) {}

void SpanExporter::ended(SpanRecord span) {
    bool is_batch = false;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= options_.queue || stopping()) {
            ++counts_.dropped;
            return;
        }
        queue_.push_back(std::move(span));
        is_batch = queue_.size() == options_.batch;
    }
    if (is_batch) asio::post(strand_, [self = shared_from_this()] { self->timer_.cancel(); });
}

void SpanExporter::start() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(started_, true)) return;
    }
    asio::co_spawn(strand_, work(shared_from_this()), asio::detached);
}

Task<void> SpanExporter::stop(milliseconds at_most) {
    stop_.request_stop();
    {
        const std::lock_guard lock(mutex_);
        if (!started_) co_return;
    }
    asio::post(strand_, [self = shared_from_this()] { self->timer_.cancel(); });
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer limit(here, at_most);
    limit.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->give_up_.request_stop();
    });
    co_await done_.wait();
    limit.cancel();
}

SpanExporter::Counts SpanExporter::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts = counts_;
    counts.waiting = queue_.size();
    return counts;
}

Task<void> SpanExporter::work(std::shared_ptr<SpanExporter> self) {
    for (bool last = false; !last;) {
        co_await self->wait_for_spans();
        last = self->stopping();
        std::vector<SpanRecord> spans = self->take();
        while (!spans.empty()) {
            co_await self->send(std::move(spans));
            spans = self->take();
        }
    }
    self->done_.set();
}

Task<void> SpanExporter::wait_for_spans() {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= options_.batch || stopping()) co_return;
    }
    timer_.expires_after(options_.every);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

std::vector<SpanRecord> SpanExporter::take() {
    const std::lock_guard lock(mutex_);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.batch));
    std::vector<SpanRecord> spans(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return spans;
}

Task<void> SpanExporter::send(std::vector<SpanRecord> spans) {
    const std::string body = otlp_json(options_.resource, spans);
    milliseconds wait = options_.first_wait;
    Sent sent;
    for (int attempt = 1;; ++attempt) {
        sent = co_await post(body);
        if (sent.answer != Answer::later || attempt == options_.attempts || stopping()) break;
        const milliseconds pause_time =
            std::min(std::max(wait, sent.retry_after.value_or(wait)), longest_wait);
        co_await pause(pause_time, stop_.get_token());
        wait *= 2;
    }
    const std::uint64_t rejected =
        sent.answer == Answer::taken ? std::min<std::uint64_t>(sent.rejected, spans.size()) : spans.size();
    {
        const std::lock_guard lock(mutex_);
        counts_.exported += spans.size() - rejected;
        counts_.refused += rejected;
    }
    if (rejected > 0) complain(sent.why);
}

Task<SpanExporter::Sent> SpanExporter::post(std::string body) {
    HttpRequest request;
    request.url = options_.url;
    request.headers = headers_;
    request.body = std::make_shared<const std::string>(std::move(body));
    request.limits.connect = options_.timeout;
    request.limits.idle = options_.timeout;
    request.limits.total = options_.timeout;
    request.stop = give_up_.get_token();
    Sent sent;
    try {
        HttpReply reply = client_->send(std::move(request));
        const HttpHead head = co_await reply.head();
        std::string answer;
        for (std::string piece; answer.size() < longest_answer;) {
            const bool more = co_await reply.read(piece);
            if (!more) break;
            answer += piece;
        }
        if (head.status >= 200 && head.status < 300) {
            sent.rejected = rejected_in(answer);
            sent.why = "took a part of the spans only: " + answer;
        } else {
            sent.answer = may_pass(head.status) ? Answer::later : Answer::refused;
            sent.retry_after = head.retry_after;
            sent.why = "answered with status " + std::to_string(head.status) + ": " + answer;
        }
    } catch (const UpstreamError& error) {
        sent.answer = error.fault == UpstreamFault::cancelled ? Answer::refused : Answer::later;
        sent.why = error.what();
    }
    co_return sent;
}

void SpanExporter::complain(const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(mutex_);
        if (complained_.time_since_epoch().count() != 0 && now - complained_ < between_complaints) return;
        complained_ = now;
    }
    log::warn("spans are lost: the collector {}",
              excerpt(secrets_.blot_out(on_one_line(why)), longest_quote));
}

}  // namespace assistd::telemetry
