#include "sessions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "http_text.h"
#include "plain_daemon.h"

namespace assistd::bench {
namespace {

constexpr const char* base = "/api/v1/chatkit/sessions";

Answer good(Answer answer) {
    if (!answer.success) throw std::runtime_error("A session's request was refused: " + answer.body);
    return answer;
}

std::string delete_request(const std::string& path) {
    return "DELETE " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

}  // namespace

SessionReport measure_sessions(const SessionSettings& settings) {
    PlainDaemon daemon(settings.common, {});
    Asker asker(daemon.port());
    SessionReport report;
    for (int i = 0; i < settings.sessions; ++i) {
        const Answer created = good(asker.ask(post_request(base, "")));
        report.created.add(created.time);
        const std::string session =
            std::string(base) + "/" +
            nlohmann::json::parse(created.body).at("data").at("id").get<std::string>();
        report.threads.add(good(asker.ask(post_request(session + "/threads", ""))).time);
        good(asker.ask(delete_request(session)));
    }
    return report;
}

std::string as_table(const SessionReport& report) {
    const auto row = [](const char* what, const Latencies& times, int goal_ms) {
        return fmt::format("{:<18} p50 {:7.2f} ms   p95 {:7.2f} ms   (goal: {} ms at p95)\n", what,
                           times.ms(0.5), times.ms(0.95), goal_ms);
    };
    return row("session created", report.created, 500) + row("thread created", report.threads, 200);
}

}  // namespace assistd::bench
