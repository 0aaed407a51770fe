#include "plugin_bench.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/logging.h"
#include "tools/plugins/plugin_source.h"

namespace assistd::bench {
namespace {

using core::ToolErrorType;
using tools::PluginSource;
using tools::SourceCall;
using tools::SourceResult;
using Clock = std::chrono::steady_clock;

constexpr std::size_t sizes[] = {50, 4'096};

// What the daemon gives its plugins: as many threads as cores.
class Threads {
  public:
    Threads() {
        for (unsigned i = 0; i < std::max(2u, std::thread::hardware_concurrency()); ++i)
            threads_.emplace_back([this] { io.run(); });
    }
    ~Threads() {
        work_.reset();
        for (std::thread& thread : threads_) thread.join();
    }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    asio::io_context io;

  private:
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io);
    std::vector<std::thread> threads_;
};

class Bench {
  public:
    explicit Bench(const PluginSettings& settings) : settings_(settings) {}

    // Plugins of one folder; those named run in the daemon.
    std::unique_ptr<PluginSource> source(const std::filesystem::path& folder,
                                         const std::string& in_process = {}) {
        tools::PluginSourceOptions options;
        options.folders = {folder};
        options.host_binary = settings_.common.daemon.parent_path() / "assistd-plugin-host";
        options.scratch_folder = settings_.common.folder / ("scratch-" + std::to_string(++sources_));
        if (!in_process.empty()) options.in_process = {in_process};
        return std::make_unique<PluginSource>(threads_.io, std::move(options));
    }
    asio::strand<asio::io_context::executor_type> strand() { return asio::make_strand(threads_.io); }
    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(strand(), std::move(task), asio::use_future).get();
    }
    const PluginSettings& settings() const { return settings_; }

  private:
    const PluginSettings& settings_;
    int sources_ = 0;
    Threads threads_;
};

SourceCall call_of(const PluginSource& source, const std::string& tool, std::string arguments = "{}",
                   const std::string& owner = "one") {
    SourceCall call;
    for (const auto& spec : source.tools())
        if (spec->name == tool) call.spec = spec;
    if (!call.spec) throw std::runtime_error("No plugin of the benchmark has the tool " + tool + ".");
    call.call.name = tool;
    call.call.arguments = std::move(arguments);
    call.call.owner = owner;
    return call;
}

std::string text_of(std::size_t size) {
    return R"({"text":")" + std::string(size, 'x') + R"("})";
}

void expect(const SourceResult& result, std::optional<ToolErrorType> error = {}) {
    if (result.success == !error && (!error || result.error == *error)) return;
    throw std::runtime_error("A call of a plugin did not end as it should: " +
                             (result.success ? "it succeeded." : result.message));
}

Task<Clock::duration> time_of(PluginSource* source, SourceCall call,
                              std::optional<ToolErrorType> error = {}) {
    core::ProgressSink no_progress;
    const auto began = Clock::now();
    const SourceResult result = co_await source->call(std::move(call), std::move(no_progress));
    const auto took = Clock::now() - began;
    expect(result, error);
    co_return took;
}

// Call by call in turn, so that whatever else the machine does meets both alike.
Task<bool> compare(PluginSource* in_host, PluginSource* in_daemon, std::size_t size, int calls,
                   CallCost* cost) {
    constexpr int to_warm_up = 200;
    for (int i = -to_warm_up; i < calls; ++i) {
        SourceCall there = call_of(*in_host, "echo", text_of(size));
        const auto host = co_await time_of(in_host, std::move(there));
        SourceCall here = call_of(*in_daemon, "echo", text_of(size));
        const auto daemon = co_await time_of(in_daemon, std::move(here));
        if (i < 0) continue;
        cost->host.add(host);
        cost->daemon.add(daemon);
    }
    co_return true;
}

void measure_calls(Bench& bench, PluginFigures& figures) {
    const auto& folder = bench.settings().common.echo_plugins;
    const auto in_host = bench.source(folder), in_daemon = bench.source(folder, "org.assistd.test.echo");
    for (const std::size_t size : sizes) {
        CallCost& cost = figures.calls.emplace_back();
        cost.what = size < 1'024 ? std::to_string(size) + " bytes" : std::to_string(size / 1'024) + " KiB";
        bench.run(compare(in_host.get(), in_daemon.get(), size, bench.settings().calls, &cost));
    }
}

Task<bool> call_again_and_again(PluginSource* source, int calls, std::vector<std::string> owners,
                                Latencies* times) {
    for (int i = 0; i < calls; ++i) {
        SourceCall call =
            call_of(*source, "echo", text_of(sizes[0]), owners[static_cast<std::size_t>(i) % owners.size()]);
        const auto took = co_await time_of(source, std::move(call));
        times->add(took);
    }
    co_return true;
}

void measure_crowds(Bench& bench, PluginFigures& figures) {
    const auto source = bench.source(bench.settings().common.echo_plugins);
    const std::vector<std::string> one = {"one"};
    for (const int clients : {1, 16, 64}) {
        std::vector<std::future<bool>> running;
        const int each = bench.settings().calls / clients;
        std::vector<Latencies> times(static_cast<std::size_t>(clients));
        const auto began = Clock::now();
        for (Latencies& own : times)
            running.push_back(asio::co_spawn(
                bench.strand(), call_again_and_again(source.get(), each, one, &own), asio::use_future));
        for (auto& client : running) client.get();
        const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
        figures.side_by_side.emplace_back(clients, clients * each / seconds);
    }
    std::vector<std::string> owners;
    for (unsigned i = 0; i <= std::max(1u, std::thread::hardware_concurrency()); ++i)
        owners.push_back(std::to_string(i));
    bench.run(call_again_and_again(source.get(), bench.settings().loads, owners, &figures.users_in_turn));
}

// A source of its own each time, so that the copying of the library is in it.
void measure_loads(Bench& bench, PluginFigures& figures) {
    const Settings& common = bench.settings().common;
    const auto measure = [&](const std::string& name, const std::filesystem::path& folder,
                             const std::string& tool, const std::string& arguments,
                             std::optional<ToolErrorType> error = {}) {
        Latencies times;
        for (int i = 0; i < bench.settings().loads; ++i) {
            const auto source = bench.source(folder);
            times.add(bench.run(time_of(source.get(), call_of(*source, tool, arguments), error)));
        }
        figures.loads.emplace_back(name, std::move(times));
    };
    measure("a small plugin", common.echo_plugins, "echo", text_of(sizes[0]));
    measure("the simulation plugin", common.plugins, "list_algorithms", "{}");
    // These have no tool that needs no artifact.
    measure("the analysis plugin", common.plugins, "run_box_counting", "{}", ToolErrorType::ValidationError);
    measure("the export plugin", common.plugins, "export_geometry", "{}", ToolErrorType::ValidationError);
}

void measure_crashes(Bench& bench, PluginFigures& figures) {
    const auto source = bench.source(bench.settings().common.echo_plugins / "faults");
    const std::pair<const char*, const char*> kinds[] = {{"SIGSEGV", "fault_null"},
                                                         {"abort", "fault_abort"},
                                                         {"_exit", "fault_exit"},
                                                         {"a stack overflow", "fault_stack"},
                                                         {"an exception", "fault_throw"}};
    const auto again = [&] {
        return bench.run(time_of(source.get(), call_of(*source, "fault_environment")));
    };
    for (const auto& [what, tool] : kinds) {
        Crash& crash = figures.crashes.emplace_back(Crash{what, {}});
        for (int i = 0; i < bench.settings().crashes; ++i) {
            again();
            bench.run(time_of(source.get(), call_of(*source, tool), ToolErrorType::PluginCrashedError));
            crash.next.add(again());
        }
    }
}

void measure_loops(Bench& bench, PluginFigures& figures) {
    const auto source = bench.source(bench.settings().common.echo_plugins / "faults");
    for (int i = 0; i < bench.settings().loops; ++i) {
        SourceCall call = call_of(*source, "fault_loop");
        const std::chrono::milliseconds limit = call.spec->time_limit;
        figures.loop_limit_ms = static_cast<double>(limit.count());
        figures.past_limit.add(
            bench.run(time_of(source.get(), std::move(call), ToolErrorType::TimeoutError)) - limit);
    }
}

}  // namespace

PluginFigures measure_plugins(const PluginSettings& settings) {
    // Crashes are what is measured here, and no news.
    spdlog::set_level(spdlog::level::err);
    Bench bench(settings);
    PluginFigures figures;
    measure_calls(bench, figures);
    measure_crowds(bench, figures);
    measure_loads(bench, figures);
    measure_crashes(bench, figures);
    measure_loops(bench, figures);
    return figures;
}

}  // namespace assistd::bench
