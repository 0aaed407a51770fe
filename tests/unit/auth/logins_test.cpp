// People who log in, and what their cookies are good for.

#include "unit/auth/book_fixture.h"

namespace assistd::auth {
namespace {

using testing::HasSubstr;
using enum core::UserRole;

constexpr const char* password = "a long password";

class Logins : public BookTest {
  protected:
    Logins() {
        add("alice", user, password);
        add("boss", admin, password);
    }
    core::LoggedIn log_in(const std::string& name, const std::string& with = password,
                          const std::string& address = "192.0.2.1") {
        return run(book->log_in({name, with, "", address}));
    }
};

TEST_F(Logins, MakeACookieThatCountsAlsoAfterARestart) {
    const core::LoggedIn made = log_in("alice");
    EXPECT_EQ(made.session.owner, "alice");
    for (int i = 0; i < 2; ++i) {
        const http::Identity identity = book->by_session(made.cookie);
        EXPECT_EQ(identity.user, "alice");
        EXPECT_FALSE(identity.rights.admin);
        EXPECT_TRUE(identity.rights.credential.starts_with("session_"));
        EXPECT_EQ(identity.rights.credential.find(made.cookie), std::string::npos);
        EXPECT_EQ(book->csrf_token_of(made.cookie), made.csrf_token);
        reopen();
    }
    EXPECT_TRUE(book->by_session(log_in("boss").cookie).rights.admin);
    run(book->log_out(made.cookie));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(refusal([&] { book->by_session(made.cookie); }), ErrorCode::unauthenticated);
        reopen();
    }
    run(book->log_out(made.cookie));
    run(book->log_out(""));
}

TEST_F(Logins, EndAfterAWhileOfNothingAndAfterAWeek) {
    const core::LoggedIn idle = log_in("alice");
    second += 12 * 3'600;
    EXPECT_EQ(book->by_session(idle.cookie).user, "alice");
    second += 12 * 3'600 + 1;
    EXPECT_EQ(refusal([&] { book->by_session(idle.cookie); }), ErrorCode::unauthenticated);
    second = noon;
    const core::LoggedIn busy = log_in("alice");
    for (int hour = 1; hour < 7 * 24; hour += 11) {
        second = noon + hour * 3'600;
        EXPECT_EQ(book->by_session(busy.cookie).user, "alice");
    }
    second = noon + 7 * 24 * 3'600;
    EXPECT_EQ(refusal([&] { book->by_session(busy.cookie); }), ErrorCode::unauthenticated);
}

TEST_F(Logins, EndWhenTheUserDoesOrThePasswordChanges) {
    const core::LoggedIn before = log_in("alice");
    const core::LoggedIn other = log_in("boss");
    run(book->change_user("alice", {.password = "another password"}));
    EXPECT_EQ(refusal([&] { book->by_session(before.cookie); }), ErrorCode::unauthenticated);
    EXPECT_EQ(refusal([&] { log_in("alice"); }), ErrorCode::unauthenticated);
    const core::LoggedIn after = log_in("alice", "another password");
    run(book->change_user("alice", {.disabled = true}));
    EXPECT_EQ(refusal([&] { book->by_session(after.cookie); }), ErrorCode::unauthenticated);
    EXPECT_EQ(refusal([&] { log_in("alice", "another password"); }), ErrorCode::forbidden);
    run(book->remove_user("alice"));
    EXPECT_EQ(refusal([&] { log_in("alice", "another password"); }), ErrorCode::unauthenticated);
    EXPECT_EQ(book->by_session(other.cookie).user, "boss");
}

TEST_F(Logins, WithAKeyDoWhatTheKeyDoes) {
    const core::MadeKey key = key_for("boss", {"read"}, at_second(noon + 60));
    const core::LoggedIn made = run(book->log_in({"", "", key.text, "192.0.2.1"}));
    EXPECT_EQ(book->by_session(made.cookie).rights.scopes, http::Scopes{http::Scope::read});
    EXPECT_FALSE(book->by_session(made.cookie).rights.admin);
    EXPECT_EQ(book->end_of(book->by_session(made.cookie).rights.credential), at_second(noon + 60));
    second = noon + 60;
    EXPECT_EQ(refusal([&] { book->by_session(made.cookie); }), ErrorCode::unauthenticated);
    second = noon;
    run(book->revoke_key(key.key.id));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(refusal([&] { book->by_session(made.cookie); }), ErrorCode::unauthenticated);
        reopen();
    }
    EXPECT_EQ(refusal([&] {
                  run(book->log_in({"", "", key.text, "192.0.2.1"}));
              }),
              ErrorCode::unauthenticated);
}

TEST_F(Logins, ThatAreRefusedAreCountedByWhatWasShown) {
    refusal([&] { log_in("alice", "wrong"); });
    refusal([&] { log_in("nobody"); });
    refusal([&] { run(book->check_password("alice", "wrong", "192.0.2.1")); });
    refusal([&] { run(book->log_in({"", "", "ak_wrong", "192.0.2.1"})); });
    run(book->change_user("alice", {.disabled = true}));
    refusal([&] { log_in("alice"); });
    EXPECT_EQ(refused, (std::map<Shown, int>{{Shown::password, 4}, {Shown::key, 1}}));
    log_in("boss");
    EXPECT_EQ(refused[Shown::password], 4);
}

TEST_F(Logins, KeysThatAreMadeWithATokenEndAWhileLater) {
    EXPECT_EQ(book->end_of("token_0123456789abcdef"), at_second(noon + 90 * 86'400));
    EXPECT_EQ(book->end_of(book->by_session(log_in("boss").cookie).rights.credential), std::nullopt);
    EXPECT_EQ(book->end_of(""), std::nullopt);
}

TEST_F(Logins, ThatFailSayNotWhy) {
    EXPECT_EQ(refusal([&] { log_in("alice", "a long passwork"); }), ErrorCode::unauthenticated);
    const std::string wrong_password = sentence;
    EXPECT_EQ(refusal([&] { log_in("nobody"); }), ErrorCode::unauthenticated);
    EXPECT_EQ(sentence, wrong_password);
    add("carol");  // without a password
    EXPECT_EQ(refusal([&] { log_in("carol", ""); }), ErrorCode::unauthenticated);
    EXPECT_EQ(sentence, wrong_password);
}

TEST_F(Logins, ThatFailTooOftenHaveToWait) {
    for (int i = 0; i < config.login_attempts; ++i)
        EXPECT_EQ(refusal([&] { log_in("alice", "wrong", "192.0.2.66"); }), ErrorCode::unauthenticated);
    // Now also with the right one, and for another name.
    EXPECT_EQ(refusal([&] { log_in("alice", password, "192.0.2.66"); }), ErrorCode::rate_limited);
    EXPECT_EQ(refusal([&] { log_in("boss", password, "192.0.2.66"); }), ErrorCode::rate_limited);
    EXPECT_EQ(refusal([&] { log_in("boss", password, "::ffff:192.0.2.66"); }), ErrorCode::rate_limited);
    EXPECT_EQ(log_in("alice", password, "192.0.2.1").session.owner, "alice");
}

TEST_F(Logins, AreAFewForEach) {
    std::vector<core::LoggedIn> all;
    for (int i = 0; i < 3; ++i) all.push_back(log_in("boss"));
    const core::MadeKey key = key_for("alice");
    std::vector<std::string> cookies;
    for (int i = 0; i < 25; ++i) {
        second += 61;
        cookies.push_back(run(book->log_in({"", "", key.text, "192.0.2.1"})).cookie);
    }
    int good = 0;
    for (const std::string& cookie : cookies) {
        try {
            book->by_session(cookie);
            ++good;
        } catch (const Error&) {}
    }
    EXPECT_EQ(good, 20);
    EXPECT_EQ(book->by_session(cookies.back()).user, "alice");
    for (const core::LoggedIn& one : all) EXPECT_EQ(book->by_session(one.cookie).user, "boss");
}

}  // namespace
}  // namespace assistd::auth
