#include "auth.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "auth/gate.h"
#include "http/server.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "table.h"
#include "unit/auth/issuer.h"

namespace assistd::bench {
namespace {

using auth::Issuer;

constexpr double goal_us = 30;
constexpr int keys_of_a_user = 50;
constexpr int requests_in_turn = 50;
constexpr int first_tokens = 500;

std::string get_with(const std::string& path, const std::string& header) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n";
}

http::Router small_routes() {
    http::Router router;
    const http::Handler tell = [](http::Request request) -> Task<http::Reply> {
        co_return http::Reply::json("{\"user\":\"" + request.user + "\"}");
    };
    router.add(http::Method::get, "/open", tell, {.needs = http::Needs::nothing});
    router.add(http::Method::get, "/own", tell);
    return router;
}

// Users with keys, one login, and two who sign tokens.
class House {
  public:
    explicit House(const AuthSettings& settings)
        : storage_(store::open_store({.folder = settings.folder / "auth"})),
          rs256_(Issuer::of_rsa()),
          es256_(Issuer::of_ec()),
          book_(storage_->accounts(), config()) {
        io_.run(book_.load());
        fill(settings.keys);
        const auto login = io_.run(book_.log_in({"user0", password, "", "127.0.0.1"}));
        cookie = "assistd_session=" + login.cookie;
        token = sign(rs256_, 0);
        gate = gate_for(rs256_, JwtAlgorithm::rs256, settings.folder / "rs256.pem");
        gate_es256 = gate_for(es256_, JwtAlgorithm::es256, settings.folder / "es256.pem");
    }

    // Each is another token.
    std::string token_of(JwtAlgorithm algorithm, int number) const {
        return sign(algorithm == JwtAlgorithm::rs256 ? rs256_ : es256_, number + 1);
    }
    boost::asio::io_context& io() { return io_.io; }

    std::string key;
    std::string token;
    std::string cookie;
    std::unique_ptr<auth::Gate> gate;
    std::unique_ptr<auth::Gate> gate_es256;

  private:
    static constexpr const char* password = "a long password";

    static AuthConfig config() {
        AuthConfig config;
        config.mode = AuthMode::jwt;
        return config;
    }
    void fill(int keys) {
        for (int made = 0; made < keys;) {
            const std::string name = "user" + std::to_string(made / keys_of_a_user);
            io_.run(book_.add_user({name, core::UserRole::user, made == 0 ? password : ""}));
            std::vector<std::future<core::MadeKey>> all;
            for (int i = 0; i < keys_of_a_user && made < keys; ++i, ++made)
                all.push_back(io_.start(book_.make_key({name, "key " + std::to_string(i), {}, {}})));
            for (auto& one : all) key = one.get().text;
        }
    }
    static std::string sign(const Issuer& issuer, int number) {
        nlohmann::json claims = auth::good_claims();
        claims["exp"] = std::chrono::system_clock::to_time_t(now()) + 3'600;
        claims["jti"] = number;
        return issuer.sign(claims);
    }
    std::unique_ptr<auth::Gate> gate_for(const Issuer& issuer, JwtAlgorithm algorithm,
                                         const std::filesystem::path& file) {
        std::ofstream(file) << issuer.pem();
        JwtConfig jwt = auth::trusting({algorithm});
        jwt.public_key_file = file;
        return std::make_unique<auth::Gate>(book_, config(),
                                            std::make_unique<auth::TokenVerifier>(jwt, nullptr));
    }

    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_;
    const Issuer rs256_;
    const Issuer es256_;
    auth::AccountBook book_;
};

std::chrono::nanoseconds time_of(auth::Gate& gate, const http::Headers& headers) {
    static const std::string peer = "127.0.0.1";
    const auto begin = std::chrono::steady_clock::now();
    const auto identity = gate.identify({headers, http::Method::get, peer});
    const auto spent = std::chrono::steady_clock::now() - begin;
    if (!identity) throw std::runtime_error("The gate let nobody in.");
    return spent;
}

void ask(Asker& asker, const std::string& request, int times, Latencies& into) {
    for (int i = 0; i < times; ++i) {
        const Answer answer = asker.ask(request);
        if (!answer.success) throw std::runtime_error("A request was refused: " + answer.body);
        into.add(answer.time);
    }
}

void measure_requests(House& house, int requests, AuthReport& report) {
    http::ServerOptions options;
    options.port = 0;
    options.authenticator = house.gate.get();
    http::Server server(house.io(), options, small_routes());
    server.start();
    Asker asker(server.port());
    // In turn with each other: what else the machine does meanwhile is in all of them.
    for (int done = 0; done < requests; done += requests_in_turn) {
        ask(asker, get_with("/open", ""), requests_in_turn, report.open);
        ask(asker, get_with("/own", "Authorization: Bearer " + house.key + "\r\n"), requests_in_turn,
            report.key);
        ask(asker, get_with("/own", "Authorization: Bearer " + house.token + "\r\n"), requests_in_turn,
            report.token);
        ask(asker, get_with("/own", "Cookie: " + house.cookie + "\r\n"), requests_in_turn, report.cookie);
    }
    server.stop(std::chrono::milliseconds(100));
}

void measure_gate(House& house, int requests, AuthReport& report) {
    const http::Headers with_key{{"Authorization", "Bearer " + house.key}};
    const http::Headers with_token{{"Authorization", "Bearer " + house.token}};
    const http::Headers with_cookie{{"Cookie", house.cookie}};
    for (int i = 0; i < requests; ++i) {
        report.gate_key.add(time_of(*house.gate, with_key));
        report.gate_token.add(time_of(*house.gate, with_token));
        report.gate_cookie.add(time_of(*house.gate, with_cookie));
    }
    for (int i = 0; i < first_tokens; ++i) {
        const auto first = [&](auth::Gate& gate, JwtAlgorithm algorithm) {
            return time_of(gate, {{"Authorization", "Bearer " + house.token_of(algorithm, i)}});
        };
        report.first_rs256.add(first(*house.gate, JwtAlgorithm::rs256));
        report.first_es256.add(first(*house.gate_es256, JwtAlgorithm::es256));
    }
}

}  // namespace

AuthReport measure_auth(const AuthSettings& settings) {
    House house(settings);
    AuthReport report;
    measure_requests(house, settings.requests, report);
    measure_gate(house, settings.requests, report);
    return report;
}

std::string as_table(const AuthSettings& settings, const AuthReport& report) {
    const auto us = [](const Latencies& times, double quantile) { return times.ms(quantile) * 1'000; };
    const auto shown = [](double microseconds) { return fmt::format("{:.1f} us", microseconds); };
    const double open = us(report.open, 0.5);
    Table table;
    table.title(fmt::format("Who asks, with {} keys: whole requests (p50)", settings.keys));
    table.row("a request that needs nobody", shown(open));
    const auto more = [&](const char* what, const Latencies& times) {
        const double added = us(times, 0.5) - open;
        table.row(what, shown(added), fmt::format("<= {:.0f} us", goal_us), added <= goal_us);
    };
    more("an API key adds", report.key);
    more("a token that is known adds", report.token);
    more("a login's cookie adds", report.cookie);
    table.title("The gate alone (p50, p99)");
    const auto alone = [&](const char* what, const Latencies& times) {
        table.row(what, fmt::format("{:.1f}, {:.1f} us", us(times, 0.5), us(times, 0.99)));
    };
    alone("an API key", report.gate_key);
    alone("a token that is known", report.gate_token);
    alone("a login's cookie", report.gate_cookie);
    alone("a new token, RS256", report.first_rs256);
    alone("a new token, ES256", report.first_es256);
    return table.text();
}

}  // namespace assistd::bench
