// What is told of each request, and which trace it belongs to.

#include "http/observer.h"

#include <gtest/gtest.h>

#include "http/stream.h"
#include "support.h"

namespace assistd::http::test {
namespace {

class Told : public Observer {
  public:
    struct One {
        RequestNote note;
        std::string route;
        Outcome outcome;
        std::string request_id;
        TraceContext trace;
    };
    void arrived(Activity& activity) override {
        const std::lock_guard lock(mutex_);
        if (begins_traces_ && !activity.trace.is_there()) activity.trace = new_trace(true);
    }
    void answered(const RequestNote& note, const Outcome& outcome) override {
        const std::lock_guard lock(mutex_);
        all_.push_back(
            {note, std::string(note.route), outcome, this_activity()->request_id, note.activity->trace});
    }
    std::vector<One> wait_for(std::size_t count) {
        EXPECT_TRUE(becomes_true([&] {
            const std::lock_guard lock(mutex_);
            return all_.size() >= count;
        }));
        const std::lock_guard lock(mutex_);
        return all_;
    }
    void begin_traces() { begins_traces_ = true; }

  private:
    std::mutex mutex_;
    std::vector<One> all_;
    bool begins_traces_ = false;
};

Task<Reply> tell_trace(Request) {
    const Activity* activity = this_activity();
    std::string text = "none";
    if (activity && activity->trace.is_there())
        text = traceparent_of(activity->trace, activity->trace.parent) + " " + activity->trace.state;
    co_return Reply::text(text, "text/plain");
}

Task<Reply> say_hello(Request) {
    co_return Reply::event_stream([](std::shared_ptr<StreamWriter> out) -> Task<void> {
        out->write("data: hello\n\n");
        co_return;
    });
}

class ObserverTest : public testing::Test {
  protected:
    static Router router() {
        Router router = small_router();
        router.add(Method::get, "/trace/{id}", tell_trace);
        router.add(Method::get, "/stream", say_hello);
        return router;
    }
    static ServerOptions options(Told& told) {
        ServerOptions options;
        options.observer = &told;
        return options;
    }
    std::string trace_seen(const std::string& headers) {
        Client client(server_.port());
        return client.ask("GET /trace/1 HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n").body;
    }
    Told told_;
    TestServer server_{router(), options(told_)};
};

constexpr const char* parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST_F(ObserverTest, IsToldOfWhatWasAnswered) {
    Client client(server_.port());
    client.ask("GET /trace/7 HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: mine\r\n\r\n");
    const auto all = told_.wait_for(1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].route, "/trace/{id}");
    EXPECT_EQ(all[0].note.path, "/trace/7");
    EXPECT_EQ(all[0].note.method, Method::get);
    EXPECT_EQ(all[0].note.user, "local");
    EXPECT_EQ(all[0].note.peer, "127.0.0.1");
    EXPECT_EQ(all[0].request_id, "mine");
    EXPECT_EQ(all[0].outcome.status, 200);
    EXPECT_EQ(all[0].outcome.bytes, 4);
    EXPECT_TRUE(all[0].outcome.delivered);
    EXPECT_FALSE(all[0].outcome.streamed);
}

TEST_F(ObserverTest, AlsoOfWhatNoHandlerAnswered) {
    Client client(server_.port());
    client.ask("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.ask("DELETE /trace/7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.ask("no request at all\r\n\r\n");
    const auto all = told_.wait_for(3);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].outcome.status, 404);
    EXPECT_EQ(all[0].route, "");
    EXPECT_EQ(all[1].outcome.status, 405);
    EXPECT_EQ(all[2].outcome.status, 400);
    EXPECT_FALSE(all[2].note.method);
    EXPECT_NE(all[2].request_id, "");
}

TEST_F(ObserverTest, OfEachPipelinedRequestByItself) {
    Client client(server_.port());
    std::string both;
    for (const char* id : {"first", "second", "third"})
        both += std::string("GET /trace/1 HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: ") + id + "\r\n\r\n";
    client.send(both);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive().status, 200);
    const auto all = told_.wait_for(3);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].request_id, "first");
    EXPECT_EQ(all[1].request_id, "second");
    EXPECT_EQ(all[2].request_id, "third");
}

TEST_F(ObserverTest, OfAStreamWhenItHasEnded) {
    Client client(server_.port());
    EXPECT_EQ(client.ask("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "data: hello\n\n");
    const auto all = told_.wait_for(1);
    EXPECT_TRUE(all.at(0).outcome.streamed);
    EXPECT_EQ(all.at(0).outcome.bytes, 13);
    EXPECT_EQ(server_.server().streams(), 0u);
}

TEST_F(ObserverTest, TheCallersTraceIsTaken) {
    EXPECT_EQ(
        trace_seen(std::string("traceparent: ") + parent + "\r\ntracestate: a=1\r\ntracestate: b=2\r\n"),
        std::string(parent) + " a=1,b=2");
    const auto all = told_.wait_for(1);
    EXPECT_NE(all[0].note.span, 0u);
    EXPECT_EQ(hex_of(all[0].trace.parent), "b7ad6b7169203331");
}

TEST_F(ObserverTest, AMalformedTraceIsIgnored) {
    EXPECT_EQ(trace_seen("traceparent: 00-nonsense\r\ntracestate: a=1\r\n"), "none");
    EXPECT_EQ(trace_seen(std::string("traceparent: ") + parent + "\r\ntraceparent: " + parent + "\r\n"),
              "none");
    EXPECT_EQ(trace_seen(std::string("traceparent: ") + parent + "\r\ntracestate: =\r\n"),
              std::string(parent) + " ");
    EXPECT_EQ(trace_seen("tracestate: a=1\r\n"), "none");
}

TEST_F(ObserverTest, MayBeginATrace) {
    told_.begin_traces();
    EXPECT_NE(trace_seen(""), "none");
    EXPECT_EQ(trace_seen(std::string("traceparent: ") + parent + "\r\n"), std::string(parent) + " ");
}

}  // namespace
}  // namespace assistd::http::test
