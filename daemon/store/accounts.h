#pragma once
// core::AccountStore on SQLite. Owned by Storage; any thread.

#include "core/account.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteAccounts : public core::AccountStore {
  public:
    SqliteAccounts(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    Task<core::StoredAccounts> all() override;
    core::Write put_user(const core::User& user) override;
    core::Write remove_user(const core::Owner& name) override;
    core::Write put_key(const core::ApiKey& key) override;
    core::Write put_session(const core::LoginSession& session) override;
    core::Write remove_session(const std::string& hash) override;
    core::Write remove_sessions_before(Timestamp expiry, Timestamp last_use) override;
    void note_user_seen(const core::Owner& name, Timestamp at) override;
    void note_key_use(core::KeyId id, Timestamp at) override;
    void note_session_use(const std::string& hash, Timestamp at) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
