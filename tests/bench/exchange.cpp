#include "exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "floor_store.h"
#include "http_text.h"
#include "load.h"
#include "nginx_process.h"
#include "plain_daemon.h"
#include "stream_crowd.h"
#include "stream_reader.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

double micros(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// One way of asking, and what it took each time.
struct Way {
    std::function<StreamAsker::Heard()> ask;
    std::vector<double> first;
    std::vector<double> last;
    std::vector<double> end;
    std::vector<double> chunk;  // the median of each exchange

    void sample() {
        const StreamAsker::Heard heard = ask();
        first.push_back(micros(heard.first));
        last.push_back(micros(heard.last));
        end.push_back(micros(heard.end));
        chunk.push_back(heard.lateness.ms(0.5) * 1000);
    }
    ExchangeTimes medians() const { return {median(first), median(last), median(end), median(chunk)}; }
};

double median_difference(const std::vector<double>& more, const std::vector<double>& less) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < more.size(); ++i) differences.push_back(more[i] - less[i]);
    return median(std::move(differences));
}

ExchangeTimes added(const Way& way, const Way& direct) {
    if (way.first.empty()) return {};
    return {median_difference(way.first, direct.first), median_difference(way.last, direct.last),
            median_difference(way.end, direct.end), median_difference(way.chunk, direct.chunk)};
}

// What the daemon asks of the model server in a first turn, to be sent by others as well.
std::string request_of_the_daemon(PlainDaemon& daemon) {
    const std::string chat = daemon.new_conversations(1).front();
    StreamAsker(daemon.port()).ask(streamed_chat(chat, "Tell me something."), 16);
    return daemon.model().last_request();
}

double time_of_commit(FloorStore& store, std::string_view text) {
    store.begin();
    store.begin_turn(0, text);
    const auto begun = Clock::now();
    store.commit();
    return micros(Clock::now() - begun);
}

Exchange measure_one(const ExchangeSettings& settings, PlainDaemon& daemon, NginxProcess* nginx,
                     FloorStore& commits, const std::string& request, Pace pace) {
    daemon.model().set_pace(pace);
    const std::vector<std::string> chats = daemon.new_conversations(64);
    StreamAsker to_model(daemon.model().port());
    StreamAsker to_daemon(daemon.port());
    StreamAsker to_nginx(nginx != nullptr ? nginx->port() : daemon.model().port());
    StreamAsker to_completions(daemon.port());
    const std::string completion_text = completion_request("Tell me something.", true);
    std::size_t turn = 0;
    Way direct{[&] { return to_model.ask(request, pace.chunks); }, {}, {}, {}, {}};
    Way proxied{[&] { return to_nginx.ask(request, pace.chunks); }, {}, {}, {}, {}};
    Way through{[&] {
                    return to_daemon.ask(streamed_chat(chats[turn++ % chats.size()], "Tell me something."),
                                         pace.chunks);
                },
                {},
                {},
                {},
                {}};
    Way completion{[&] { return to_completions.ask(completion_text, pace.chunks); }, {}, {}, {}, {}};
    std::vector<Way*> ways{&direct, &through, &completion};
    if (nginx != nullptr) ways.push_back(&proxied);
    for (int warm = 0; warm < 20; ++warm)
        for (Way* way : ways) way->ask();
    std::vector<double> commit_times;
    for (int round = 0; round < settings.samples; ++round) {
        // Each comes first as often as the others, since what runs before warms the caches.
        for (Way* way : ways) way->sample();
        std::rotate(ways.begin(), ways.begin() + 1, ways.end());
        commit_times.push_back(time_of_commit(commits, "Tell me something."));
    }
    Exchange figures;
    figures.samples = settings.samples;
    figures.direct = direct.medians();
    figures.daemon = through.medians();
    figures.completion = completion.medians();
    figures.nginx = proxied.medians();
    figures.added_by_daemon = added(through, direct);
    figures.added_by_completion = added(completion, direct);
    figures.added_by_nginx = added(proxied, direct);
    figures.commit = median(std::move(commit_times));
    return figures;
}

}  // namespace

std::vector<Exchange> measure_exchanges(const ExchangeSettings& settings) {
    const Pace at_once{.chunks = 16, .first = microseconds(0), .between = microseconds(0), .hold = false};
    const Pace paced{
        .chunks = 16, .first = microseconds(20'000), .between = microseconds(2'000), .hold = false};
    PlainDaemon daemon(settings.common, at_once);
    const auto program = find_nginx(settings.nginx);
    std::optional<NginxProcess> nginx;
    if (program) nginx.emplace(*program, settings.common.folder, daemon.model().port());
    FloorStore commits(settings.common.folder / "commits.db", 1);
    const std::string request = request_of_the_daemon(daemon);

    std::vector<Exchange> exchanges;
    for (const Pace& pace : {paced, at_once}) {
        exchanges.push_back(measure_one(settings, daemon, nginx ? &*nginx : nullptr, commits, request, pace));
        exchanges.back().model =
            pace.between.count() == 0
                ? fmt::format("all {} chunks at once", pace.chunks)
                : fmt::format("{} ms to the first of {} chunks, then one every {} ms",
                              pace.first.count() / 1000, pace.chunks, pace.between.count() / 1000);
        if (pace.between.count() != 0) continue;
        for (ExchangeTimes* times :
             {&exchanges.back().direct, &exchanges.back().nginx, &exchanges.back().daemon,
              &exchanges.back().completion, &exchanges.back().added_by_nginx,
              &exchanges.back().added_by_daemon, &exchanges.back().added_by_completion})
            times->chunk = 0;
    }
    return exchanges;
}

namespace {

struct CrowdFigures {
    std::uint64_t chunks = 0;
    double seconds = 0;
    double p50_ms = 0;
    double p99_ms = 0;
};

CrowdFigures run_crowd(std::uint16_t port, std::vector<std::string> requests, int chunks, bool turns) {
    const std::size_t count = requests.size();
    StreamCrowd crowd(port, std::move(requests));
    const auto begun = Clock::now();
    // Their chunks are spread over the time between two of one stream.
    crowd.run(microseconds(50'000 / count), std::chrono::seconds(60 + chunks / 20),
              [&] { return crowd.over() == count; });
    CrowdFigures figures;
    figures.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    Latencies all;
    for (const StreamReader& reader : crowd.readers()) {
        figures.chunks += static_cast<std::uint64_t>(reader.chunks());
        if (reader.chunks() != chunks || reader.completed() != turns)
            throw std::runtime_error(
                fmt::format("A stream ended after {} of {} chunks.", reader.chunks(), chunks));
        all.add(reader.lateness());
    }
    figures.p50_ms = all.ms(0.5);
    figures.p99_ms = all.ms(0.99);
    return figures;
}

}  // namespace

CompletionFigures measure_completions(const ExchangeSettings& settings) {
    PlainDaemon daemon(settings.common, Pace{.chunks = 2, .first = {}, .between = {}, .hold = false});
    Load load;
    load.clients = 64;
    load.time = std::chrono::milliseconds(static_cast<int>(1000 * settings.completion_seconds));
    load.check = [](int, std::uint64_t, std::string_view head, std::string_view) { return is_success(head); };
    const auto rate_of = [&load](std::uint16_t port, const std::string& request) {
        load.port = port;
        load.request = [&request](int, std::uint64_t) { return request; };
        const LoadResult result = run_load(load);
        if (result.wrong > 0) throw std::runtime_error("A reply was wrong:\n" + result.first_wrong);
        return result.per_second();
    };
    CompletionFigures figures;
    figures.clients = load.clients;
    const std::string completion = completion_request("Tell me something.", false);
    rate_of(daemon.port(), completion);  // warms it
    figures.per_second = rate_of(daemon.port(), completion);
    return figures;
}

StreamFigures measure_streams(const ExchangeSettings& settings) {
    const Pace pace{.chunks = static_cast<int>(settings.stream_seconds * 20),
                    .first = microseconds(50'000),
                    .between = microseconds(50'000),
                    .hold = false};
    PlainDaemon daemon(settings.common, Pace{});
    const std::string request = request_of_the_daemon(daemon);
    daemon.model().set_pace(pace);
    const auto count = static_cast<std::size_t>(settings.streams);
    std::vector<std::string> requests;
    for (const std::string& chat : daemon.new_conversations(count))
        requests.push_back(streamed_chat(chat, "Tell me something long."));

    const CrowdFigures direct =
        run_crowd(daemon.model().port(), std::vector<std::string>(count, request), pace.chunks, false);
    const auto cpu_before = daemon.figures().cpu;
    const CrowdFigures through = run_crowd(daemon.port(), std::move(requests), pace.chunks, true);
    const auto cpu = static_cast<double>((daemon.figures().cpu - cpu_before).count());

    StreamFigures figures;
    figures.streams = settings.streams;
    figures.seconds = through.seconds;
    figures.chunks = through.chunks;
    figures.expected = count * static_cast<std::uint64_t>(pace.chunks);
    figures.p50_ms = through.p50_ms;
    figures.p99_ms = through.p99_ms;
    figures.direct_p50_ms = direct.p50_ms;
    figures.direct_p99_ms = direct.p99_ms;
    figures.daemon_core_percent = cpu / 1e4 / through.seconds;
    figures.daemon_us_per_chunk = cpu / static_cast<double>(through.chunks);
    return figures;
}

}  // namespace assistd::bench
