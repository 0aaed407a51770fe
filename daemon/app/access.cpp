#include "app/access.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cerrno>
#include <cstring>

#include "app/access_oddities.h"
#include "app/state_lock.h"
#include "auth/fetch_keys.h"
#include "auth/secret_text.h"
#include "base/error.h"
#include "base/logging.h"
#include "base/unique_fd.h"
#include "store/store.h"

namespace assistd::app {
namespace {

std::unique_ptr<auth::Gate> gate_of(const AuthConfig& config, auth::AccountBook& book,
                                    std::shared_ptr<HttpClient> client) {
    if (config.mode == AuthMode::none) return nullptr;
    std::unique_ptr<auth::TokenVerifier> tokens;
    if (config.mode == AuthMode::jwt)
        tokens = std::make_unique<auth::TokenVerifier>(config.jwt, auth::fetch_with(std::move(client)));
    return std::make_unique<auth::Gate>(book, config, std::move(tokens));
}

bool tokens_make_administrators(const AuthConfig& config) {
    return config.mode == AuthMode::jwt && (!config.jwt.admins.empty() || !config.jwt.role_claim.empty());
}

// What was made before there was authentication belongs to this user, who goes on with it.
Task<void> make_local_administrator(auth::AccountBook& book) {
    const auto known = book.find_user(core::local_user);
    if (!known) {
        core::NewUser user;
        user.name = core::local_user;
        user.role = core::UserRole::admin;
        co_await book.add_user(std::move(user));
    } else if (known->disabled || known->role != core::UserRole::admin) {
        core::UserChange change;
        change.role = core::UserRole::admin;
        change.disabled = false;
        co_await book.change_user(core::local_user, std::move(change));
    }
}

Task<void> add_admin_key(auth::AccountBook& book, std::string text) {
    co_await make_local_administrator(book);
    core::KeyOrder order;
    order.owner = core::local_user;
    order.name = "administrator, " + to_iso8601(now());
    order.scopes = {"read", "write", "tools", "admin"};
    co_await book.add_key(std::move(order), std::move(text));
}

bool write_whole(const std::filesystem::path& file, const std::string& line) {
    const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    return fd && ::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
           ::fsync(fd.get()) == 0;
}

bool keep_name(const std::filesystem::path& folder) {
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return fd && ::fsync(fd.get()) == 0;
}

// Whole or not at all, and for the daemon's user alone.
void write_key_file(const std::filesystem::path& file, const std::string& key) {
    const std::filesystem::path half = file.string() + ".new";
    ::unlink(half.c_str());
    if (write_whole(half, key + "\n") && ::rename(half.c_str(), file.c_str()) == 0 &&
        keep_name(file.parent_path()))
        return;
    const std::string reason = std::strerror(errno);
    ::unlink(half.c_str());
    throw Error(ErrorCode::unavailable, "The first administrator's key cannot be written to " +
                                            file.string() + ": " + reason +
                                            ". Make room for that file and start again.");
}

// Where the configuration says that it stands.
const char* key_place(const JwtConfig& config) {
    if (!config.public_key_file.empty()) return "auth.jwt.public_key_file";
    return config.secret_file.empty() ? "auth.jwt.secret_credential" : "auth.jwt.secret_file";
}

auth::Arrivals arrivals_counted_by(std::shared_ptr<Metrics> metrics) {
    return auth::Arrivals([metrics = std::move(metrics)](auth::Shown shown) {
        metrics->authentication_refused(auth::name_of(shown));
    });
}

}  // namespace

Access::Access(const Config& config, core::AccountStore& store, std::shared_ptr<HttpClient> client,
               std::shared_ptr<Metrics> metrics)
    : book_(store, config.auth, now, arrivals_counted_by(std::move(metrics))),
      gate_(gate_of(config.auth, book_, std::move(client))),
      config_(config.auth),
      needs_first_key_(config.auth.mode != AuthMode::none && config.auth.keys &&
                       !tokens_make_administrators(config.auth)) {}

Task<void> Access::open(std::filesystem::path state) {
    co_await book_.load();
    if (!gate_ && !book_.find_user(core::local_user)) co_await make_local_administrator(book_);
    if (!needs_first_key_ || book_.has_administrator()) co_return;
    const std::string key = auth::make_secret(auth::key_prefix);
    const std::filesystem::path file = std::filesystem::absolute(state) / admin_key_file;
    // Before it counts: a key that counts and stands nowhere would be lost for good.
    write_key_file(file, key);
    co_await add_admin_key(book_, key);
    made_first_key_ = true;
    log::warn("there was no administrator with a key: one is in {}; take it and delete the file",
              file.string());
}

http::ServerOptions Access::with(http::ServerOptions options) {
    options.authenticator = gate_.get();
    return options;
}

// What another section auth says counts after a restart, and so do the files that it names.
std::function<void()> Access::key_again(const Config& next) const {
    if (next.auth != config_) check_token_key(next);
    if (!gate_ || next.auth != config_) return [] {};
    return gate_->read_again().take;
}

std::vector<std::string> Access::oddities(const Config& config) const {
    std::vector<std::string> names;
    for (const core::User& user : book_.users()) names.push_back(user.name);
    return access_oddities(config, names, made_first_key_);
}

std::optional<auth::KeySet::Trouble> Access::key_trouble(boost::asio::io_context& io) {
    if (!gate_) return std::nullopt;
    const auto trouble = gate_->key_trouble();
    if (trouble) asio::co_spawn(io, fetch_keys(), asio::detached);
    return trouble;
}

Task<void> Access::fetch_keys() {
    if (gate_ && gate_->takes_tokens()) co_await gate_->prepare_look_up();
}

std::vector<std::string> Access::changed_files(const Config& next) const {
    if (!gate_ || next.auth != config_ || !gate_->read_again().changed) return {};
    return {key_place(config_.jwt)};
}

tools::Callers Access::callers(const PolicyConfig& policy) const {
    return [configured = tools::configured_callers(policy), &book = book_](const core::Owner& user) {
        tools::Caller caller = configured(user);
        caller.roles.emplace_back(book.is_administrator(user) ? "admin" : "user");
        caller.shut_out = book.why_shut_out(user);
        return caller;
    };
}

core::WhyShutOut Access::shut_out() const {
    return [&book = book_](const core::Owner& user) { return book.why_shut_out(user); };
}

std::string make_admin_key(const Config& config) {
    check_is_state_folder(config.state);
    const StateLock lock(config.state);
    boost::asio::io_context io;
    store::StoreOptions options;
    options.folder = config.state;
    const auto storage = store::open_store(options);
    auth::AccountBook book(storage->accounts(), config.auth);
    const auto make = [&book]() -> Task<std::string> {
        co_await book.load();
        const std::string key = auth::make_secret(auth::key_prefix);
        co_await add_admin_key(book, key);
        co_return key;
    };
    auto made = boost::asio::co_spawn(io, make, boost::asio::use_future);
    io.run();
    return made.get();
}

}  // namespace assistd::app
