// A socket that somebody else listens on, as systemd does.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "support.h"

namespace assistd::http::test {
namespace {

struct Given {
    UniqueFd socket;
    std::uint16_t port = 0;
};

Given listening_socket() {
    Given given{UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(given.socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(given.socket.get(), 16), 0);
    socklen_t size = sizeof address;
    ::getsockname(given.socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    given.port = ntohs(address.sin_port);
    return given;
}

ServerOptions with(const Given& given) {
    ServerOptions options;
    options.socket = given.socket.get();
    return options;
}

TEST(GivenSocket, IsAnsweredOnAtItsOwnPort) {
    const Given given = listening_socket();
    TestServer server(small_router(), with(given));
    EXPECT_EQ(server.port(), given.port);
    EXPECT_EQ(server.server().address(), "127.0.0.1");
    for (int i = 0; i < 50; ++i) {
        Client client(given.port);
        EXPECT_EQ(client.ask(request("GET", "/hello")).status, 200);
    }
}

TEST(GivenSocket, KeepsWhoConnectsBetweenTwoServers) {
    const Given given = listening_socket();
    std::unique_ptr<Client> waiting;
    {
        TestServer first(small_router(), with(given));
        Client client(given.port);
        EXPECT_EQ(client.ask(request("GET", "/hello")).status, 200);
        first.server().stop(0ms);
        waiting = std::make_unique<Client>(given.port);
        waiting->send(request("GET", "/hello"));
    }
    TestServer second(small_router(), with(given));
    EXPECT_EQ(waiting->receive().status, 200);
}

TEST(GivenSocket, IsAnsweredOnWhenManyConnectAtOnce) {
    const Given given = listening_socket();
    TestServer server(small_router(), with(given));
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(std::make_unique<Client>(given.port));
        clients.back()->send(request("GET", "/hello"));
    }
    for (const auto& client : clients) EXPECT_EQ(client->receive().status, 200);
}

}  // namespace
}  // namespace assistd::http::test
