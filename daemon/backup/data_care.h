#pragma once
// core::DataCare over the state folder and what uses it. Owned by app/; any thread. It goes before what it
// refers to, and waits then for what it is doing.

#include <filesystem>

#include "backup/background.h"
#include "backup/removals.h"
#include "core/data_care.h"
#include "knowledge/knowledge_base.h"
#include "store/personal_data.h"
#include "store/store.h"

namespace assistd::backup {

struct DataCareOptions {
    std::filesystem::path state;
    std::uint64_t reserve_bytes = 0;  // of the disk, that is left free
    store::AuditOfRemoved audit = store::AuditOfRemoved::anonymise;
};

class DataCare : public core::DataCare {
  public:
    // Stops what runs for a user, and returns when it has ended.
    using StopUser = std::function<Task<void>(core::Owner user)>;

    // Removes what an earlier process left half-done. The caller holds the state folder's lock.
    DataCare(DataCareOptions options, store::Storage& storage, knowledge::KnowledgeBase& knowledge,
             StopUser stop_user);

    Task<core::DataArchive> back_up(std::stop_token stop) override;
    Task<core::DataReport> check(core::DataCheck wish, std::stop_token stop) override;
    Task<core::DataArchive> export_user(core::Owner user, std::stop_token stop) override;
    Task<std::map<std::string, std::int64_t>> amounts(core::Owner user) override;
    Task<core::DataRemoval> remove_user(core::Owner user) override;
    std::optional<std::map<std::string, std::int64_t>> removal_of(const core::Owner& user) const override {
        return removals_.progress(user);
    }

  private:
    // What is there; how many rows of what they were.
    Task<Removals::Rows> remove_once(core::Owner user, std::string alias);
    Task<void> forget_removed(core::DataRemoval& removal);
    Task<bool> has_account(core::Owner user) const;
    Task<void> check_there_is_something(core::Owner user);  // throws Error{not_found}
    Task<std::vector<std::string>> what_stays(core::Owner user) const;

    const DataCareOptions options_;
    store::Storage& storage_;
    knowledge::KnowledgeBase& knowledge_;
    const StopUser stop_user_;
    std::atomic<bool> backs_up_{false};
    Removals removals_;
    Background background_;
};

}  // namespace assistd::backup
