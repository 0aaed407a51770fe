#pragma once
// An account book on a real store, whose time stands still until it is moved.

#include "auth/account_book.h"
#include "base/error.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"
#include "unit/auth/issuer.h"

namespace assistd::auth {

class BookTest : public testing::Test {
  protected:
    BookTest() { open(); }

    void open() {
        storage = store::open_store({.folder = folder.path() / "state"});
        const auto count = [this](Shown shown) { ++refused[shown]; };
        const auto clock = [this] { return at_second(second); };
        book = std::make_unique<AccountBook>(storage->accounts(), config, clock, Arrivals(count));
        run(book->load());
    }
    void reopen() {
        book.reset();
        storage.reset();
        open();
    }
    template <class T>
    T run(Task<T> task) {
        return threads.run(std::move(task));
    }
    // The code of the Error that is thrown, and its sentence in `sentence`.
    template <class Work>
    ErrorCode refusal(Work work) {
        try {
            work();
        } catch (const Error& error) {
            sentence = error.what();
            return error.code();
        }
        ADD_FAILURE() << "no Error was thrown";
        return ErrorCode::internal;
    }
    core::User add(const std::string& name, core::UserRole role = core::UserRole::user,
                   const std::string& password = "") {
        return run(book->add_user({name, role, password}));
    }
    core::MadeKey key_for(const std::string& owner, std::vector<std::string> scopes = {},
                          std::optional<Timestamp> expires_at = std::nullopt) {
        return run(book->make_key({owner, "key " + std::to_string(++keys), std::move(scopes), expires_at}));
    }

    assistd::test::IoThreads threads;
    assistd::test::TempFolder folder;
    AuthConfig config = [] {
        AuthConfig wanted;
        wanted.mode = AuthMode::keys;
        return wanted;
    }();
    std::int64_t second = noon;
    std::map<Shown, int> refused;  // one request at a time
    int keys = 0;
    std::string sentence;
    std::unique_ptr<store::Storage> storage;
    std::unique_ptr<AccountBook> book;
};

}  // namespace assistd::auth
