#pragma once
// An authenticator that believes the header Authorization: what stands there is read by a function of the
// test's own, at once, or after a while when it begins with "later "; "later known " is known so far.

#include <functional>
#include <string>
#include <utility>

#include "base/error.h"
#include "http/authenticator.h"

namespace assistd::http::test {

class Believer : public Authenticator {
  public:
    using Read = std::function<Identity(const std::string& text)>;
    explicit Believer(Read read) : read_(std::move(read)) {}

    std::optional<Identity> identify(const Credentials& credentials) override {
        const auto found = credentials.headers.find("Authorization");
        if (found == credentials.headers.end()) throw Error(ErrorCode::unauthenticated, "A key is needed.");
        if (found->second.starts_with("later ")) return std::nullopt;
        return read_(found->second);
    }
    Task<void> prepare_look_up() override { co_return; }
    void check_so_far(const Credentials& credentials) override {
        const auto found = credentials.headers.find("Authorization");
        if (!found->second.starts_with("later known ")) throw Error(ErrorCode::unauthenticated, "Not known.");
    }
    Task<Identity> look_up(Credentials credentials) override {
        std::string text = credentials.headers.find("Authorization")->second.substr(6);
        if (text.starts_with("known ")) text = text.substr(6);
        co_return read_(text);
    }

  private:
    const Read read_;
};

}  // namespace assistd::http::test
