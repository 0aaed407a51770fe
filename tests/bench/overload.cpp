#include "overload.h"

#include <fmt/format.h>
#include <sched.h>

#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "auth/account_book.h"
#include "daemon_process.h"
#include "http_text.h"
#include "paced_upstream.h"
#include "store/store.h"
#include "support/io_threads.h"
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

// What is asked for, and what there is of it.
struct Scene {
    std::string what;
    std::string limits;  // of the configuration
    int model_ms = 0;
    int clients = 0;  // that have all of it done that one user may
};

std::vector<std::string> arguments(const Settings& settings, const Scene& scene, const fs::path& state,
                                   std::uint16_t model_port) {
    const fs::path plugins = settings.folder / "no-plugins";
    const fs::path config = settings.folder / "overload.yaml";
    fs::create_directories(plugins);
    std::ofstream(config) << fmt::format(
        "model: main:bench\ntitles: first_message\nauth: {{mode: keys}}\n"
        "providers: {{main: {{kind: openai, base_url: \"http://127.0.0.1:{}/v1\", context_window: {}}}}}\n"
        "limits: {{overload: {{{}}}}}\n",
        model_port, settings.window, scene.limits);
    return {"--listen",  "127.0.0.1:0",    "--state",  state.string(),
            "--plugins", plugins.string(), "--config", config.string()};
}

// Users of a state that no daemon uses yet: their keys.
std::vector<std::string> keys_in(const fs::path& state, int users) {
    test::IoThreads io;
    fs::remove_all(state);
    const std::unique_ptr<store::Storage> storage = store::open_store({.folder = state});
    AuthConfig config;
    config.mode = AuthMode::keys;
    auth::AccountBook book(storage->accounts(), config);
    io.run(book.load());
    std::vector<std::string> keys;
    for (int i = 0; i < users; ++i) {
        const std::string name = "user" + std::to_string(i);
        io.run(book.add_user({name, core::UserRole::user, ""}));
        keys.push_back(io.run(book.make_key({name, "bench", {}, {}})).text);
    }
    return keys;
}

std::string as(const std::string& key, std::string request) {
    request.insert(request.find("\r\n") + 2, "Authorization: Bearer " + key + "\r\n");
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
    Overload(const OverloadSettings& settings, const Scene& scene)
        : settings_(settings),
          scene_(scene),
          cores_(std::max(2u, std::thread::hardware_concurrency())),
          state_(settings.common.folder / "overload-state"),
          keys_(keys_in(state_, settings.others + 1)) {
        Pace pace;
        pace.first = std::chrono::milliseconds(scene.model_ms);
        stay_on(1, cores_ - 1);
        model_ = std::make_unique<PacedUpstream>(pace);
        stay_on(0, 0);
        daemon_ = std::make_unique<DaemonProcess>(settings.common.daemon,
                                                  arguments(settings.common, scene, state_, model_->port()),
                                                  settings.common.folder / "overload.log");
        stay_on(1, cores_ - 1);
        for (int i = 0; i < settings.others * at_once; ++i)
            others_.push_back(new_conversation(key_of_other(i)));
        for (int i = 0; i < settings.connections; ++i) flood_.push_back(new_conversation(keys_.front()));
    }
    ~Overload() { stay_on(0, cores_ - 1); }
    Overload(const Overload&) = delete;
    Overload& operator=(const Overload&) = delete;

    // Turns a second when one user has always some more to ask.
    double capacity() const {
        Load load;
        load.port = daemon_->port();
        load.clients = scene_.clients;
        load.time = time();
        load.request = [this](int client, std::uint64_t number) {
            return as(keys_.front(), message_to(flood_[static_cast<std::size_t>(client)], number));
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
            return as(key_of_other(connection),
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
            return as(keys_.front(), message_to(flood_[static_cast<std::size_t>(connection)], number));
        };
        return checked(run_open_load(load), "the flood");
    }

    static constexpr std::chrono::milliseconds begin_and_end{500};

  private:
    static constexpr int at_once = 8;  // of each of the others: none of them waits for himself

    std::chrono::milliseconds time() const {
        return std::chrono::milliseconds(static_cast<std::int64_t>(settings_.common.seconds * 1000));
    }
    // The first key is the flood's.
    const std::string& key_of_other(int connection) const {
        return keys_[static_cast<std::size_t>(1 + connection % settings_.others)];
    }
    std::string new_conversation(const std::string& key) const {
        const std::string path = "/api/v1/ai/conversations";
        Asker asker(daemon_->port());
        const Answer answer = asker.ask(as(key, post_request(path, "{}")));
        if (!answer.success) throw std::runtime_error("No conversation could be made: " + answer.body);
        return path + "/" + nlohmann::json::parse(answer.body).at("id").get<std::string>() + "/chat";
    }

    const OverloadSettings& settings_;
    const Scene scene_;
    const unsigned cores_;
    const fs::path state_;
    const std::vector<std::string> keys_;
    std::unique_ptr<PacedUpstream> model_;
    std::unique_ptr<DaemonProcess> daemon_;
    std::vector<std::string> others_;  // their conversations
    std::vector<std::string> flood_;
};

OverloadFigures measure(const OverloadSettings& settings, const Scene& scene,
                        const std::function<void(std::string_view)>& note) {
    const Overload overload(settings, scene);
    OverloadFigures figures;
    figures.what = scene.what;
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

void add(Table& table, const OverloadSettings& settings, const OverloadFigures& figures) {
    constexpr double told_within_ms = 5;
    constexpr double others_times = 1.5;
    const OpenResult& flood = figures.flood;
    table.title(
        fmt::format("{}: one user asks for {} times what can be done; {} others for {:.0f} % of it, together",
                    figures.what, settings.times, settings.others, settings.known_share * 100));
    table.row("turns a second that one user can have", rate(figures.capacity));
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
}

}  // namespace

std::vector<OverloadFigures> measure_overload(const OverloadSettings& settings,
                                              const std::function<void(std::string_view)>& note) {
    const Scene places{fmt::format("{} places for turns", settings.places),
                       fmt::format("turns_at_once: {}, turns_waiting: 8", settings.places),
                       settings.slow_model_ms, settings.places * 3 / 4};
    const Scene core{"one core", "request_wait_s: 0.25, turn_wait_s: 0.25, turns_waiting: 100000",
                     settings.model_ms, 64};
    return {measure(settings, places, note), measure(settings, core, note)};
}

std::string as_table(const OverloadSettings& settings, const std::vector<OverloadFigures>& all) {
    Table table;
    for (const OverloadFigures& figures : all) add(table, settings, figures);
    return table.text();
}

}  // namespace assistd::bench
