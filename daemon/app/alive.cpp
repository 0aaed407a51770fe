#include "app/alive.h"

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "base/pause.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

constexpr auto before_asking_again = 1s;

Task<bool> store_answers(store::Storage* storage) {
    return storage->goes_on();
}

// Any answer: what it says is for monitors.
Task<bool> door_answers(const http::Server* server) {
    const asio::ip::tcp::endpoint address(asio::ip::make_address(server->address()), server->port());
    const std::string request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    std::array<char, 1> begin{};
    asio::ip::tcp::socket socket(co_await asio::this_coro::executor);
    const auto to_send = asio::buffer(request);
    const auto to_read = asio::buffer(begin);
    try {
        co_await socket.async_connect(address, asio::use_awaitable);
        co_await asio::async_write(socket, to_send, asio::use_awaitable);
        co_await socket.async_read_some(to_read, asio::use_awaitable);
    } catch (const boost::system::system_error&) {
        co_return false;
    }
    co_return true;
}

template <class Ask>
Task<void> ask_until_answered(Ask ask, std::function<void()> seen) {
    const std::stop_token never;
    while (true) {
        const bool answered = co_await ask();
        if (answered) break;
        co_await pause(before_asking_again, never);
    }
    seen();
}

template <class Ask>
SignOfLife sign(std::string name, asio::io_context& io, Ask ask) {
    return {std::move(name), [&io, ask](std::function<void()> seen) {
                asio::co_spawn(asio::make_strand(io), ask_until_answered(ask, std::move(seen)),
                               asio::detached);
            }};
}

}  // namespace

std::unique_ptr<Watchdog> watch(const Alive& alive) {
    const auto limit = alive.service.watchdog();
    if (!limit) return nullptr;
    asio::io_context& io = alive.threads.front().io;
    std::vector<SignOfLife> signs;
    signs.push_back(sign("the store", io, [storage = &alive.storage] { return store_answers(storage); }));
    signs.push_back(sign("the HTTP server", io, [server = &alive.server] { return door_answers(server); }));
    auto tell = [alive] {
        alive.service.still_alive(fmt::format("Listening on port {}: {} turns run, {} connections",
                                              alive.server.port(), alive.turns.running(),
                                              alive.server.connections()));
    };
    return std::make_unique<Watchdog>(*limit, alive.threads, std::move(signs), std::move(tell));
}

}  // namespace assistd::app
