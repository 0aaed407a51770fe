#include "whole_turns.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "http_text.h"
#include "upstream_script.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string content_of(int client, std::uint64_t number) {
    return fmt::format("bench {}-{}", client, number);
}

void require_right(const LoadResult& result) {
    if (result.latencies.count() == 0) throw std::runtime_error("Not one turn was finished.");
    if (result.wrong == 0) return;
    throw std::runtime_error(fmt::format("{} of {} replies were wrong, the first one:\n{}", result.wrong,
                                         result.latencies.count(), result.first_wrong));
}

}  // namespace

std::string new_conversation(Asker& asker) {
    const Answer answer = asker.ask(post_request(conversations_path, "{}"));
    if (!answer.success) throw std::runtime_error("No conversation could be made: " + answer.body);
    return json::parse(answer.body).at("id").get<std::string>();
}

std::string chat_path(const std::string& conversation) {
    return conversations_path + "/" + conversation + "/chat";
}

std::string chat_request(const std::string& path, std::string_view content) {
    return post_request(path, fmt::format(R"({{"content":"{}"}})", content));
}

LoadResult run_turns(std::uint16_t port, int clients, std::chrono::milliseconds time,
                     const std::function<std::string(int, std::uint64_t)>& path) {
    Load load;
    load.port = port;
    load.clients = clients;
    load.time = time;
    load.request = [&](int client, std::uint64_t number) {
        return chat_request(path(client, number), content_of(client, number));
    };
    load.check = [](int client, std::uint64_t number, std::string_view head, std::string_view body) {
        return is_success(head) &&
               body.find(expected_reply(content_of(client, number))) != std::string_view::npos;
    };
    LoadResult result = run_load(load);
    require_right(result);
    return result;
}

std::vector<std::string> daemon_options(const Settings& settings, const std::string& state,
                                        const std::string& plugins) {
    const fs::path path = settings.folder / state;
    fs::remove_all(path);
    return {"--listen", "127.0.0.1:0", "--state", path.string(), "--plugins", plugins};
}

std::vector<std::string> model_options(const Settings& settings, std::uint16_t upstream_port) {
    const fs::path file = settings.folder / "bench.yaml";
    std::ofstream(file) << fmt::format(
        "model: main:bench\n"
        "providers: {{main: {{kind: openai, base_url: \"http://127.0.0.1:{}/v1\", context_window: {}}}}}\n"
        "titles: first_message\n"  // turns are measured, not what is asked after them
        "store: {{synchronous: full}}\n",
        upstream_port, settings.window);
    return {"--config", file.string()};
}

std::chrono::milliseconds milliseconds_of(double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace assistd::bench
