#pragma once
// Tells of who logged in and of what was refused: in the log, where programs that shut out addresses find
// it, and to whoever counts. Nothing of a key, token, cookie or password is in it. Made in app/, shared by
// the account book and the gate; any thread.

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace assistd::auth {

// What was shown to be let in.
enum class Shown { nothing, key, token, cookie, password };
std::string_view name_of(Shown shown);

class Arrivals {
  public:
    using Count = std::function<void(Shown)>;

    explicit Arrivals(Count count_refused = [](Shown) {}) : count_refused_(std::move(count_refused)) {}

    void logged_in(Shown shown, const std::string& user, const std::string& peer) const;
    // A warning, unless it is how everybody's visit begins or ends: without a login, or with one that is
    // over. `user` is the name that was claimed; empty: none was. An error that is no refusal is nothing to
    // tell.
    void refused(Shown shown, const std::string& user, const std::string& peer, const Error& error) const;

  private:
    const Count count_refused_;
};

}  // namespace assistd::auth
