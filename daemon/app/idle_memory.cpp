#include "app/idle_memory.h"

#include <malloc.h>

#include <boost/asio/steady_timer.hpp>

namespace assistd::app {
namespace {

constexpr std::chrono::seconds look_every{5};
constexpr int looks_until_idle = 4;
constexpr int large_block = 68 << 10;  // more than the buffers that files are read and written through

}  // namespace

void give_large_blocks_back_at_once() {
    ::mallopt(M_MMAP_THRESHOLD, large_block);
}

Task<void> give_memory_back_when_idle(IdleMemory memory) {
    const Executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    std::uint64_t seen = 0;
    int quiet = 0;
    while (true) {
        timer.expires_after(look_every);
        co_await timer.async_wait(asio::use_awaitable);
        const std::uint64_t activity = memory.turns.activity();
        quiet = activity == seen ? quiet + 1 : 0;
        seen = activity;
        if (quiet != looks_until_idle) continue;  // once in each quiet time
        memory.contexts.forget_all();
        memory.http_client.release_memory();
        co_await memory.storage.release_memory();
        ::malloc_trim(0);
    }
}

}  // namespace assistd::app
