#include "auth/password_work.h"

#include <boost/asio/post.hpp>

#include "auth/password.h"
#include "base/error.h"

namespace assistd::auth {
namespace {

constexpr int most_waiting = 8;  // about two seconds' work

}  // namespace

PasswordWork::~PasswordWork() {
    thread_.stop();
    thread_.join();
}

template <class Work>
auto PasswordWork::submit(Work work) -> OneShot<decltype(work())> {
    OneShot<decltype(work())> done;
    if (++waiting_ > most_waiting) {
        --waiting_;
        throw Error(ErrorCode::unavailable, "Too many people log in at this moment; try again.")
            .with_retry_after(std::chrono::seconds(3));
    }
    boost::asio::post(thread_, [this, done, work = std::move(work)] {
        try {
            done.set(work());
        } catch (...) {
            done.fail(std::current_exception());
        }
        --waiting_;
    });
    return done;
}

Task<std::string> PasswordWork::hash(std::string password) {
    const auto done = submit([password = std::move(password)] { return hash_password(password); });
    co_return co_await done.wait();
}

Task<bool> PasswordWork::matches(std::string password, std::string hash) {
    const auto done = submit(
        [password = std::move(password), hash = std::move(hash)] { return is_password(password, hash); });
    co_return co_await done.wait();
}

}  // namespace assistd::auth
