// Restoring: only what is whole, only where nothing is, and older databases too.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "backup/archive_reader.h"
#include "backup/archive_writer.h"
#include "backup/opened_backup.h"
#include "backup/restore.h"
#include "backup/state_files.h"
#include "base/seal.h"
#include "base/sha256.h"
#include "sqlite/migrate.h"
#include "store/migrations.h"
#include "unit/backup/fixture.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;

using Files = std::vector<std::pair<std::string, std::string>>;  // names and contents

class Restore : public BackupTest {
  protected:
    // The files of a backup, without its manifest.
    static Files files_of(const fs::path& backup) {
        const UniqueFd file(::open(backup.c_str(), O_RDONLY));
        ArchiveReader archive(file.get());
        Files files;
        for (std::string name; archive.next(name);) {
            std::string content;
            archive.read([&](std::string_view piece) { content += piece; });
            if (name != manifest_name) files.emplace_back(name, content);
        }
        return files;
    }
    static Manifest manifest_for(const Files& files) {
        Manifest manifest;
        manifest.version = this_version();
        manifest.created_at = now();
        for (const auto& [name, content] : files)
            manifest.files.push_back({name, static_cast<std::int64_t>(content.size()), sha256(content)});
        return manifest;
    }
    // A backup as somebody else might have made it, with all its sums in order.
    fs::path packed(const Files& files, const std::string& manifest) {
        const fs::path path = folder_.path() / ("packed-" + Uuid::make().hex());
        const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT, 0600));
        ArchiveWriter archive(file.get(), ArchiveKind::sealed_tar_zstd, now(), {});
        for (const auto& [name, content] : files) archive.add(name, content);
        if (!manifest.empty()) archive.add(std::string(manifest_name), manifest);
        archive.finish();
        return path;
    }
    fs::path packed(const Files& files) { return packed(files, to_json(manifest_for(files))); }
    // A database of a backup after a script.
    std::string changed(const std::string& database, const std::string& script) {
        const fs::path path = folder_.path() / Uuid::make().hex();
        store::write_file(path, database);
        {
            sqlite::Database db(path, sqlite::Database::Mode::read_write);
            db.script(script);
        }
        return store::read_file(path);
    }
    // What restoring is refused with; the folder is as it was.
    std::string refusal(const fs::path& file) {
        const fs::path into = folder_.path() / "refused";
        std::string said;
        try {
            restore(file, into);
            ADD_FAILURE() << "it was restored";
        } catch (const Error& error) {
            said = error.what();
        }
        EXPECT_EQ(names_in(into), std::vector<std::string>{}) << said;
        fs::remove_all(into);
        return said;
    }
    static std::string& content_of(Files& files, std::string_view name) {
        for (auto& [one, content] : files)
            if (one.starts_with(name)) return content;
        throw std::logic_error("no such file");
    }
};

using testing::HasSubstr;

TEST_F(Restore, AFlippedBitAnywhereIsFound) {
    fill("a lantern");
    const fs::path file = backed_up();
    std::string bytes = store::read_file(file);
    const UniqueFd fd(::open(file.c_str(), O_RDWR));
    ASSERT_EQ(fault_of_sealed(fd.get()), "");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char flipped = static_cast<char>(bytes[i] ^ (1 << i % 8));
        ASSERT_EQ(::pwrite(fd.get(), &flipped, 1, static_cast<off_t>(i)), 1);
        ASSERT_NE(fault_of_sealed(fd.get()), "") << "byte " << i;
        if (i % 997 == 0) {
            EXPECT_THAT(refusal(file), HasSubstr("The backup ")) << "byte " << i;
        }
        ASSERT_EQ(::pwrite(fd.get(), &bytes[i], 1, static_cast<off_t>(i)), 1);
    }
    EXPECT_EQ(restore(file, folder_.path() / "new").conversations, 1);
}

TEST_F(Restore, WhatWasCutOffIsFound) {
    fill("a lantern");
    const fs::path file = backed_up();
    const std::string bytes = store::read_file(file);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{10}, bytes.size() / 2, bytes.size() - seal_size, bytes.size() - 1}) {
        store::write_file(file, bytes.substr(0, size));
        EXPECT_THAT(refusal(file), testing::AnyOf(HasSubstr("too short"), HasSubstr("cut off"))) << size;
    }
    store::write_file(file, bytes + "more");
    EXPECT_THAT(refusal(file), HasSubstr("cut off"));
    store::write_file(
        file,
        "PK\x03\x04 is a picture of a cat, say, and it is long enough to be one of these, or even longer.");
    EXPECT_THAT(refusal(file), HasSubstr("another kind of file"));
    EXPECT_THAT(refusal(folder_.path() / "nowhere"), HasSubstr("cannot be read: No such file"));
    EXPECT_THAT(refusal(folder_.path()), HasSubstr("is no file"));
}

TEST_F(Restore, OnlyWhereNothingIs) {
    fill("a lantern");
    const fs::path file = backed_up();
    const fs::path into = folder_.path() / "taken";
    fs::create_directory(into);
    store::write_file(into / "notes.txt", "mine");
    try {
        restore(file, into);
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("is not empty (notes.txt is there)"));
        EXPECT_THAT(error.what(), HasSubstr("--state"));
    }
    EXPECT_EQ(names_in(into), std::vector<std::string>{"notes.txt"});
    EXPECT_THROW(restore(file, state()), Error);
    EXPECT_EQ(seen().conversations.size(), 1u);
    // What an interrupted restore has left is none of that, nor is the lock.
    fs::remove(into / "notes.txt");
    store::write_file(into / "lock", "1");
    fs::create_directory(into / "restore.unfinished-0");
    store::write_file(into / "restore.unfinished-0" / "assistd.db", "half");
    restore(file, into);
    EXPECT_EQ(names_in(into),
              (std::vector<std::string>{"artifacts", "assistd.db", "clock.json", "knowledge.db", "lock"}));
}

TEST_F(Restore, WhatSomebodyElsePackedIsLookedAtAsWell) {
    fill("a lantern");
    const Files good = files_of(backed_up());
    EXPECT_EQ(restore(packed(good), folder_.path() / "new").conversations, 1);

    Files files = good;
    content_of(files, "artifacts/") += "more";
    EXPECT_THAT(refusal(packed(files)), HasSubstr("does not belong to its name"));
    files = good;
    files.pop_back();
    EXPECT_THAT(refusal(packed(files)), HasSubstr("the content of the artifact"));
    EXPECT_THAT(refusal(packed(files, to_json(manifest_for(good)))), HasSubstr("is missing"));
    EXPECT_THAT(refusal(packed(good, to_json(manifest_for(files)))), HasSubstr("does not list"));
    files = good;
    std::erase_if(files, [](const auto& file) { return file.first == "knowledge.db"; });
    EXPECT_THAT(refusal(packed(files)), HasSubstr("knowledge.db is missing"));
    for (const char* name :
         {"../outside", "/etc/passwd", "artifacts/../../x", "artifacts/zz/zz", "lock", ""}) {
        files = good;
        files.emplace_back(name, "x");
        EXPECT_NE(refusal(packed(files)), "") << name;
    }
    EXPECT_FALSE(fs::exists(folder_.path() / "outside"));
    EXPECT_THAT(refusal(packed(good, "")), HasSubstr("no manifest.json"));
    EXPECT_THAT(refusal(packed(good, "{}")), HasSubstr("manifest.json is none"));
    EXPECT_THAT(refusal(packed(good, "[1")), HasSubstr("manifest.json is none"));
}

TEST_F(Restore, ADatabaseThatIsDamagedInsideIsRefused) {
    fill("a lantern");
    Files files = files_of(backed_up());
    const std::string good = content_of(files, "assistd.db");
    content_of(files, "assistd.db") = changed(good, "PRAGMA foreign_keys = OFF; DELETE FROM conversations");
    EXPECT_THAT(refusal(packed(files)), HasSubstr("that are not there"));
    content_of(files, "assistd.db") = changed(good, "PRAGMA application_id = 7");
    EXPECT_THAT(refusal(packed(files)), HasSubstr("another program's"));
    content_of(files, "assistd.db") = "SQLite format 3 it is not";
    EXPECT_NE(refusal(packed(files)), "");
    std::string holes = good;
    std::fill(holes.begin() + 8'192, holes.begin() + 12'288, '\xff');
    content_of(files, "assistd.db") = holes;
    EXPECT_NE(refusal(packed(files)), "");
}

TEST_F(Restore, ANewerOneIsRefusedWithTheVersionThatIsNeeded) {
    fill("a lantern");
    Files files = files_of(backed_up());
    std::string& database = content_of(files, "assistd.db");
    database = changed(database, "PRAGMA user_version = 9000");
    Manifest manifest = manifest_for(files);
    manifest.version = "7.5.0";
    EXPECT_THAT(refusal(packed(files, to_json(manifest))),
                HasSubstr("Restore it with assistd 7.5.0 or a newer one"));
    std::string json = to_json(manifest);
    json.replace(json.find("\"format\": 1"), 11, "\"format\": 2");
    EXPECT_THAT(refusal(packed(files, json)), HasSubstr("Restore it with assistd 7.5.0 or a newer one"));
}

TEST_F(Restore, AnOlderOneIsBroughtUpToDateAtTheStart) {
    fill("a lantern");
    Files files = files_of(backed_up());
    const fs::path old = folder_.path() / "old.db";
    {
        sqlite::Database db(old, sqlite::Database::Mode::create);
        db.script(fmt::format("PRAGMA application_id = {}", store::application_id));
        sqlite::migrate(db, old, store::all_migrations().first(1));
        db.script(
            "INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, "
            "metadata, "
            "archived, created_at, updated_at) VALUES (x'00000000000000000000000000000001', 'local', '', "
            "'Old', '', "
            "'', '', '{}', 0, 10, 20)");
    }
    content_of(files, "assistd.db") = store::read_file(old);
    std::erase_if(files, [](const auto& file) { return file.first.starts_with("artifacts/"); });
    EXPECT_EQ(restore(packed(files), folder_.path() / "new").conversations, 1);
    move_to(folder_.path() / "new");
    EXPECT_EQ(seen().conversations, std::vector<std::string>{"Old: 0"});
}

TEST_F(Restore, WhoGivesUpFindsTheFolderAsItWas) {
    fill("a lantern");
    const fs::path file = backed_up();
    for (int at = 1, piece = 0; at < 20; at += 3, piece = 0) {
        try {
            restore(file, folder_.path() / "new", {}, [&] {
                if (++piece == at) throw Error(ErrorCode::cancelled, "Stopped.");
            });
            break;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::cancelled);
            EXPECT_EQ(names_in(folder_.path() / "new"), std::vector<std::string>{});
        }
    }
}

TEST_F(Restore, WhatRootRestoresBelongsToTheFoldersOwner) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    fill("a lantern");
    const fs::path into = folder_.path() / "new";
    fs::create_directory(into);
    constexpr uid_t somebody = 54'321;
    ASSERT_EQ(::chown(into.c_str(), somebody, somebody), 0);
    store::write_file(into / "lock", "1");
    restore(backed_up(), into);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(into)) {
        struct stat about {};
        ASSERT_EQ(::lstat(entry.path().c_str(), &about), 0);
        EXPECT_EQ(about.st_uid, somebody) << entry.path();
    }
}

TEST_F(Restore, APipeIsNotWaitedFor) {
    const fs::path pipe = folder_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(refusal(pipe), HasSubstr("is no file"));
}

class RestoreOfAccounts : public Restore {
  protected:
    // Two keys, of which one is good, and a login.
    fs::path backup_with_accounts() {
        fill("a lantern");
        Files files = files_of(backed_up());
        content_of(files, "assistd.db") = changed(
            content_of(files, "assistd.db"),
            "INSERT INTO users (name, role, origin, disabled, password, created_at) VALUES ('alice', 'user', "
            "'made', "
            "0, '', 1);"
            "INSERT INTO api_keys (id, owner, name, hash, hint, scopes, created_at, revoked_at) VALUES "
            "(x'01', 'alice', 'good', 'a', 'a', '[]', 1, NULL), (x'02', 'alice', 'gone', 'b', 'b', '[]', 1, "
            "7);"
            "INSERT INTO login_sessions (hash, owner, created_at, expires_at, last_used_at) VALUES ('c', "
            "'alice', 1, "
            "9000000000000000, 1)");
        return packed(files);
    }
    std::string answer(const char* question) {
        sqlite::Database db(folder_.path() / "new" / "assistd.db", sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query(question);
        EXPECT_TRUE(rows.next());
        return rows.text(0);
    }
};

TEST_F(RestoreOfAccounts, LoginsEndAndKeysAreTold) {
    const Restored restored = restore(backup_with_accounts(), folder_.path() / "new");
    EXPECT_EQ(restored.accounts.users, 1);
    EXPECT_EQ(restored.accounts.keys, 1);
    EXPECT_EQ(answer("SELECT count(*) FROM login_sessions"), "0");
    EXPECT_EQ(answer("SELECT group_concat(name) FROM api_keys WHERE revoked_at IS NULL"), "good");
}

TEST_F(RestoreOfAccounts, AllKeysEndForWhoWantsThat) {
    restore(backup_with_accounts(), folder_.path() / "new", {.end_keys = true});
    EXPECT_EQ(answer("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL"), "0");
    EXPECT_EQ(answer("SELECT revoked_at FROM api_keys WHERE name = 'gone'"), "7");
}

TEST_F(Restore, NothingIsKnownOfTimeInWhatWasRestored) {
    fill("a lantern");
    restore(backed_up(), folder_.path() / "new");
    const std::string memory = store::read_file(folder_.path() / "new" / clock_file);
    EXPECT_THAT(memory, HasSubstr("\"restored\": \"2"));
    EXPECT_THAT(memory, testing::Not(HasSubstr("believed")));
}

TEST_F(Restore, WhatIsRestoredCanGiveItsSpaceBack) {
    fill("a lantern");
    restore(backed_up(), folder_.path() / "new");
    for (const StateDatabase& database : state_databases()) {
        sqlite::Database db(folder_.path() / "new" / database.name, sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query("PRAGMA auto_vacuum");
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.integer(0), 2) << database.name;
    }
}

}  // namespace
}  // namespace assistd::backup
