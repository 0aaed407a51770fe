#pragma once
// Sends ended spans to a collector (OTLP over HTTP, in JSON), in batches and in the background. Spans wait in
// a bounded queue: who ends one never waits, and what does not fit is counted and dropped. A collector that
// is away for a while gets what the queue still holds. Owned by app/, shared with the activities that are
// traced; any thread.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/span.h"
#include "telemetry/otlp_json.h"
#include "upstream/http_client.h"
#include "upstream/secrets.h"

namespace assistd::telemetry {

struct ExporterOptions {
    std::string url = {};                   // …/v1/traces
    std::vector<std::string> headers = {};  // "Name: value"
    Resource resource = {};
    std::size_t queue = 2'048;
    std::size_t batch = 512;
    std::chrono::milliseconds every{5'000};     // at the latest so long after it ended, a span is sent
    std::chrono::milliseconds timeout{10'000};  // of one request
    int attempts = 5;                           // of one batch
    std::chrono::milliseconds first_wait{1'000};
};

class SpanExporter : public SpanSink, public std::enable_shared_from_this<SpanExporter> {
  public:
    SpanExporter(asio::io_context& context, std::shared_ptr<HttpClient> client, ExporterOptions options);

    void ended(SpanRecord span) override;

    void start();  // once
    // Sends what waits, for at most so long. What ends afterwards is dropped.
    Task<void> stop(std::chrono::milliseconds at_most);

    struct Counts {
        std::uint64_t exported = 0;
        std::uint64_t dropped = 0;  // the queue was full
        std::uint64_t refused = 0;  // the collector did not take them, or did not answer
        std::size_t waiting = 0;
    };
    Counts counts() const;

  private:
    enum class Answer { taken, refused, later };
    struct Sent {
        Answer answer = Answer::taken;
        std::optional<std::chrono::milliseconds> retry_after;
        std::uint64_t rejected = 0;
        std::string why;
    };

    static Task<void> work(std::shared_ptr<SpanExporter> self);
    Task<void> wait_for_spans();
    std::vector<SpanRecord> take();
    Task<void> send(std::vector<SpanRecord> spans);
    Task<Sent> post(std::string body);
    void complain(const std::string& why);
    bool stopping() const { return stop_.stop_requested(); }

    const asio::strand<asio::io_context::executor_type> strand_;
    const std::shared_ptr<HttpClient> client_;
    const std::shared_ptr<const HttpHeaders> headers_;
    const ExporterOptions options_;
    const Secrets secrets_;     // that an answer may quote
    asio::steady_timer timer_;  // on the strand
    std::stop_source stop_;     // no more waiting: what is there is sent
    std::stop_source give_up_;  // not even that
    OneShot<> done_;

    mutable std::mutex mutex_;
    std::deque<SpanRecord> queue_;
    Counts counts_;
    bool started_ = false;
    std::chrono::steady_clock::time_point complained_{};
};

}  // namespace assistd::telemetry
