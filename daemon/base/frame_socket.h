#pragma once
// Length-prefixed frames with attached descriptors over one end of a Unix stream socket pair: how the daemon
// and a plugin host talk. Works on blocking and on non-blocking sockets. Used by one thread at a time; one
// may send while another reads.
//
// A frame is {u32 payload size, u16 kind, u16 number of descriptors}, then the payload; little-endian, same
// machine. Nothing that arrives is trusted: sizes and counts are bounded, and what breaks a bound throws
// Error{internal}.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace assistd {

inline constexpr std::size_t max_frame_bytes = 16u << 20;
inline constexpr std::size_t max_frame_files = 64;  // the kernel takes at most 253

struct Frame {
    std::uint16_t kind = 0;
    std::string payload;
    std::vector<UniqueFd> files;
};

enum class SocketState { done, would_block, closed };

class FrameSocket {
  public:
    explicit FrameSocket(UniqueFd socket) : socket_(std::move(socket)) {}

    int fd() const { return socket_.get(); }

    // Puts a frame in line. `files` stay open and the sender's until flush() said done.
    void queue(std::uint16_t kind, const std::string& payload, std::vector<int> files = {});
    SocketState flush();  // writes what is in line
    bool is_sending() const { return !out_.empty(); }

    // Reads once; `wait` false never blocks.
    SocketState fill(bool wait = true);
    // The next whole frame that was read.
    std::optional<Frame> take();

    // Sends a frame of a few bytes past the line, whole or not at all. The one function that another thread
    // may use, while nothing else is in line.
    bool send_now(std::uint16_t kind, const std::string& payload) const;

  private:
    UniqueFd socket_;
    std::string out_;
    std::size_t sent_ = 0;
    std::vector<int> out_files_;
    std::string in_;
    std::size_t taken_ = 0;  // bytes of in_ that were given out
    std::deque<UniqueFd> in_files_;
};

}  // namespace assistd
