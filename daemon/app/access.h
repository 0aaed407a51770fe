#pragma once
// Who may use the daemon, put together: users and keys of the store, tokens, the gate that the server asks,
// and the roles that the policy does. Owned by the daemon, outlives its server.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/metrics.h"
#include "auth/account_book.h"
#include "auth/gate.h"
#include "base/config.h"
#include "http/server.h"
#include "tools/caller.h"
#include "upstream/http_client.h"

namespace assistd::app {

class Access {
  public:
    // Throws Error{validation} when the key of tokens cannot be read.
    Access(const Config& config, core::AccountStore& store, std::shared_ptr<HttpClient> client,
           std::shared_ptr<Metrics> metrics);

    // Before anybody asks. When keys are needed and nobody could make one, the first administrator's is put
    // in the state folder, and the log says so.
    Task<void> open(std::filesystem::path state);

    http::ServerOptions with(http::ServerOptions options);  // the gate, if one is needed
    core::Accounts& accounts() { return book_; }
    bool knows(const core::Owner& user) const { return book_.find_user(user).has_value(); }
    // Whose work may run.
    core::WhyShutOut shut_out() const;
    // What ends the work of who is disabled or deleted from now on. Before the first request.
    void when_shut_out(core::EndWork end_work) { book_.when_shut_out(std::move(end_work)); }
    // For a reload: takes the secret or public key of tokens that stands in its place now. Throws
    // Error{validation}.
    std::function<void()> key_again(const Config& next) const;
    // The keys of the configuration whose files hold something else than what counts.
    std::vector<std::string> changed_files(const Config& next) const;
    // See access_oddities.h.
    std::vector<std::string> oddities(const Config& config) const;
    // Of the keys for tokens, where an address has them; they are then looked for again.
    std::optional<auth::KeySet::Trouble> key_trouble(boost::asio::io_context& io);
    Task<void> fetch_keys();  // those, if they may be asked for again now
    // A user's roles: those of the configuration, and "admin" or "user"; and whether his work may run.
    tools::Callers callers(const PolicyConfig& policy) const;

  private:
    auth::AccountBook book_;
    const std::unique_ptr<auth::Gate> gate_;
    const AuthConfig config_;
    const bool needs_first_key_;
    bool made_first_key_ = false;
};

// For who has no key any more, while no daemon runs on the state folder: the text of a new one that an
// administrator may do everything with. Throws Error{unavailable}.
std::string make_admin_key(const Config& config);

}  // namespace assistd::app
