#pragma once
// When something came to a socket, as the kernel tells. When its reader runs then is another matter: here it
// shares its processors with who is measured, and readers elsewhere do not. Any thread.

#include <sys/types.h>

#include <chrono>
#include <span>

namespace assistd::bench {

struct Arrived {
    ssize_t size = 0;  // as of recv(2): 0 at the end, below it with errno
    std::chrono::steady_clock::time_point at;
};

// From now on receive() can tell. Throws std::system_error.
void note_arrivals(int fd);
// Throws std::runtime_error when the kernel does not tell.
Arrived receive(int fd, std::span<char> bytes);

}  // namespace assistd::bench
