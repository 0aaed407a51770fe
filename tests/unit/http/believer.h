#pragma once
// An authenticator that believes the header Authorization: what stands there is read by a function of the
// test's own, at once, or after a while when it begins with "later ".

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
    Task<Identity> look_up(Credentials credentials) override {
        co_return read_(credentials.headers.find("Authorization")->second.substr(6));
    }

  private:
    const Read read_;
};

}  // namespace assistd::http::test
