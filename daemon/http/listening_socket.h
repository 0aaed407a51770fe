#pragma once
// The socket that Pistache accepts connections from, which it keeps to itself: found by its port, and
// exchanged for another one without Pistache's knowledge. Used by the server before its threads start and
// while it ends.

#include <cstdint>
#include <string>

namespace assistd::http {

class ListeningSocket {
  public:
    ListeningSocket() = default;
    // The one of this process that listens on the port, and the epoll that waits for it. Throws
    // Error{unavailable}.
    explicit ListeningSocket(std::uint16_t port);

    // From now on connections come from `socket`, which listens already and stays the caller's.
    void become(int socket);
    // Its backlog: Pistache never passes its own on.
    void listen(int backlog) const;
    // Where this machine itself reaches it: loopback when it listens on every address.
    std::string address() const;
    // From now on no connection comes. Whoever else has the socket, such as systemd, keeps what waits in it.
    void stop_accepting() const;

  private:
    int socket_ = -1;
    int epoll_ = -1;
    std::uint32_t events_ = 0;  // as Pistache wants them
    std::uint64_t data_ = 0;
};

}  // namespace assistd::http
