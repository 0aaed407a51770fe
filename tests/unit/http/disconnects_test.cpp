// Clients that leave at any moment, while others' replies are checked: no reply may reach anyone but its
// asker.

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <random>

#include "support.h"

namespace assistd::http::test {
namespace {

// The id many times over, so that a mixed-up or torn reply shows. Some replies are made at once, some after
// the client may have left and its descriptor been given to another.
std::string expected_body(int id) {
    std::string body;
    const std::string piece = "<" + std::to_string(id) + ">";
    const int count = id % 17 == 0 ? 6000 : id % 50 + 1;
    for (int i = 0; i < count; ++i) body += piece;
    return body;
}

Task<Reply> numbered(Request request) {
    const int id = std::stoi(request.path_value("id"));
    if (id % 3 == 0) {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_after(std::chrono::milliseconds(id % 7));
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return Reply::text(expected_body(id), "text/plain");
}

struct Tally {
    std::atomic<int> next_id{0};
    std::atomic<int> checked{0};
    std::atomic<int> wrong{0};
};

void one_visit(std::uint16_t port, std::mt19937& random, Tally& tally) {
    Client client(port);
    const int requests = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < requests; ++i) {
        const int id = ++tally.next_id;
        const std::string text = request("GET", "/numbered/" + std::to_string(id));
        const auto fate = random() % 10;
        if (fate == 0) {
            client.send(std::string_view(text).substr(0, random() % text.size()));
            return client.leave();
        }
        client.send(text);
        if (fate == 1) return client.reset();
        if (fate <= 3) return client.leave();
        if (fate == 4) {
            client.read_some(random() % 20 + 1);
            return client.reset();
        }
        const Answer answer = client.receive();
        ++tally.checked;
        if (answer.status != 200 || answer.body != expected_body(id)) ++tally.wrong;
    }
    client.reset();  // leaves no port waiting
}

TEST(Disconnects, NeverGiveAReplyToAnother) {
    Router router;
    router.add(Method::get, "/numbered/{id}", numbered);
    TestServer server(std::move(router));
    Tally tally;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 16; ++t)
        threads.emplace_back([&, t] {
            std::mt19937 random(t);
            while (tally.next_id < 20'000) one_visit(server.port(), random, tally);
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_GT(tally.checked, 8'000);
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
}

}  // namespace
}  // namespace assistd::http::test
