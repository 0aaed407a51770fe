#include "telemetry/exporter.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <boost/asio/use_future.hpp>
#include <nlohmann/json.hpp>

#include "support.h"

namespace assistd::telemetry {
namespace {

using http::test::becomes_true;
using namespace std::chrono_literals;

// A collector that answers as it is told to, and keeps what it took.
class Collector {
  public:
    Collector() : server_(router()) {}

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1/traces"; }
    asio::io_context& io() { return server_.io(); }
    void answers(std::vector<http::Reply> replies) {
        const std::lock_guard lock(mutex_);
        replies_.assign(std::make_move_iterator(replies.begin()), std::make_move_iterator(replies.end()));
    }
    std::vector<std::string> names() const {
        const std::lock_guard lock(mutex_);
        return names_;
    }
    std::size_t requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::optional<http::Request> last() const {
        const std::lock_guard lock(mutex_);
        if (headers_.empty()) return std::nullopt;
        http::Request request;
        request.headers = headers_;
        return request;
    }

  private:
    http::Router router() {
        http::Router router;
        router.add(http::Method::post, "/v1/traces",
                   [this](http::Request request) { return take(std::move(request)); });
        return router;
    }
    Task<http::Reply> take(http::Request request) {
        const std::lock_guard lock(mutex_);
        ++requests_;
        headers_ = request.headers;
        http::Reply reply = http::Reply::json("{}");
        if (!replies_.empty()) {
            reply = std::move(replies_.front());
            replies_.pop_front();
        }
        if (reply.status == 200) {
            const auto body = nlohmann::json::parse(request.body);
            for (const auto& span : body.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans"))
                names_.push_back(span.at("name"));
        }
        co_return reply;
    }

    mutable std::mutex mutex_;
    std::deque<http::Reply> replies_;
    std::vector<std::string> names_;
    http::Headers headers_;
    std::size_t requests_ = 0;
    http::test::TestServer server_;
};

class ExporterTest : public testing::Test {
  protected:
    std::shared_ptr<SpanExporter> exporter(ExporterOptions options) {
        if (options.url.empty()) options.url = collector_.url();
        options.headers = {"X-Key: very-secret-key"};
        options.first_wait = 1ms;
        exporter_ = std::make_shared<SpanExporter>(collector_.io(), client_, std::move(options));
        return exporter_;
    }
    static SpanRecord span(const std::string& name) {
        SpanRecord span;
        span.trace = new_trace(true);
        span.id = new_span_id();
        span.name = name;
        span.began = now();
        return span;
    }
    void stop(std::chrono::milliseconds at_most = 10s) {
        asio::co_spawn(asio::make_strand(collector_.io()), exporter_->stop(at_most), asio::use_future).get();
    }

    const std::shared_ptr<HttpClient> client_ = std::make_shared<HttpClient>();
    Collector collector_;
    std::shared_ptr<SpanExporter> exporter_;
};

TEST_F(ExporterTest, SendsABatchAsSoonAsItIsFullAndTheRestAtTheEnd) {
    exporter({.batch = 3, .every = 1h})->start();
    for (const char* name : {"a", "b", "c", "d"}) exporter_->ended(span(name));
    ASSERT_TRUE(becomes_true([&] { return collector_.names().size() == 4; }));
    exporter_->ended(span("e"));
    stop();
    EXPECT_EQ(collector_.names(), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
    EXPECT_EQ(collector_.last()->header("X-Key"), "very-secret-key");
    EXPECT_EQ(collector_.last()->header("Content-Type"), "application/json");
    EXPECT_FALSE(collector_.last()->header("traceparent"));
    EXPECT_EQ(exporter_->counts().exported, 5u);
    exporter_->ended(span("late"));
    EXPECT_EQ(exporter_->counts().dropped, 1u);
}

TEST_F(ExporterTest, SendsWhatHasWaitedLongEnough) {
    exporter({.every = 5ms})->start();
    exporter_->ended(span("a"));
    EXPECT_TRUE(becomes_true([&] { return collector_.names().size() == 1; }));
    stop();
}

TEST_F(ExporterTest, DropsWhatDoesNotFitAndCountsIt) {
    exporter({.queue = 2});
    for (int i = 0; i < 5; ++i) exporter_->ended(span("a"));
    EXPECT_EQ(exporter_->counts().dropped, 3u);
    EXPECT_EQ(exporter_->counts().waiting, 2u);
    exporter_->start();
    stop();
    EXPECT_EQ(exporter_->counts().exported, 2u);
}

TEST_F(ExporterTest, AsksACollectorThatIsBusyAgain) {
    std::vector<http::Reply> replies;
    replies.push_back(http::Reply::json("{}", 503));
    replies.push_back(http::Reply::json("{}", 429));
    collector_.answers(std::move(replies));
    exporter({.batch = 1})->start();
    exporter_->ended(span("a"));
    ASSERT_TRUE(becomes_true([&] { return collector_.names().size() == 1; }));
    EXPECT_EQ(collector_.requests(), 3u);
    stop();
    EXPECT_EQ(exporter_->counts().exported, 1u);
    EXPECT_EQ(exporter_->counts().refused, 0u);
}

TEST_F(ExporterTest, DoesNotRepeatWhatIsRefused) {
    std::vector<http::Reply> replies;
    replies.push_back(http::Reply::json("{\"message\": \"bad\"}", 400));
    replies.push_back(
        http::Reply::json(R"({"partialSuccess": {"rejectedSpans": "1", "errorMessage": "no"}})"));
    collector_.answers(std::move(replies));
    exporter({.batch = 1})->start();
    exporter_->ended(span("a"));
    ASSERT_TRUE(becomes_true([&] { return exporter_->counts().refused == 1; }));
    exporter_->ended(span("b"));
    ASSERT_TRUE(becomes_true([&] { return exporter_->counts().refused == 2; }));
    EXPECT_EQ(collector_.requests(), 2u);
    stop();
}

TEST_F(ExporterTest, GivesUpACollectorThatIsNotThere) {
    http::test::TestServer other{http::Router()};
    const std::string gone = "http://127.0.0.1:" + std::to_string(other.port()) + "/v1/traces";
    other.server().stop(0ms);
    exporter({.url = gone, .batch = 1, .attempts = 3})->start();
    exporter_->ended(span("a"));
    ASSERT_TRUE(becomes_true([&] { return exporter_->counts().refused == 1; }));
    stop();
}

TEST_F(ExporterTest, WaitsNoLongerThanItMayWhenItEnds) {
    // A socket that takes connections and never answers.
    const UniqueFd silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(silent.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(silent.get(), 1), 0);
    ASSERT_EQ(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    exporter({.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/", .timeout = 1h})
        ->start();
    exporter_->ended(span("a"));
    stop(10ms);
    EXPECT_EQ(exporter_->counts().refused, 1u);
}

}  // namespace
}  // namespace assistd::telemetry
