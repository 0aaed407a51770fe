#include "backup/data_care.h"

#include <fmt/format.h>

#include <algorithm>

#include "backup/back_up.h"
#include "backup/check.h"
#include "backup/personal_export.h"
#include "backup/state_files.h"
#include "base/error.h"
#include "base/logging.h"
#include "core/account.h"
#include "sqlite/space.h"

namespace assistd::backup {
namespace {

// "assistd-20260301T120000Z"
std::string name_at(std::string_view what, Timestamp time) {
    std::string text = to_iso8601(std::chrono::floor<std::chrono::seconds>(time));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return fmt::format("assistd-{}{}Z", what, text.substr(0, text.find('.')));
}

std::vector<std::string> faults_of(const Manifest& manifest) {
    std::vector<std::string> faults;
    for (const std::string& content : manifest.missing)
        faults.push_back(
            fmt::format("The content {} of an artifact is not in the state folder any more.", content));
    for (const std::string& content : manifest.damaged)
        faults.push_back(fmt::format(
            "The content {} of an artifact is not what it was; it is in the backup as it is.", content));
    return faults;
}

// "assistd.db.version-17, …": what upgrades and ways back from them have left.
std::string copies_in(const std::filesystem::path& state) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(state)) {
        const std::string name = entry.path().filename().string();
        for (const StateDatabase& database : state_databases())
            if (name.starts_with(std::string(database.name) + ".")) names.push_back(name);
    }
    std::ranges::sort(names);
    return fmt::format("{}", fmt::join(names, ", "));
}

bool empty_logs(const std::filesystem::path& state, const std::stop_token& stop) {
    bool all = true;
    for (const StateDatabase& database : state_databases())
        all = sqlite::empty_log(state / database.name, stop) && all;
    return all;
}

}  // namespace

DataCare::DataCare(DataCareOptions options, store::Storage& storage, knowledge::KnowledgeBase& knowledge,
                   StopUser stop_user)
    : options_(std::move(options)),
      storage_(storage),
      knowledge_(knowledge),
      stop_user_(std::move(stop_user)) {
    remove_work_folders(options_.state);
}

Task<core::DataArchive> DataCare::back_up(std::stop_token stop) {
    if (backs_up_.exchange(true))
        throw Error(ErrorCode::conflict, "A backup is being made already. Wait until it is done.");
    const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> made(
        &backs_up_, [](std::atomic<bool>* flag) { *flag = false; });
    const std::shared_ptr<void> files = co_await storage_.keep_files();
    auto work = [this](std::stop_token stop_now) {
        const auto began = std::chrono::steady_clock::now();
        MadeBackup backup =
            backup::back_up(options_.state, Ease(stop_now, options_.state, options_.reserve_bytes));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        log::info("backup made bytes={} files={} seconds={:.1f}", backup.size, backup.manifest.files.size(),
                  took.count());
        return backup;
    };
    MadeBackup backup = co_await background_.run(stop, std::move(work));
    core::DataArchive archive;
    archive.file = std::move(backup.file);
    archive.size = backup.size;
    archive.name = name_at("", backup.manifest.created_at) + ".tar.zst";
    archive.faults = faults_of(backup.manifest);
    co_return archive;
}

Task<core::DataReport> DataCare::check(core::DataCheck wish, std::stop_token stop) {
    auto work = [this, contents = wish.contents](std::stop_token stop_now) {
        // It writes nothing, so it needs no room.
        return backup::check(options_.state, contents, Ease(stop_now, options_.state, 0));
    };
    Checked checked = co_await background_.run(stop, std::move(work));
    // Of a database that is damaged nobody knows what is needed.
    const bool is_sure = std::ranges::none_of(
        checked.report.faults, [](const core::DataFault& fault) { return fault.about == main_database; });
    if (wish.remove_orphans && is_sure) {
        checked.report.orphans_removed = static_cast<std::int64_t>(checked.orphans.size());
        co_await storage_.remove_unneeded_files(std::move(checked.orphans));
    }
    log::info("data checked faults={} orphans={}", checked.report.faults.size(), checked.report.orphans);
    co_return std::move(checked.report);
}

Task<core::DataArchive> DataCare::export_user(core::Owner user, std::stop_token stop) {
    const std::shared_ptr<void> files = co_await storage_.keep_files();
    auto work = [this, user](std::stop_token stop_now) {
        return export_personal(options_.state, user, Ease(stop_now, options_.state, options_.reserve_bytes));
    };
    PersonalExport made = co_await background_.run(stop, std::move(work));
    core::DataArchive archive;
    archive.file = std::move(made.file);
    archive.size = made.size;
    archive.rows = made.rows;
    archive.name = name_at("export-", now()) + ".zip";
    archive.faults = std::move(made.faults);
    co_return archive;
}

Task<bool> DataCare::has_account(core::Owner user) const {
    const core::StoredAccounts accounts = co_await storage_.accounts().all();
    co_return std::ranges::any_of(accounts.users,
                                  [&user](const core::User& one) { return one.name == user; });
}

Task<std::map<std::string, std::int64_t>> DataCare::amounts(core::Owner user) {
    std::map<std::string, std::int64_t> amounts = co_await storage_.amounts_of(user);
    const std::map<std::string, std::int64_t> documents = co_await knowledge_.amounts_of(user);
    amounts.insert(documents.begin(), documents.end());
    co_return amounts;
}

Task<std::vector<std::string>> DataCare::what_stays(core::Owner user) const {
    std::vector<std::string> kept = {"Backups that were made before still have all of it."};
    if (const std::string copies = copies_in(options_.state); !copies.empty())
        kept.push_back("So have the copies of the databases that upgrades made: " + copies +
                       ". Delete them when the upgrade has proved good.");
    const bool account = co_await has_account(user);
    if (account)
        kept.emplace_back("The account itself stays, with its keys: delete the user to be rid of them too.");
    if (options_.audit == store::AuditOfRemoved::keep)
        kept.emplace_back(
            "The audit log still names the user, as retention.audit_of_removed_users wants it.");
    if (options_.audit == store::AuditOfRemoved::anonymise)
        kept.emplace_back(
            "The audit log still tells which tools were called and when, but not by whom; and what was done "
            "as an "
            "administrator to others or to the service, under the name.");
    co_return kept;
}

Task<void> DataCare::check_there_is_something(core::Owner user) {
    const bool account = co_await has_account(user);
    const std::map<std::string, std::int64_t> there = co_await amounts(user);
    if (!account && there.empty())
        throw Error(ErrorCode::not_found, "There is no user \"" + user.substr(0, 80) +
                                              "\", and nothing is stored of that name. Look at how it is "
                                              "spelt.");
}

Task<Removals::Rows> DataCare::remove_once(core::Owner user, std::string alias) {
    constexpr int conversations_at_once = 20;  // a few milliseconds of the writer's time
    constexpr int rows_at_once = 200;
    Removals::Rows removed;
    const auto note = [&](const std::string& what, std::int64_t rows) {
        if (rows > 0) removed[what] += rows;
        removals_.count(user, what, rows);
    };
    for (;;) {
        const int some = co_await storage_.remove_conversations_of(user, conversations_at_once);
        if (some == 0) break;
        note("conversations", some);
    }
    const std::int64_t stores = co_await knowledge_.forget_owner(user);
    note("vector_stores", stores);
    for (;;) {
        const auto some = co_await storage_.remove_rows_of(user, options_.audit, alias, rows_at_once);
        if (some.empty()) break;
        for (const auto& [what, rows] : some) note(what, rows);
    }
    co_return removed;
}

// What was written before lies in the databases' logs until these begin anew.
Task<void> DataCare::forget_removed(core::DataRemoval& removal) {
    auto work = [state = options_.state](std::stop_token stop) { return empty_logs(state, stop); };
    const std::stop_token never;
    const bool emptied = co_await background_.run(never, std::move(work));
    if (!emptied)
        removal.kept.emplace_back(
            "The databases' logs (-wal) may have parts of it until assistd stops: something reads the "
            "databases for long, such as a backup.");
}

// Each step can be done again: what an interruption leaves is what the next call removes.
Task<core::DataRemoval> DataCare::remove_user(core::Owner user) {
    core::DataRemoval removal;
    std::shared_ptr<void> begun = removals_.begin(user);
    co_await check_there_is_something(user);
    co_await stop_user_(user);
    const std::string alias = "removed-" + Uuid::make().hex();
    // Once more for what requests have made that were under way.
    for (;;) {
        const Removals::Rows removed = co_await remove_once(user, alias);
        if (removed.empty()) break;
        for (const auto& [what, rows] : removed) removal.removed[what] += rows;
    }
    begun.reset();  // what follows may have to wait for a backup
    knowledge_.look_for_gone_files();
    removal.kept = co_await what_stays(user);
    co_await storage_.wipe_what_is_deleted();
    co_await knowledge_.wipe_what_is_deleted();
    removal.known_as = options_.audit == store::AuditOfRemoved::keep ? user : alias;
    co_await forget_removed(removal);
    log::info("all of a user removed conversations={} vector_stores={}", removal.removed["conversations"],
              removal.removed["vector_stores"]);
    std::erase_if(removal.removed, [](const auto& one) { return one.second == 0; });
    co_return removal;
}

}  // namespace assistd::backup
