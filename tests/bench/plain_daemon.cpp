#include "plain_daemon.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "http_text.h"
#include "load.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> arguments(const Settings& settings, std::uint16_t model_port) {
    const fs::path state = settings.folder / "plain-state";
    const fs::path plugins = settings.folder / "no-plugins";
    const fs::path config = settings.folder / "plain.yaml";
    fs::remove_all(state);
    fs::create_directories(plugins);
    std::ofstream(config) << fmt::format(
        "model: main:bench\n"
        "providers: {{main: {{kind: openai, base_url: \"http://127.0.0.1:{}/v1\", context_window: {}}}}}\n"
        "store: {{synchronous: full}}\n",
        model_port, settings.window);
    return {"--listen",  "127.0.0.1:0",    "--state",  state.string(),
            "--plugins", plugins.string(), "--config", config.string()};
}

}  // namespace

PlainDaemon::PlainDaemon(const Settings& settings, Pace pace)
    : model_(pace),
      daemon_(settings.daemon, arguments(settings, model_.port()), settings.folder / "plain.log") {}

std::vector<std::string> PlainDaemon::new_conversations(std::uint64_t count) const {
    const std::string path = "/api/v1/ai/conversations";
    Asker asker(port());
    std::vector<std::string> chats;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Answer answer = asker.ask(post_request(path, "{}"));
        if (!answer.success) throw std::runtime_error("No conversation could be made: " + answer.body);
        chats.push_back(path + "/" + nlohmann::json::parse(answer.body).at("id").get<std::string>() +
                        "/chat");
    }
    return chats;
}

double PlainDaemon::run_turns(const std::vector<std::string>& chats, int clients, std::uint64_t turns) const {
    Load load;
    load.port = port();
    load.clients = clients;
    load.time = std::chrono::hours(1);
    load.most = turns;
    const auto every = static_cast<std::uint64_t>(clients);
    load.request = [&](int client, std::uint64_t number) {
        const std::uint64_t turn = number * every + static_cast<std::uint64_t>(client);
        return post_request(chats[turn % chats.size()], fmt::format(R"({{"content":"message {}"}})", turn));
    };
    load.check = [](int, std::uint64_t, std::string_view head, std::string_view body) {
        return is_success(head) && body.find("~0001:") != std::string_view::npos;
    };
    const LoadResult result = run_load(load);
    if (result.wrong > 0)
        throw std::runtime_error(fmt::format("{} of {} replies were wrong, the first one:\n{}", result.wrong,
                                             result.latencies.count(), result.first_wrong));
    if (result.latencies.count() != turns) throw std::runtime_error("Not all turns were finished.");
    return result.per_second();
}

void PlainDaemon::let_settle(int seconds) const {
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    auto before = figures().cpu;
    for (int round = 0; round < 20; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        const auto after = figures().cpu;
        if (after == before) return;
        before = after;
    }
}

std::string streamed_chat(const std::string& path, std::string_view content) {
    std::string request = post_request(path, fmt::format(R"({{"content":"{}"}})", content));
    request.insert(request.find("\r\n") + 2, "Accept: text/event-stream\r\n");
    return request;
}

std::string completion_request(std::string_view content, bool streamed) {
    return post_request(
        "/v1/chat/completions",
        fmt::format(
            R"({{"model":"main:bench","stream":{},"tool_choice":"none","messages":[{{"role":"user","content":"{}"}}]}})",
            streamed, content));
}

}  // namespace assistd::bench
