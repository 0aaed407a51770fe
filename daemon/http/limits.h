#pragma once
// How much a client may send and how long it may take. A value that never changes while the server runs.

#include <chrono>
#include <cstddef>

namespace assistd::http {

struct Limits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t target_bytes = 4 * 1024;
    std::size_t headers = 100;
    std::size_t pipelined_bytes = 64 * 1024;  // sent ahead while a reply is still being made
    // The body of a request that is refused for how much its sender asks: one that is no longer is passed
    // over, so that he need not connect anew.
    std::int64_t passed_over_bytes = 32 * 1024;
    // What is read into memory, and never onto the disk, of a body whose sender is not known yet.
    std::int64_t unknown_body_bytes = 8 * 1024;
    std::size_t queue_bytes = 1 << 20;  // written but not yet taken by the client
    int connections = 8000;
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds head{10'000};
    std::chrono::milliseconds body{30'000};  // and as much again for each MiB beyond the first
    std::chrono::milliseconds stalled_write{30'000};
    std::chrono::milliseconds linger{2'000};
    std::chrono::milliseconds keep_alive_comment{15'000};
};

}  // namespace assistd::http
