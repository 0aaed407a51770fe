// Prints what a call of an isolated plugin costs: start of a host, round trip alone, calls a second side by
// side. Not a test; run it by hand: build/dev/tests/plugin_call_bench

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <future>
#include <thread>

#include "base/logging.h"
#include "tools/plugins/plugin_source.h"

namespace assistd::tools {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

SourceCall echo_call(const PluginSource& source, std::size_t size, const std::string& owner) {
    SourceCall call;
    call.call.owner = owner;
    call.spec = source.tools().front();
    call.call.arguments = R"({"text":")" + std::string(size, 'x') + R"("})";
    return call;
}

Task<void> call_repeatedly(PluginSource* source, int count, std::size_t size, std::vector<double>* times,
                           std::vector<std::string> owners = {"one"}) {
    for (int i = 0; i < count; ++i) {
        SourceCall call = echo_call(*source, size, owners[static_cast<std::size_t>(i) % owners.size()]);
        core::ProgressSink no_progress;
        const auto begin = Clock::now();
        const SourceResult result = co_await source->call(std::move(call), std::move(no_progress));
        if (!result.success) std::abort();
        times->push_back(Microseconds(Clock::now() - begin).count());
    }
}

void measure(asio::io_context& context, PluginSource& source, int clients, int count, std::size_t size) {
    std::vector<std::vector<double>> times(static_cast<std::size_t>(clients));
    std::vector<std::future<void>> running;
    const auto begin = Clock::now();
    for (auto& own : times)
        running.push_back(asio::co_spawn(asio::make_strand(context),
                                         call_repeatedly(&source, count, size, &own), asio::use_future));
    for (auto& client : running) client.get();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::vector<double> all;
    for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
    std::ranges::sort(all);
    std::printf("%2d at once, %5zu bytes: p50 %6.1f us, p99 %7.1f us, %8.0f calls/s\n", clients, size,
                all[all.size() / 2], all[all.size() * 99 / 100], static_cast<double>(all.size()) / seconds);
}

// With more users than hosts each call begins with the end of another user's host.
void measure_owners(asio::io_context& context, PluginSource& source) {
    std::vector<std::string> owners;
    for (unsigned i = 0; i <= std::max(1u, std::thread::hardware_concurrency()); ++i)
        owners.push_back(std::to_string(i));
    std::vector<double> times;
    asio::co_spawn(asio::make_strand(context), call_repeatedly(&source, 1'000, 50, &times, owners),
                   asio::use_future)
        .get();
    std::ranges::sort(times);
    std::printf("%zu users in turn: p50 %.0f us, p99 %.0f us\n", owners.size(), times[times.size() / 2],
                times[times.size() * 99 / 100]);
}

void run() {
    const std::filesystem::path build = ASSISTD_BINARY_DIR;
    spdlog::set_level(spdlog::level::warn);
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    PluginSourceOptions options;
    options.folders = {build / "test-plugins"};
    options.host_binary = build / "bin/assistd-plugin-host";
    options.scratch_folder =
        std::filesystem::temp_directory_path() / ("plugin-bench." + std::to_string(::getpid()));
    const auto begin = Clock::now();
    PluginSource source(context, options);
    std::printf("start with one plugin: %.0f us\n", Microseconds(Clock::now() - begin).count());
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { context.run(); });
    const auto first = Clock::now();
    std::vector<double> times;
    asio::co_spawn(context, call_repeatedly(&source, 1, 10, &times), asio::use_future).get();
    std::printf("first call, with the start of its host: %.0f us\n",
                Microseconds(Clock::now() - first).count());
    measure(context, source, 1, 10'000, 50);
    measure(context, source, 1, 10'000, 4'096);
    measure(context, source, 16, 2'000, 50);
    measure(context, source, 64, 500, 50);
    measure_owners(context, source);
    source.stop();
    work.reset();
    for (std::thread& thread : threads) thread.join();
    std::filesystem::remove_all(options.scratch_folder);
}

}  // namespace
}  // namespace assistd::tools

int main() {
    assistd::tools::run();
}
