// Everything that belongs to one user: it can be taken along, and it can be removed, to the last row.

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "backup/personal_export.h"
#include "core/account.h"
#include "knowledge/personal_data.h"
#include "sqlite/snapshot.h"
#include "store/personal_data.h"
#include "unit/backup/fixture.h"

namespace assistd::backup {
namespace {

using nlohmann::json;
using Files = std::map<std::string, std::string>;

Files unzipped(const UniqueFd& file) {
    Files files;
    const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
    archive_read_support_format_zip(in.get());
    ::lseek(file.get(), 0, SEEK_SET);
    EXPECT_EQ(archive_read_open_fd(in.get(), file.get(), 1 << 16), ARCHIVE_OK);
    for (archive_entry* entry = nullptr; archive_read_next_header(in.get(), &entry) == ARCHIVE_OK;) {
        const std::string name = archive_entry_pathname_utf8(entry);
        EXPECT_FALSE(files.contains(name)) << name;
        std::string& content = files[name];
        char piece[4096];
        for (la_ssize_t got = 0; (got = archive_read_data(in.get(), piece, sizeof piece)) > 0;)
            content.append(piece, static_cast<std::size_t>(got));
    }
    return files;
}

class Personal : public BackupTest {
  protected:
    static std::set<std::string> tables_in(const std::filesystem::path& file) {
        std::set<std::string> tables;
        sqlite::Database db(file, sqlite::Database::Mode::read_only);
        // Without what an index keeps of the tables that it is for.
        sqlite::Rows rows = db.query(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE "
            "'sqlite_%'");
        while (rows.next()) tables.insert(rows.text(0));
        return tables;
    }
    static std::set<std::string> listed(std::span<const sqlite::PersonalTable> personal,
                                        std::span<const sqlite::OtherTable> others) {
        std::set<std::string> tables;
        for (const auto& table : personal)
            EXPECT_TRUE(tables.insert(std::string(table.name)).second) << table.name;
        for (const auto& table : others)
            EXPECT_TRUE(tables.insert(std::string(table.name)).second) << table.name;
        return tables;
    }
    // A row for the user in every table of the main database that has any.
    void fill_every_table(const core::Owner& user, const std::string& words);
    std::map<std::string, std::int64_t> rows_of(const core::Owner& user) {
        std::map<std::string, std::int64_t> rows;
        const auto count = [&](const char* file, std::span<const sqlite::PersonalTable> tables,
                               const char* folder) {
            sqlite::Snapshot look(state() / file);
            for (const auto& table : tables)
                if (const auto n = sqlite::count_personal_rows(look.db(), table, user); n > 0)
                    rows[std::string(folder) + std::string(table.name)] = n;
        };
        count("assistd.db", store::personal_tables(), "data/");
        count("knowledge.db", knowledge::personal_tables(), "documents/");
        return rows;
    }
    // Whether these bytes are anywhere in the tables of a database.
    bool is_anywhere(const std::filesystem::path& file, const std::string& text);
};

void Personal::fill_every_table(const core::Owner& user, const std::string& words) {
    const core::Conversation conversation = fill(words, user);
    core::Project project;
    project.id = ProjectId::make();
    project.owner = user;
    project.name = "Project of " + words;
    project.created_at = project.updated_at = now();
    run(storage_->projects().add(project));
    core::Assistant assistant;
    assistant.id = AssistantId::make();
    assistant.owner = user;
    assistant.name = "Assistant of " + words;
    assistant.created_at = now();
    run(storage_->assistants().add(assistant));
    core::Turn turn = a_turn(conversation);
    run(storage_->store().begin_turn(turn, a_message(turn, core::Role::user, "call")));
    const auto calls = storage_->store().append_message(store::a_reply_with_calls(turn, {"c"}));
    run(calls.committed());
    core::Approval approval;
    approval.call_id = "c";
    approval.sentence = "May it, about " + words + "?";
    approval.asked_at = now();
    const auto asked = storage_->store().ask_approval(turn.id, approval);
    run(asked.committed());
    const auto result = storage_->store().append_message(store::a_result(turn, "c"));
    run(result.committed());
    turn.state = core::TurnState::completed;
    const auto ended = storage_->store().end_turn(turn, std::nullopt);
    run(ended.committed());
    const auto summed = storage_->store().put_summary({conversation.id, turn.id, "About " + words, now()});
    run(summed.committed());
    core::Job job;
    job.id = JobId::make();
    job.owner = user;
    job.tool = "tool of " + words;
    job.state = core::JobState::completed;
    job.created_at = now();
    const auto put = storage_->store().put_job(job);
    run(put.committed());
    core::Study study;
    study.id = StudyId::make();
    study.owner = user;
    study.name = "Study of " + words;
    study.runs = 1;
    study.state = core::StudyState::completed;
    study.created_at = now();
    const auto added = storage_->studies().add(study);
    run(added.committed());
    core::StudyRun done;
    done.number = 1;
    const auto ran = storage_->studies().put_run(study.id, done);
    run(ran.committed());
    core::AuditEntry entry;
    entry.owner = user;
    entry.tool = "look";
    entry.conversation = conversation.id;
    entry.arguments_sha256 = "ab";
    entry.outcome = "success";
    entry.at = now();
    const auto noted = storage_->audit().add(entry);
    run(noted.committed());
    const auto counted =
        storage_->call_counts().count(user, "look", std::chrono::floor<std::chrono::days>(now()));
    run(counted.committed());
    const auto spent = storage_->key_spending().add("key of " + user, user,
                                                    std::chrono::floor<std::chrono::days>(now()), {15, 0.5});
    run(spent.committed());
    core::User account;
    account.name = user;
    account.password = "scrypt of " + words;
    const auto made_account = storage_->accounts().put_user(account);
    run(made_account.committed());
    core::ApiKey key;
    key.id = core::KeyId::make();
    key.owner = user;
    key.hash = "hash of " + key.id.text();
    const auto made_key = storage_->accounts().put_key(key);
    run(made_key.committed());
    core::LoginSession session;
    session.owner = user;
    session.hash = "hash of " + Uuid::make().hex();
    const auto made_session = storage_->accounts().put_session(session);
    run(made_session.committed());
    core::ArtifactDraft draft;
    draft.file = artifacts().new_file();
    draft.about.owner = user;
    draft.about.name = "../up/load?.txt";
    run(storage_->files().add(std::move(draft), "assistants", std::nullopt));
    core::VectorStore other;
    other.owner = user;
    other.name = "Store of " + words;
    const VectorStoreId store = run(knowledge().add_store(other, {})).id;
    std::vector<core::FileToIndex> files(1);
    files.front().file = uploaded("Of a batch about " + words, "batch.txt", user);
    run(knowledge().add_batch(user, store, files));
    settle(store, user);
    const ArtifactId gone = indexed(store, "To be taken out: " + words, "gone.txt", "{}", user);
    run(knowledge().remove_file(user, store, gone));
}

bool Personal::is_anywhere(const std::filesystem::path& file, const std::string& text) {
    sqlite::Database db(file, sqlite::Database::Mode::read_only);
    for (const std::string& table : tables_in(file)) {
        const std::string query = "SELECT * FROM \"" + table + "\" WHERE ?1 <> ''";
        bool found = false;
        sqlite::each_personal_row(
            db, {table, query.c_str(), ""}, "x", [&](const nlohmann::ordered_json& row) {
                found = found || row.dump(-1, ' ', false, json::error_handler_t::replace).find(text) !=
                                     std::string::npos;
            });
        if (found) {
            ADD_FAILURE() << table;
            return true;
        }
    }
    return false;
}

TEST_F(Personal, EveryTableIsSomebodysOrNobodys) {
    EXPECT_EQ(listed(store::personal_tables(), store::other_tables()), tables_in(state() / "assistd.db"));
    EXPECT_EQ(listed(knowledge::personal_tables(), knowledge::other_tables()),
              tables_in(state() / "knowledge.db"));
    // A table that names an owner is somebody's.
    sqlite::Database db(state() / "assistd.db", sqlite::Database::Mode::read_only);
    sqlite::Rows rows = db.query(
        "SELECT DISTINCT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND "
        "c.name IN ('owner', 'user', 'user_name') AND m.sql NOT LIKE 'CREATE VIRTUAL%'");
    std::set<std::string> owned;
    while (rows.next()) owned.insert(rows.text(0));
    EXPECT_GE(owned.size(), 12u);
    for (const auto& table : store::other_tables())
        EXPECT_FALSE(owned.contains(std::string(table.name))) << table.name;
}

TEST_F(Personal, TheExportHasARowOfEveryTable) {
    fill_every_table("ann", "lantern-words");
    fill_every_table("bob", "kettle-words");
    const PersonalExport made = export_personal(state(), "ann", {});
    EXPECT_TRUE(made.faults.empty());
    const Files files = unzipped(made.file);
    const json about = json::parse(files.at("about.json"));
    EXPECT_EQ(about.at("user"), "ann");
    std::int64_t rows = 0;
    const auto check = [&](std::span<const sqlite::PersonalTable> tables, const std::string& folder) {
        for (const auto& table : tables) {
            const std::string name = folder + std::string(table.name) + ".json";
            ASSERT_TRUE(files.contains(name)) << name;
            const json list = json::parse(files.at(name));
            EXPECT_GT(list.size(), 0u) << name << ": fill_every_table has nothing for it";
            EXPECT_EQ(about.at("rows").at(name), list.size());
            rows += static_cast<std::int64_t>(list.size());
        }
    };
    check(store::personal_tables(), "data/");
    check(knowledge::personal_tables(), "documents/");
    EXPECT_EQ(made.rows, rows);
    for (const auto& [name, content] : files) {
        EXPECT_EQ(content.find("kettle"), std::string::npos) << name << ": somebody else's";
        for (const char* secret : {"scrypt of", "hash of"})
            EXPECT_EQ(content.find(secret), std::string::npos) << name << ": a secret";
    }
    EXPECT_EQ(files.at("files/table-1/table.csv"), "made of lantern-words");
    EXPECT_EQ(files.at("files/file-1/lantern-words.txt"), "A document about lantern-words.");
    EXPECT_TRUE(files.contains("files/file-2/.._up_load_.txt"));
    const json messages = json::parse(files.at("data/messages.json"));
    EXPECT_EQ(messages[0].at("blocks")[0].at("text"), "What is lantern-words?");
    EXPECT_TRUE(messages[0].at("id").get<std::string>().starts_with("msg_"));
    EXPECT_TRUE(messages[0].at("conversation").get<std::string>().starts_with("conv_"));
    EXPECT_TRUE(std::regex_match(messages[0].at("created_at").get<std::string>(),
                                 std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)")));
    const json turns = json::parse(files.at("data/turns.json"));
    EXPECT_EQ(turns[0].at("metadata"), json::object());
}

TEST_F(Personal, WhoHasNothingGetsAnEmptyOne) {
    const PersonalExport made = export_personal(state(), "nobody", {});
    EXPECT_EQ(made.rows, 0);
    EXPECT_EQ(json::parse(unzipped(made.file).at("data/messages.json")), json::array());
}

TEST_F(Personal, RemovedIsRemovedToTheLastRow) {
    fill_every_table("ann", "lantern-words");
    fill_every_table("bob", "kettle-words");
    const auto of_bob = rows_of("bob");
    const Seen bobs = seen("bob");
    const core::DataRemoval removal = run(care().remove_user("ann"));
    EXPECT_EQ(removal.removed.at("conversations"), 1);
    EXPECT_EQ(removal.removed.at("vector_stores"), 2);
    EXPECT_EQ(removal.removed.at("audit"), 1);
    ASSERT_EQ(removal.kept.size(), 3u);
    EXPECT_THAT(removal.kept[1], testing::HasSubstr("The account itself stays"));
    const auto left = storage_->accounts().remove_user("ann");
    run(left.committed());
    EXPECT_THAT(removal.kept[0], testing::HasSubstr("Backups"));
    EXPECT_EQ(rows_of("ann"), (std::map<std::string, std::int64_t>{}));
    EXPECT_EQ(rows_of("bob"), of_bob);
    EXPECT_EQ(seen("bob"), bobs);
    end_care();
    close();  // the index is cleared up behind it
    open();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto leavings = [this] {
        sqlite::Database db(state() / "knowledge.db", sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query("SELECT count(*) FROM leavings");
        rows.next();
        return rows.integer(0);
    };
    while (leavings() > 0) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        std::this_thread::yield();
    }
    for (const char* file : {"assistd.db", "knowledge.db"})
        for (const char* text : {"\"ann\"", "lantern"})
            EXPECT_FALSE(is_anywhere(state() / file, text)) << file << text;
    run(storage_->release_memory());
    sqlite::Database db(state() / "assistd.db", sqlite::Database::Mode::read_only);
    sqlite::Rows rows = db.query("SELECT count(DISTINCT sha256) FROM artifacts");
    ASSERT_TRUE(rows.next());
    std::int64_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(state() / "artifacts"))
        files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, rows.integer(0));
    // The search has forgotten the words as well.
    sqlite::Snapshot look(state() / "assistd.db");
    sqlite::Rows words =
        look.db().query("SELECT count(*) FROM message_search WHERE message_search MATCH 'lantern'");
    ASSERT_TRUE(words.next());
    EXPECT_EQ(words.integer(0), 0);
}

TEST_F(Personal, TheAuditLogKeepsWhatTheHouseWants) {
    const auto entries = [this](const char* condition) {
        sqlite::Database db(state() / "assistd.db", sqlite::Database::Mode::read_only);
        const std::string query = fmt::format("SELECT owner FROM audit WHERE {} AND ?1 <> ''", condition);
        return sqlite::count_personal_rows(db, {"audit", query.c_str(), ""}, "x");
    };
    using store::AuditOfRemoved;
    for (const auto wanted : {AuditOfRemoved::keep, AuditOfRemoved::anonymise, AuditOfRemoved::remove}) {
        const std::string user = fmt::format("user-{}", static_cast<int>(wanted));
        fill_every_table(user, "lantern");
        end_care();
        DataCare care({state(), 0, wanted}, *storage_, *base_, nobody_runs);
        const auto removal = run(care.remove_user(user));
        EXPECT_EQ(entries(fmt::format("owner = '{}'", user).c_str()), wanted == AuditOfRemoved::keep ? 1 : 0);
        EXPECT_EQ(removal.kept.size(), wanted == AuditOfRemoved::remove ? 2u : 3u);
    }
    EXPECT_EQ(entries("owner LIKE 'removed-%' AND conversation IS NULL AND arguments_sha256 = ''"), 1);
    EXPECT_EQ(entries("1"), 2);
}

TEST_F(Personal, RemovingTwiceIsRemovingOnce) {
    fill_every_table("ann", "lantern");
    run(care().remove_user("ann"));
    EXPECT_TRUE(run(care().remove_user("ann")).removed.empty());
    EXPECT_EQ(run(care().amounts("ann")), (std::map<std::string, std::int64_t>{}));
    fill_every_table("ann", "lantern");  // and the name may come again
    EXPECT_EQ(seen("ann").conversations.size(), 1u);
    EXPECT_EQ(seen("ann").passages.size(), 1u);
}

TEST_F(Personal, ANameOfWhichThereIsNothingIsRefused) {
    try {
        run(care().remove_user("nobody"));
        ADD_FAILURE() << "nothing was there to be removed";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.what(), testing::HasSubstr("\"nobody\""));
    }
    fill_every_table("ann", "lantern");
    const auto amounts = run(care().amounts("ann"));
    EXPECT_EQ(amounts.at("conversations"), 1);
    EXPECT_EQ(amounts.at("vector_stores"), 2);
    EXPECT_GE(amounts.at("documents"), 1);
    EXPECT_EQ(amounts.count("users"), 0u);
    EXPECT_TRUE(run(care().amounts("nobody")).empty());
    // Also of whom only the things are left.
    const auto gone = storage_->accounts().remove_user("ann");
    run(gone.committed());
    EXPECT_EQ(run(care().remove_user("ann")).removed.at("conversations"), 1);
}

TEST_F(Personal, WhatWasDoneAboutARemovedUserHasTheNameNoMore) {
    fill_every_table("ann", "lantern");
    const auto note = [this](const std::string& by, const std::string& whom) {
        core::AuditEntry entry;
        entry.at = now();
        entry.owner = by;
        entry.tool = "users.change";
        entry.outcome = "success";
        entry.deed = core::Deed{whom, "password", "key_" + by};
        const core::Write added = storage_->audit().add(entry);
        run(added.committed());
    };
    note("root", "ann");
    note("root", "bob");
    note("ann", "bob");  // stays hers, or whoever did much could take himself out of it
    note("ann", "ann");
    const std::string alias = run(care().remove_user("ann")).known_as;
    core::AuditQuery query{.tool = "users.change", .everybody = true};
    std::vector<std::string> told;
    for (const core::AuditEntry& entry : run(storage_->audit().list(query)).items)
        told.push_back(entry.owner + " " + entry.deed.value().whom + " " + entry.deed->credential);
    EXPECT_THAT(told, testing::ElementsAre(alias + " " + alias + " ", "ann bob key_ann", "root bob key_root",
                                           "root " + alias + " key_root"));
}

}  // namespace
}  // namespace assistd::backup
