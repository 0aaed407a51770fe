#include "base/frame_socket.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/error.h"

namespace assistd {
namespace {

struct Sockets {
    FrameSocket left, right;
};

Sockets sockets(bool blocking = true) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0, ends), 0);
    return {FrameSocket(UniqueFd(ends[0])), FrameSocket(UniqueFd(ends[1]))};
}

TEST(FrameSocket, FramesOfEverySizeArriveInOrder) {
    auto [left, right] = sockets(false);
    for (const std::size_t size : {0u, 1u, 4'088u, 4'096u, 100'000u, 3'000'000u}) {
        left.queue(7, std::string(size, 'x'));
        std::optional<Frame> frame;
        while (!frame) {
            left.flush();
            right.fill();
            frame = right.take();
        }
        EXPECT_EQ(frame->kind, 7);
        EXPECT_EQ(frame->payload, std::string(size, 'x'));
    }
    EXPECT_EQ(right.fill(), SocketState::would_block);
    EXPECT_FALSE(right.take());
}

TEST(FrameSocket, SeveralFramesInOneReading) {
    auto [left, right] = sockets();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(left.send_now(static_cast<std::uint16_t>(i), std::to_string(i)));
    right.fill();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(right.take()->payload, std::to_string(i));
    EXPECT_FALSE(right.take());
}

TEST(FrameSocket, DescriptorsTravelWithTheirFrame) {
    auto [left, right] = sockets();
    int pipe_ends[2];
    ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
    const UniqueFd reading(pipe_ends[0]), writing(pipe_ends[1]);
    left.queue(1, "none");
    left.flush();
    left.queue(2, "two", {reading.get(), writing.get()});
    left.flush();
    std::vector<Frame> frames;
    while (frames.size() < 2) {
        right.fill();
        while (auto frame = right.take()) frames.push_back(std::move(*frame));
    }
    EXPECT_EQ(frames[0].files.size(), 0u);
    ASSERT_EQ(frames[1].files.size(), 2u);
    EXPECT_EQ(::write(frames[1].files[1].get(), "hi", 2), 2);
    char bytes[2];
    EXPECT_EQ(::read(frames[1].files[0].get(), bytes, 2), 2);
    EXPECT_TRUE(::fcntl(frames[1].files[0].get(), F_GETFD) & FD_CLOEXEC);
}

TEST(FrameSocket, WhatIsTooLargeIsRefusedOnBothSides) {
    auto [left, right] = sockets();
    EXPECT_THROW(left.queue(1, std::string(max_frame_bytes + 1, 'x')), Error);
    const std::uint32_t lie[2] = {static_cast<std::uint32_t>(max_frame_bytes + 1), 1};
    ASSERT_EQ(::write(left.fd(), lie, sizeof lie), 8);
    right.fill();
    EXPECT_THROW(right.take(), Error);
}

TEST(FrameSocket, DescriptorsThatWereNotSentAreNoticed) {
    auto [left, right] = sockets();
    const std::uint32_t lie[2] = {0, 1 | 1u << 16};
    ASSERT_EQ(::write(left.fd(), lie, sizeof lie), 8);
    right.fill();
    EXPECT_THROW(right.take(), Error);
}

TEST(FrameSocket, TheEndIsTheEnd) {
    auto pair = std::make_unique<Sockets>(sockets());
    FrameSocket right = std::move(pair->right);
    pair.reset();
    EXPECT_EQ(right.fill(), SocketState::closed);
    right.queue(1, "x");
    EXPECT_EQ(right.flush(), SocketState::closed);
    EXPECT_FALSE(right.send_now(1, "x"));
}

}  // namespace
}  // namespace assistd
