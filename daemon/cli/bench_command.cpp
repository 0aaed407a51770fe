#include "cli/bench_command.h"

#include <fmt/format.h>
#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <thread>

#include "cli/interrupts.h"
#include "cli/output.h"
#include "cli/sse_reader.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_ms = 100;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Measured {
    std::vector<double> first_token;  // seconds, of turns that said something
    std::vector<double> turn;         // of turns that completed
    int failed = 0;
    std::string why;  // the first one
};

// What all workers share.
struct Work {
    std::atomic<int> next = 0;
    std::atomic<bool> stop = false;
    std::mutex mutex;
    Measured measured;                       // under the mutex
    std::vector<std::string> conversations;  // that were begun, under the mutex

    void failed(const std::string& sentence) {
        const std::lock_guard lock(mutex);
        if (measured.failed++ == 0) measured.why = sentence;
    }
};

// One turn, as its stream tells it.
class TimedTurn {
  public:
    explicit TimedTurn(const std::atomic<bool>& stop) : stop_(stop) {}

    void run(const ApiClient& api, const std::string& conversation, const std::string& text) {
        SseReader reader([this](const Event& event) { see(event); });
        HttpRequest request;
        request.method = "POST";
        request.path =
            std::string(api_prefix) + "/conversations/" + HttpClient::escaped(conversation) + "/chat";
        request.body = Json{{"content", text}, {"stream", true}}.dump();
        request.headers = {"Accept: text/event-stream"};
        request.sink = [&](std::string_view bytes) { reader.feed(bytes); };
        request.tick = [this] {
            if (stop_) throw Failure(ExitCode::failed, "Stopped.");
        };
        begin_ = Clock::now();
        ApiClient::check(api.http().send(std::move(request)));
        if (!whole && why.empty()) why = "The stream of a turn ended before the turn did.";
    }

    std::optional<double> first_token;
    std::optional<double> whole;  // when it completed
    std::string why;              // it did not

  private:
    void see(const Event& event) {
        if (!first_token && (event.name == "message.delta" || event.name == "thinking.delta"))
            first_token = seconds_since(begin_);
        if (event.name == "turn.completed") whole = seconds_since(begin_);
        if (event.name != "turn.failed" && event.name != "turn.cancelled") return;
        const Json data = Json::parse(event.data, nullptr, false);
        const std::string message =
            data.is_object() ? field(data.value("error", Json::object()), "message") : "";
        why = message.empty() ? "A turn was cancelled." : message;
    }

    const std::atomic<bool>& stop_;
    Clock::time_point begin_;
};

// Takes turns until there are no more.
void work_through(const ApiClient& api, const BenchOptions& options, Work& work) {
    Json about = {{"title", "assistctl bench"}};
    if (!options.model.empty()) about["model"] = options.model;
    while (!work.stop && work.next++ < options.turns) {
        try {
            const std::string conversation = field(api.post("/conversations", about), "id");
            {
                const std::lock_guard lock(work.mutex);
                work.conversations.push_back(conversation);
            }
            TimedTurn turn(work.stop);
            turn.run(api, conversation, options.text);
            if (!turn.why.empty()) work.failed(turn.why);
            const std::lock_guard lock(work.mutex);
            if (turn.first_token) work.measured.first_token.push_back(*turn.first_token);
            if (turn.whole) work.measured.turn.push_back(*turn.whole);
        } catch (const std::exception& failure) {
            if (!work.stop) work.failed(failure.what());
        }
    }
}

// Waits for the workers, and has Ctrl-C end them.
void run_workers(const Context& context, const BenchOptions& options, Work& work) {
    Interrupts interrupts;  // before the threads, which must not be interrupted
    std::atomic<int> at_work = std::min(options.at_once, options.turns);
    std::vector<std::jthread> workers;
    for (int i = at_work; i > 0; --i)
        workers.emplace_back([&, api = context.api] {
            work_through(api, options, work);
            --at_work;
        });
    while (at_work > 0) {
        pollfd wake{interrupts.fd(), POLLIN, 0};
        ::poll(&wake, 1, look_ms);
        if (interrupts.take()) work.stop = true;
    }
}

// Nearest rank: a time that was measured.
double percentile(const std::vector<double>& sorted, double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

Json summary_of(std::vector<double> times) {
    if (times.empty()) return nullptr;
    std::sort(times.begin(), times.end());
    return {{"count", times.size()},
            {"p50_s", percentile(times, 0.50)},
            {"p95_s", percentile(times, 0.95)},
            {"max_s", times.back()}};
}

std::vector<std::string> row_of(const std::string& name, const Json& summary) {
    if (summary.is_null()) return {name, "0", "", "", ""};
    const auto milliseconds = [&](const char* key) {
        return fmt::format("{:.1f} ms", summary.at(key).get<double>() * 1e3);
    };
    return {name, field(summary, "count"), milliseconds("p50_s"), milliseconds("p95_s"),
            milliseconds("max_s")};
}

}  // namespace

ExitCode bench(Context& context, const BenchOptions& options) {
    Work work;
    const Clock::time_point begin = Clock::now();
    run_workers(context, options, work);
    const double took = seconds_since(begin);
    for (const std::string& conversation : work.conversations)
        context.api.remove("/conversations/" + HttpClient::escaped(conversation));
    const Measured& measured = work.measured;
    const double rate = static_cast<double>(measured.turn.size()) / std::max(took, 1e-9);
    const Json document = {{"turns", options.turns},
                           {"at_once", options.at_once},
                           {"completed", measured.turn.size()},
                           {"failed", measured.failed},
                           {"took_s", took},
                           {"turns_per_s", rate},
                           {"first_token", summary_of(measured.first_token)},
                           {"turn", summary_of(measured.turn)}};
    if (!as_json(context, document)) {
        context.out << table({{"", "COUNT", "P50", "P95", "LONGEST"},
                              row_of("first token", document.at("first_token")),
                              row_of("whole turn", document.at("turn"))},
                             context.terminal);
        context.out << fmt::format("\n{} of {} turns in {:.1f} s, {} at a time: {:.1f} a second.\n",
                                   measured.turn.size(), options.turns, took, options.at_once, rate);
    }
    if (work.stop) throw Failure(ExitCode::failed, "Stopped before all turns had been made.");
    if (measured.failed > 0)
        throw Failure(ExitCode::failed, fmt::format("{} of the turns failed. The first one: {}",
                                                    measured.failed, measured.why));
    return ExitCode::good;
}

void add_bench(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* made = app.add_subcommand(
        "bench", "Times turns of the daemon that runs; each is a real one and costs what its model costs");
    made->add_option("--turns", options->turns, "How many")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    made->add_option("--at-once", options->at_once, "How many go on at a time")
        ->check(CLI::Range(1, 500))
        ->capture_default_str();
    made->add_option("--text", options->text, "What is said in each")->capture_default_str();
    made->add_option("--model", options->model, "Who answers; the daemon's default otherwise")
        ->type_name("MODEL");
    made->callback(
        [options, &action] { action = [options](Context& context) { return bench(context, *options); }; });
}

}  // namespace assistd::cli
