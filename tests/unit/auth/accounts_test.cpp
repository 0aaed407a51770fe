// Users and their keys.

#include <fstream>
#include <iterator>

#include "auth/secret_text.h"
#include "unit/auth/book_fixture.h"

namespace assistd::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using enum core::UserRole;

class Keys : public BookTest {};
class ShutOut : public BookTest {};

TEST_F(ShutOut, IsWhoIsDisabledOrGoneAndIsToldOnce) {
    add("alice");
    add("bob");
    std::vector<std::string> told;
    book->when_shut_out(
        [&told](const core::Owner& user, const std::string& why) { told.push_back(user + ": " + why); });
    run(book->change_user("alice", {.role = admin}));
    run(book->change_user("alice", {.disabled = false}));
    EXPECT_EQ(book->why_shut_out("alice"), "");
    EXPECT_THAT(told, IsEmpty());
    run(book->change_user("alice", {.disabled = true}));
    run(book->remove_user("bob"));
    EXPECT_THAT(
        told, ElementsAre("alice: The user alice is disabled.", "bob: The user bob is not there any more."));
    reopen();
    EXPECT_EQ(book->why_shut_out("alice"), "The user alice is disabled.");
    EXPECT_EQ(book->why_shut_out("bob"), "The user bob is not there any more.");
    EXPECT_EQ(book->why_shut_out(core::local_user), "The user local is not there any more.");
    // Whoever shows a token is there from then on.
    book->by_token({"carol", false, at_second(noon + 60)}, "token_1");
    EXPECT_EQ(book->why_shut_out("carol"), "");
    reopen();
    EXPECT_EQ(book->why_shut_out("carol"), "");
    config.mode = AuthMode::none;
    reopen();
    EXPECT_EQ(book->why_shut_out(core::local_user), "");
    EXPECT_EQ(book->why_shut_out("alice"), "The user alice is disabled.");
}

TEST_F(Keys, LetTheirOwnerInAlsoAfterARestart) {
    add("alice");
    const core::MadeKey made = key_for("alice");
    for (int i = 0; i < 2; ++i) {
        const http::Identity identity = book->by_key(made.text);
        EXPECT_EQ(identity.user, "alice");
        EXPECT_FALSE(identity.rights.admin);
        EXPECT_EQ(identity.rights.credential, made.key.id.text());
        EXPECT_TRUE(identity.rights.scopes.has(http::Scope::write));
        EXPECT_FALSE(identity.rights.scopes.has(http::Scope::admin));
        reopen();
    }
}

TEST_F(Keys, AreNowhereButInTheHandsOfTheirOwner) {
    add("alice", user, "a long password");
    const core::MadeKey made = key_for("alice");
    book.reset();
    storage.reset();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        EXPECT_EQ(bytes.find(made.text.substr(8)), std::string::npos) << entry.path();
        EXPECT_EQ(bytes.find("a long password"), std::string::npos) << entry.path();
    }
    open();
}

TEST_F(Keys, ThatAreNoneAreRefused) {
    add("alice");
    const core::MadeKey made = key_for("alice");
    std::string other = made.text;
    other.back() = other.back() == 'x' ? 'y' : 'x';
    for (const std::string& text :
         {std::string(), std::string("ak_"), other, made.text + " ", made.key.hash}) {
        EXPECT_EQ(refusal([&] { book->by_key(text); }), ErrorCode::unauthenticated);
        EXPECT_THAT(sentence, HasSubstr("no whole API key"));
    }
    EXPECT_EQ(refusal([&] { book->by_key(make_secret(key_prefix)); }), ErrorCode::unauthenticated);
    EXPECT_THAT(sentence, HasSubstr("not known here"));
}

TEST_F(Keys, EndWhenTheyAreRevoked) {
    add("alice");
    const core::MadeKey made = key_for("alice");
    const core::MadeKey other = key_for("alice");
    EXPECT_TRUE(run(book->revoke_key(made.key.id)).revoked_at);
    EXPECT_TRUE(run(book->revoke_key(made.key.id)).revoked_at);  // again is no error
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::unauthenticated);
        EXPECT_THAT(sentence, HasSubstr("was revoked"));
        EXPECT_EQ(sentence.find(made.text), std::string::npos);
        EXPECT_EQ(book->by_key(other.text).user, "alice");
        reopen();
    }
    EXPECT_EQ(refusal([&] { run(book->revoke_key(core::KeyId::make())); }), ErrorCode::not_found);
}

TEST_F(Keys, EndWhenTheyExpire) {
    add("alice");
    const core::MadeKey made = key_for("alice", {}, at_second(noon + 60));
    second = noon + 59;
    EXPECT_EQ(book->by_key(made.text).user, "alice");
    second = noon + 60;
    EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::unauthenticated);
    EXPECT_THAT(sentence, HasSubstr("expired at"));
    EXPECT_EQ(refusal([&] { key_for("alice", {}, at_second(second)); }), ErrorCode::validation);
}

TEST_F(Keys, EndWithTheirUser) {
    add("alice");
    const core::MadeKey made = key_for("alice");
    run(book->change_user("alice", {.disabled = true}));
    EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::forbidden);
    EXPECT_THAT(sentence, HasSubstr("alice is disabled"));
    reopen();
    EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::forbidden);
    run(book->change_user("alice", {.disabled = false}));
    EXPECT_EQ(book->by_key(made.text).user, "alice");
    run(book->remove_user("alice"));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::unauthenticated);
        EXPECT_THAT(book->keys(std::nullopt), IsEmpty());
        reopen();
    }
    // Who is called so next does not get the keys of the one before.
    add("alice");
    EXPECT_EQ(refusal([&] { book->by_key(made.text); }), ErrorCode::unauthenticated);
}

TEST_F(Keys, ReachAsFarAsTheirScopesAndTheirOwner) {
    add("alice");
    add("boss", admin);
    const core::MadeKey reader = key_for("alice", {"read"});
    EXPECT_EQ(book->by_key(reader.text).rights.scopes, http::Scopes{http::Scope::read});
    EXPECT_FALSE(book->by_key(key_for("boss").text).rights.admin);
    const core::MadeKey chief = key_for("boss", {"admin", "read"});
    EXPECT_TRUE(book->by_key(chief.text).rights.admin);
    EXPECT_EQ(refusal([&] { key_for("alice", {"admin"}); }), ErrorCode::validation);
    EXPECT_EQ(refusal([&] { key_for("alice", {"root"}); }), ErrorCode::validation);
    EXPECT_EQ(refusal([&] { key_for("nobody"); }), ErrorCode::not_found);
    // What an administrator could do goes with the role.
    add("another", admin);
    key_for("another", {"admin"});
    run(book->change_user("boss", {.role = user}));
    EXPECT_FALSE(book->by_key(chief.text).rights.admin);
}

TEST_F(Keys, HaveNamesThatAreTheirOwnersOwn) {
    add("alice");
    add("bob");
    const auto make = [&](const std::string& owner, const std::string& name) {
        return run(book->make_key({owner, name, {}, {}}));
    };
    const core::MadeKey laptop = make("alice", "laptop");
    make("bob", "laptop");
    EXPECT_EQ(refusal([&] { make("alice", "laptop"); }), ErrorCode::conflict);
    run(book->revoke_key(laptop.key.id));
    make("alice", "laptop");
    for (const std::string name : {"", " ", "a\nb"})
        EXPECT_EQ(refusal([&] { make("alice", name); }), ErrorCode::validation) << name;
    EXPECT_EQ(book->keys("alice").size(), 2U);
    EXPECT_EQ(book->keys(std::nullopt).size(), 3U);
}

TEST_F(Keys, TheirUseIsWrittenDownOnceAMinute) {
    add("alice");
    const core::MadeKey made = key_for("alice");
    const auto last_use = [&] { return book->find_key(made.key.id).last_used_at; };
    EXPECT_EQ(last_use(), std::nullopt);
    book->by_key(made.text);
    second += 59;
    book->by_key(made.text);
    EXPECT_EQ(last_use(), at_second(noon));
    second += 1;
    book->by_key(made.text);
    EXPECT_EQ(last_use(), at_second(noon + 60));
    reopen();
    EXPECT_EQ(last_use(), at_second(noon + 60));
    EXPECT_EQ(book->find_user("alice")->last_seen_at, at_second(noon + 60));
}

class Users : public BookTest {};

TEST_F(Users, AreKept) {
    add("bob", admin, "a long password");
    add("alice");
    for (int i = 0; i < 2; ++i) {
        const std::vector<core::User> users = book->users();
        ASSERT_EQ(users.size(), 2U);
        EXPECT_EQ(users[0].name, "alice");
        EXPECT_EQ(users[1].role, admin);
        EXPECT_FALSE(users[1].password.empty());
        EXPECT_EQ(users[1].created_at, at_second(noon));
        reopen();
    }
    EXPECT_EQ(refusal([&] { add("alice"); }), ErrorCode::conflict);
    EXPECT_EQ(refusal([&] { add("*"); }), ErrorCode::validation);
    EXPECT_EQ(refusal([&] { add("carol", user, "short"); }), ErrorCode::validation);
    EXPECT_EQ(book->find_user("carol"), std::nullopt);
    EXPECT_EQ(refusal([&] { run(book->remove_user("nobody")); }), ErrorCode::not_found);
    EXPECT_EQ(refusal([&] { run(book->change_user("nobody", {})); }), ErrorCode::not_found);
}

TEST_F(Users, OfTokensAreKnownFromTheFirstOneOn) {
    config.mode = AuthMode::jwt;
    config.jwt.role_claim = "roles";
    reopen();
    const TokenUser shown{"carol", false, at_second(noon + 60)};
    EXPECT_EQ(book->by_token(shown, "token_1").user, "carol");
    EXPECT_FALSE(book->by_token(shown, "token_1").rights.admin);
    reopen();
    EXPECT_EQ(book->find_user("carol")->origin, core::UserOrigin::token);
    EXPECT_EQ(book->find_user("carol")->role, user);
    const TokenUser promoted{"carol", true, at_second(noon + 60)};
    EXPECT_TRUE(book->by_token(promoted, "token_2").rights.admin);
    reopen();
    EXPECT_TRUE(book->is_administrator("carol"));
    // And no more once the issuer does not say so.
    EXPECT_FALSE(book->by_token(shown, "token_3").rights.admin);
    EXPECT_FALSE(book->is_administrator("carol"));
    // Nobody else says it.
    EXPECT_EQ(refusal([&] { run(book->change_user("carol", {.role = admin})); }), ErrorCode::conflict);
    EXPECT_THAT(sentence, HasSubstr("auth.jwt.role_claim"));
    EXPECT_FALSE(book->by_token(shown, "token_4").rights.admin);
    EXPECT_EQ(run(book->change_user("carol", {.role = user})).origin, core::UserOrigin::token);
    run(book->change_user("carol", {.disabled = true}));
    EXPECT_EQ(refusal([&] { book->by_token(promoted, "token_5"); }), ErrorCode::forbidden);
}

TEST_F(Users, WhoWereMadeHereAsAdministratorsAreNobodysTokens) {
    add("local", admin);
    add("boss", admin);
    add("bob", user, "a long password");
    for (const bool is_admin : {false, true}) {
        const TokenUser local{"local", is_admin, at_second(noon + 60), true};
        EXPECT_EQ(refusal([&] { book->by_token(local, "token_1"); }), ErrorCode::forbidden);
        const TokenUser boss{"boss", is_admin, at_second(noon + 60)};
        EXPECT_EQ(refusal([&] { book->by_token(boss, "token_2"); }), ErrorCode::forbidden);
        EXPECT_THAT(sentence, HasSubstr("was made here"));
    }
    run(book->change_user("boss", {.disabled = true}));
    const TokenUser listed{"boss", true, at_second(noon + 60), true};
    EXPECT_EQ(refusal([&] { book->by_token(listed, "token_3"); }), ErrorCode::forbidden);
    run(book->change_user("boss", {.disabled = false}));
    EXPECT_TRUE(book->by_token(listed, "token_3").rights.admin);
    EXPECT_EQ(book->find_user("boss")->origin, core::UserOrigin::token);
    // Others may use both, and are what their tokens say.
    EXPECT_TRUE(book->by_token({"bob", true, at_second(noon + 60)}, "token_4").rights.admin);
    EXPECT_TRUE(book->is_administrator("bob"));
    EXPECT_FALSE(book->by_token({"bob", false, at_second(noon + 60)}, "token_4").rights.admin);
    EXPECT_FALSE(book->is_administrator("bob"));
    EXPECT_FALSE(book->find_user("bob")->password.empty());
}

TEST_F(Users, WhomTheListMadeAdministratorsAreNoneWithoutIt) {
    config.mode = AuthMode::jwt;
    config.jwt.admins = {"carol"};
    reopen();
    EXPECT_TRUE(book->by_token({"carol", true, at_second(noon + 60), true}, "token_1").rights.admin);
    const core::MadeKey made = key_for("carol", {"read", "admin"});
    reopen();
    EXPECT_TRUE(book->by_key(made.text).rights.admin);
    config.jwt.admins.clear();
    for (int i = 0; i < 2; ++i) {
        reopen();
        EXPECT_FALSE(book->is_administrator("carol"));
        EXPECT_FALSE(book->by_key(made.text).rights.admin);
    }
}

TEST_F(Users, OneOfThemCanLetTheOthersIn) {
    EXPECT_FALSE(book->has_administrator());
    add("boss", admin);
    EXPECT_FALSE(book->has_administrator());
    key_for("boss");
    EXPECT_FALSE(book->has_administrator());  // it does not reach so far
    const core::MadeKey made = key_for("boss", {"admin"}, at_second(noon + 60));
    EXPECT_TRUE(book->has_administrator());
    second = noon + 60;
    EXPECT_FALSE(book->has_administrator());
    run(book->change_user("boss", {.password = "a long password"}));
    EXPECT_TRUE(book->has_administrator());
}

TEST_F(Users, TheLastWayInForAnAdministratorStays) {
    add("boss", admin);
    const core::MadeKey first = key_for("boss", {"admin"});
    EXPECT_EQ(refusal([&] { run(book->revoke_key(first.key.id)); }), ErrorCode::conflict);
    EXPECT_EQ(refusal([&] { run(book->change_user("boss", {.role = user})); }), ErrorCode::conflict);
    EXPECT_EQ(refusal([&] { run(book->change_user("boss", {.disabled = true})); }), ErrorCode::conflict);
    EXPECT_EQ(refusal([&] { run(book->remove_user("boss")); }), ErrorCode::conflict);
    EXPECT_TRUE(book->by_key(first.text).rights.admin) << "all is as it was";
    reopen();
    EXPECT_TRUE(book->by_key(first.text).rights.admin) << "and so it is stored";

    const core::MadeKey second_key = key_for("boss", {"admin"});
    run(book->revoke_key(first.key.id));
    EXPECT_EQ(refusal([&] { run(book->revoke_key(second_key.key.id)); }), ErrorCode::conflict);
    run(book->change_user("boss", {.password = "a long password"}));
    run(book->revoke_key(second_key.key.id));
    EXPECT_EQ(refusal([&] { run(book->change_user("boss", {.password = ""})); }), ErrorCode::conflict);

    add("other", admin);
    EXPECT_EQ(refusal([&] { run(book->remove_user("boss")); }), ErrorCode::conflict)
        << "the other one cannot get in";
    key_for("other", {"admin"});
    run(book->remove_user("boss"));

    // Where nobody is asked who he is, nobody is shut out.
    config.mode = AuthMode::none;
    reopen();
    run(book->remove_user("other"));
}

}  // namespace
}  // namespace assistd::auth
