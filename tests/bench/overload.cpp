#include "overload.h"

#include <fmt/format.h>
#include <sched.h>

#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "daemon_process.h"
#include "http_text.h"
#include "paced_upstream.h"
#include "table.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;

// Of this thread, and of what it begins from now on.
void stay_on(unsigned first, unsigned last) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (unsigned core = first; core <= last; ++core) CPU_SET(core, &cores);
    ::sched_setaffinity(0, sizeof cores, &cores);
}

std::vector<std::string> arguments(const Settings& settings, std::uint16_t model_port) {
    const fs::path plugins = settings.folder / "no-plugins";
    const fs::path config = settings.folder / "overload.yaml";
    fs::create_directories(plugins);
    // The bench is the proxy, so that each of those who ask has an address of his own.
    std::ofstream(config) << fmt::format(
        "model: main:bench\ntitles: first_message\n"
        "providers: {{main: {{kind: openai, base_url: \"http://127.0.0.1:{}/v1\", context_window: {}}}}}\n"
        "http: {{trusted_proxies: [127.0.0.1]}}\n"
        "limits: {{overload: {{request_wait_s: 0.25}}}}\n",
        model_port, settings.window);
    return {"--listen",  "127.0.0.1:0",    "--state",  (settings.folder / "overload-state").string(),
            "--plugins", plugins.string(), "--config", config.string()};
}

std::string from(const std::string& address, std::string request) {
    request.insert(request.find("\r\n") + 2, "X-Forwarded-For: " + address + "\r\n");
    return request;
}

std::string message_to(const std::string& chat, std::uint64_t number) {
    return post_request(chat, fmt::format(R"({{"content":"message {}"}})", number));
}

OpenResult checked(OpenResult result, const char* whose) {
    if (result.wrong > 0)
        throw std::runtime_error(fmt::format("{} of {}'s replies were wrong, the first one:\n{}",
                                             result.wrong, whose, result.first_wrong));
    return result;
}

class Overload {
  public:
    explicit Overload(const OverloadSettings& settings)
        : settings_(settings), cores_(std::max(2u, std::thread::hardware_concurrency())) {
        Pace pace;
        pace.first = std::chrono::milliseconds(settings.model_ms);
        stay_on(1, cores_ - 1);
        model_ = std::make_unique<PacedUpstream>(pace);
        stay_on(0, 0);
        daemon_ = std::make_unique<DaemonProcess>(settings.common.daemon,
                                                  arguments(settings.common, model_->port()),
                                                  settings.common.folder / "overload.log");
        stay_on(1, cores_ - 1);
        others_ = conversations(settings.others * at_once);
        flood_ = conversations(settings.connections);
    }
    ~Overload() { stay_on(0, cores_ - 1); }
    Overload(const Overload&) = delete;
    Overload& operator=(const Overload&) = delete;

    // Turns a second when one user has always some more to ask.
    double capacity() const {
        Load load;
        load.port = daemon_->port();
        load.clients = enough_clients;
        load.time = time();
        load.request = [this](int client, std::uint64_t number) {
            return from(flooder, message_to(flood_[static_cast<std::size_t>(client)], number));
        };
        load.check = [](int, std::uint64_t, std::string_view head, std::string_view) {
            return is_success(head);
        };
        const LoadResult result = run_load(load);
        if (result.wrong > 0) throw std::runtime_error("A turn failed:\n" + result.first_wrong);
        return result.per_second();
    }
    OpenResult known(double per_second) const {
        OpenLoad load;
        load.port = daemon_->port();
        load.per_second = per_second;
        load.connections = static_cast<int>(others_.size());
        load.time = time();
        load.request = [this](int connection, std::uint64_t number) {
            const int whose = connection % settings_.others;
            return from(fmt::format("192.0.2.{}", whose + 1),
                        message_to(others_[static_cast<std::size_t>(connection)], number));
        };
        return checked(run_open_load(load), "the others");
    }
    OpenResult flood(double per_second) const {
        OpenLoad load;
        load.port = daemon_->port();
        load.per_second = per_second;
        load.connections = settings_.connections;
        load.time = time() + 2 * begin_and_end;
        load.request = [this](int connection, std::uint64_t number) {
            return from(flooder, message_to(flood_[static_cast<std::size_t>(connection)], number));
        };
        return checked(run_open_load(load), "the flood");
    }

    static constexpr std::chrono::milliseconds begin_and_end{500};

  private:
    static constexpr const char* flooder = "198.51.100.1";
    static constexpr int enough_clients = 64;
    static constexpr int at_once = 8;  // of each of the others: none of them waits for himself

    std::chrono::milliseconds time() const {
        return std::chrono::milliseconds(static_cast<std::int64_t>(settings_.common.seconds * 1000));
    }
    std::vector<std::string> conversations(int count) const {
        const std::string path = "/api/v1/ai/conversations";
        Asker asker(daemon_->port());
        std::vector<std::string> chats;
        for (int i = 0; i < count; ++i) {
            const Answer answer = asker.ask(post_request(path, "{}"));
            if (!answer.success) throw std::runtime_error("No conversation could be made: " + answer.body);
            chats.push_back(path + "/" + nlohmann::json::parse(answer.body).at("id").get<std::string>() +
                            "/chat");
        }
        return chats;
    }

    const OverloadSettings& settings_;
    const unsigned cores_;
    std::unique_ptr<PacedUpstream> model_;
    std::unique_ptr<DaemonProcess> daemon_;
    std::vector<std::string> others_;  // their conversations
    std::vector<std::string> flood_;
};

}  // namespace

OverloadFigures measure_overload(const OverloadSettings& settings,
                                 const std::function<void(std::string_view)>& note) {
    const Overload overload(settings);
    OverloadFigures figures;
    note("what one user can have done");
    figures.capacity = overload.capacity();
    const double known = figures.capacity * settings.known_share;
    note("the others alone");
    figures.undisturbed = overload.known(known);
    note("the others beside the flood");
    auto flood =
        std::async(std::launch::async, [&] { return overload.flood(figures.capacity * settings.times); });
    std::this_thread::sleep_for(Overload::begin_and_end);
    figures.others = overload.known(known);
    figures.flood = flood.get();
    return figures;
}

std::string as_table(const OverloadSettings& settings, const OverloadFigures& figures) {
    constexpr double told_within_ms = 5;
    constexpr double others_times = 1.5;
    Table table;
    const OpenResult& flood = figures.flood;
    table.title(fmt::format(
        "One user asks for {} times what the daemon can do; {} others for {:.0f} % of it, together",
        settings.times, settings.others, settings.known_share * 100));
    table.row("turns a second that one user can have, on one core", rate(figures.capacity));
    table.row("the flood: asked for", rate(static_cast<double>(flood.sent) / flood.seconds));
    table.row("the flood: served", rate(flood.served_per_second()));
    table.row("the flood: refused", fmt::format("{:.1f} %", flood.refused_share() * 100));
    table.row("the flood: not even sent, for want of a connection", fmt::format("{}", flood.not_sent));
    table.row("the flood: unanswered", fmt::format("{}", flood.unanswered), "0", flood.unanswered == 0);
    table.row("told that it is too much, p50", ms(flood.refused.ms(0.5)));
    table.row("told that it is too much, p99", ms(flood.refused.ms(0.99)), "5 ms",
              flood.refused.count() > 0 && flood.refused.ms(0.99) <= told_within_ms);
    const auto row = [&](const char* what, double quantile) {
        const double alone = figures.undisturbed.served.ms(quantile);
        const double beside = figures.others.served.ms(quantile);
        table.row(fmt::format("the others' turns, {}: alone {}, beside the flood", what, ms(alone)),
                  ms(beside));
        table.row(fmt::format("the others' turns, {}: beside the flood / alone", what), times(beside / alone),
                  "1.5 times", beside <= others_times * alone);
    };
    row("p50", 0.5);
    row("p95", 0.95);
    row("p99", 0.99);
    table.row("the others: refused", fmt::format("{}", figures.others.refused.count()), "0",
              figures.others.refused.count() == 0);
    return table.text();
}

}  // namespace assistd::bench
