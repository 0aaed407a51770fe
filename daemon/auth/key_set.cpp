#include "auth/key_set.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/logging.h"
#include "base/secret.h"

namespace assistd::auth {
namespace {

constexpr auto longest_without_issuer = std::chrono::hours(24);

std::string content_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in)
        throw Error(ErrorCode::validation, "The public key of auth.jwt cannot be read from " + file + ".");
    return text;
}

std::vector<JwtKey> keys_of(const JwtConfig& config) {
    std::vector<JwtKey> keys;
    if (!config.public_key_file.empty())
        keys.push_back(JwtKey::of_pem(content_of(config.public_key_file), config.public_key_file));
    else if (config.jwks_url.empty())
        keys.push_back(JwtKey::of_secret(
            read_key("section auth.jwt", {config.secret_env, config.secret_file, config.secret_credential})));
    const auto is_allowed = [&](const JwtKey& key) {
        return std::find(config.algorithms.begin(), config.algorithms.end(), key.algorithm()) !=
               config.algorithms.end();
    };
    if (!std::all_of(keys.begin(), keys.end(), is_allowed))
        throw Error(ErrorCode::validation, "The key of auth.jwt is for " +
                                               std::string(name_of(keys.front().algorithm())) +
                                               ", which auth.jwt.algorithms does not have.");
    return keys;
}

}  // namespace

void check_key_of(const JwtConfig& config) {
    keys_of(config);
}

KeySet::KeySet(const JwtConfig& config, FetchText fetch, SteadyClock clock)
    : config_(config),
      fetch_(std::move(fetch)),
      clock_(std::move(clock)),
      keys_(std::make_shared<std::vector<JwtKey>>(keys_of(config))) {}

bool KeySet::may_fetch(Moment time) const {
    return !config_.jwks_url.empty() && (fetching_ || !tried_at_ || time - *tried_at_ >= config_.jwks_pause);
}

KeySet::Found KeySet::find(JwtAlgorithm algorithm, const std::string& key_id) const {
    const Moment time = clock_();
    const std::lock_guard lock(mutex_);
    const bool fetched = !config_.jwks_url.empty();
    const bool too_old = fetched && (!fetched_at_ || time - *fetched_at_ >= longest_without_issuer);
    auto fitting = std::make_shared<std::vector<JwtKey>>();
    for (const JwtKey& key : *keys_) {
        const bool is_meant = key_id.empty() || key.id().empty() || key.id() == key_id;
        if (!too_old && key.algorithm() == algorithm && is_meant) fitting->push_back(key);
    }
    const bool old = fetched && fetched_at_ && (doubted_ || time - *fetched_at_ >= config_.jwks_refresh);
    return {fitting, (fitting->empty() || old) && may_fetch(time)};
}

KeySet::Moment KeySet::good_until() const {
    if (config_.jwks_url.empty()) return Moment::max();
    return clock_() + config_.jwks_refresh;
}

int KeySet::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

std::optional<KeySet::Trouble> KeySet::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

bool KeySet::is_there() const {
    const std::lock_guard lock(mutex_);
    return config_.jwks_url.empty() || fetched_at_;
}

Keys KeySet::read_again() const {
    if (!config_.jwks_url.empty()) return nullptr;
    auto keys = std::make_shared<std::vector<JwtKey>>(keys_of(config_));
    const std::lock_guard lock(mutex_);
    return *keys == *keys_ ? nullptr : std::move(keys);
}

void KeySet::replace(Keys keys) {
    const std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    ++version_;
}

void KeySet::fetch_again() {
    const std::lock_guard lock(mutex_);
    if (!fetched_at_) return;
    doubted_ = true;
    tried_at_.reset();
    ++version_;  // what was verified is to be looked at again, too
}

Task<void> KeySet::fetch() {
    std::optional<OneShot<>> running;
    {
        const std::lock_guard lock(mutex_);
        if (fetching_) running = waiting_.emplace_back();
        if (!running && !may_fetch(clock_())) co_return;
        if (!running) tried_at_ = clock_();
        fetching_ = true;
    }
    if (running) {
        co_await running->wait();
        co_return;
    }
    try {
        take(co_await fetch_(config_.jwks_url));
    } catch (const std::exception& error) {
        log::warn("the keys for tokens at {}: {}", config_.jwks_url, error.what());
        const std::lock_guard lock(mutex_);
        trouble_ = Trouble{trouble_ ? trouble_->since : assistd::now(), error.what()};
    }
    std::vector<OneShot<>> waiting;
    {
        const std::lock_guard lock(mutex_);
        fetching_ = false;
        waiting.swap(waiting_);
    }
    for (const OneShot<>& one : waiting) one.set();
}

void KeySet::take(const std::string& text) {
    auto keys = std::make_shared<std::vector<JwtKey>>(read_key_set(text));
    const std::lock_guard lock(mutex_);
    fetched_at_ = clock_();
    doubted_ = false;
    trouble_.reset();
    if (*keys == *keys_) return;
    keys_ = std::move(keys);
    ++version_;
}

}  // namespace assistd::auth
