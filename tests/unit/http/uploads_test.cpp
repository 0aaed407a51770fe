// Bodies: small ones in memory, large ones in an unnamed file, in both codings and in pieces of any size.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support.h"

namespace assistd::http::test {
namespace {

// "size:checksum:links" of what arrived in the file.
std::string fingerprint(std::string_view bytes) {
    std::uint64_t sum = 1469598103934665603u;
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return std::to_string(bytes.size()) + ":" + std::to_string(sum);
}

Task<Reply> take_file(Request request) {
    std::string all;
    char bytes[64 * 1024];
    for (ssize_t count = 0; (count = ::read(request.body_file.get(), bytes, sizeof bytes)) > 0;)
        all.append(bytes, static_cast<std::size_t>(count));
    struct stat status {};
    ::fstat(request.body_file.get(), &status);
    const bool well_kept = request.body.empty() && status.st_nlink == 0 &&
                           static_cast<std::size_t>(request.body_size) == all.size();
    co_return Reply::text(well_kept ? fingerprint(all) : "badly kept", "text/plain");
}

Router router() {
    Router router = small_router();
    RouteOptions options;
    options.max_body = 32 << 20;
    options.body_to_file = true;
    router.add(Method::post, "/files", take_file, options);
    return router;
}

std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
    return bytes;
}

std::string as_chunks(std::string_view body, std::size_t first, std::size_t step) {
    std::string coded;
    char size[32];
    for (std::size_t length = first; !body.empty(); length = (length * 7 + step) % 60'000 + 1) {
        const std::string_view chunk = body.substr(0, length);
        snprintf(size, sizeof size, "%zx\r\n", chunk.size());
        coded.append(size).append(chunk).append("\r\n");
        body.remove_prefix(chunk.size());
    }
    return coded + "0\r\n\r\n";
}

TEST(Uploads, GoToAnUnnamedFileWhole) {
    TestServer server(router());
    Client client(server.port());
    for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 1u << 20, (8u << 20) + 3}) {
        const std::string body = pattern(size);
        EXPECT_EQ(client.ask(request("POST", "/files", {}, body)).body, fingerprint(body));
    }
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Uploads, InChunksOfManySizes) {
    TestServer server(router());
    Client client(server.port());
    const std::string head = "POST /files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::size_t size : {1u, 70'000u, 3u << 20})
        for (const std::size_t step : {1u, 17u, 4095u}) {
            const std::string body = pattern(size);
            EXPECT_EQ(client.ask(head + as_chunks(body, step, step)).body, fingerprint(body));
        }
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Uploads, ChunksInMemoryAreTheBody) {
    TestServer server(router());
    Client client(server.port());
    const std::string body = pattern(900'000);
    const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::size_t step : {2u, 4096u, 59'999u})
        EXPECT_EQ(client.ask(head + as_chunks(body, step, step)).body, body);
}

TEST(Uploads, ManyAtOnceDoNotMix) {
    TestServer server(router());
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            Client client(server.port());
            for (int i = 0; i < 10; ++i) {
                const std::string body = pattern(static_cast<std::size_t>(50'000 * (t + 1) + i));
                if (client.ask(request("POST", i % 2 ? "/files" : "/echo", {}, body)).body !=
                    (i % 2 ? fingerprint(body) : body))
                    ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(Uploads, TooLargeIsSaidBeforeTheBodyIsRead) {
    TestServer server(router());
    Client client(server.port());
    const Answer answer =
        client.ask("POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554433\r\n\r\nfirst bytes");
    EXPECT_EQ(answer.status, 413);
    EXPECT_NE(answer.body.find("33554432"), std::string::npos);
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Uploads, TooLargeInChunksIsSaidWhileTheyArrive) {
    TestServer server(router());
    Client client(server.port());
    client.send("POST /files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "100000\r\n" + std::string(1 << 20, 'a') + "\r\n";
    std::thread sender([&] {
        for (int i = 0; i < 33 && client.send(chunk); ++i) continue;
    });
    EXPECT_EQ(client.receive().status, 413);
    sender.join();
}

TEST(Uploads, WithoutARoomForTheFileAreRefused) {
    ServerOptions options;
    options.upload_folder = "/nowhere/at/all";
    TestServer server(router(), options);
    Client client(server.port());
    const Answer answer = client.ask(request("POST", "/files", {}, "body"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Uploads, AClientThatLeavesLeavesNothingBehind) {
    TestServer server(router());
    ASSERT_TRUE(Client(server.port()).answers_another_request());
    ASSERT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
    // The first client's descriptor may still be open here, and is then counted.
    const auto before = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        Client client(server.port());
        client.send("POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nonly this");
        if (i % 2) client.reset();
    }
    EXPECT_TRUE(
        becomes_true([&] { return server.server().connections() == 0 && open_descriptors() <= before; }));
}

}  // namespace
}  // namespace assistd::http::test
