// The memory of the daemon: with many turns that wait, and after many turns.

#include <fmt/format.h>

#include <stdexcept>

#include "exchange.h"
#include "plain_daemon.h"
#include "stream_crowd.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;

// What a daemon has that has been used a little: every pool has its threads, every cache something in it.
void warm_up(const PlainDaemon& daemon) {
    daemon.run_turns(daemon.new_conversations(64), 8, 256);
}

}  // namespace

WaitingFigures measure_waiting(const ExchangeSettings& settings) {
    PlainDaemon daemon(settings.common, Pace{.chunks = 2});
    warm_up(daemon);
    const auto count = static_cast<std::size_t>(settings.waiting);
    std::vector<std::string> requests;
    for (const std::string& chat : daemon.new_conversations(count))
        requests.push_back(streamed_chat(chat, "Tell me something slowly."));
    daemon.let_settle(settings.settle_seconds);
    WaitingFigures figures;
    figures.turns = settings.waiting;
    figures.idle_mb = daemon.figures().rss_mb;

    daemon.model().set_pace(Pace{.chunks = 2, .hold = true});
    StreamCrowd crowd(daemon.port(), std::move(requests));
    const auto begun = Clock::now();
    crowd.run(std::chrono::microseconds(200), std::chrono::seconds(60),
              [&] { return daemon.model().open_requests() == count; });
    figures.seconds_to_arrive = std::chrono::duration<double>(Clock::now() - begun).count();
    daemon.let_settle(1);
    if (daemon.model().open_requests() != count)
        throw std::runtime_error(fmt::format("Only {} turns wait.", daemon.model().open_requests()));
    figures.waiting_mb = daemon.figures().rss_mb;
    daemon.model().release();
    crowd.run(std::chrono::microseconds(0), std::chrono::seconds(60), [&] { return crowd.over() == count; });
    for (const StreamReader& reader : crowd.readers())
        if (!reader.completed()) throw std::runtime_error("A turn that had waited was not completed.");
    return figures;
}

MemoryFigures measure_memory(const ExchangeSettings& settings, std::uint64_t conversations) {
    PlainDaemon daemon(settings.common, Pace{.chunks = 2});
    warm_up(daemon);
    daemon.let_settle(settings.settle_seconds);
    MemoryFigures figures;
    figures.turns = settings.turns;
    figures.conversations = conversations;
    figures.idle_mb = daemon.figures().rss_mb;
    figures.idle_anonymous_mb = daemon.figures().anonymous_mb;
    figures.per_second = daemon.run_turns(daemon.new_conversations(conversations), 64, settings.turns);
    figures.right_after_mb = daemon.figures().rss_mb;
    daemon.let_settle(settings.settle_seconds);
    const ProcessFigures after = daemon.figures();
    figures.peak_mb = after.peak_rss_mb;
    figures.after_mb = after.rss_mb;
    figures.after_anonymous_mb = after.anonymous_mb;
    return figures;
}

}  // namespace assistd::bench
