// A check tells what is wrong with the data, and only that; what runs meanwhile goes on.

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "backup/check.h"
#include "backup/rebuild_search.h"
#include "base/sha256.h"
#include "unit/backup/fixture.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Check : public BackupTest {
  protected:
    core::DataReport checked(bool contents = true, bool remove_orphans = false) {
        return run(care().check({contents, remove_orphans}, {}));
    }
    // Behind the back of who has it.
    void spoil(const char* database, const std::string& script) {
        sqlite::Database db(state() / database, sqlite::Database::Mode::read_write);
        db.script("PRAGMA foreign_keys = OFF;" + script);
    }
    std::string only_fault() {
        const core::DataReport report = checked();
        EXPECT_EQ(report.faults.size(), 1u);
        for (const auto& fault : report.faults) EXPECT_NE(fault.advice, "");
        return report.faults.empty() ? ""
                                     : report.faults.front().about + ": " + report.faults.front().message;
    }
    static core::Project a_project() {
        core::Project project;
        project.id = ProjectId::make();
        project.owner = "local";
        project.name = "Lights";
        project.created_at = project.updated_at = now();
        return project;
    }
    static std::string put_orphan(const fs::path& state, const std::string& content, std::time_t age) {
        const fs::path path = state / name_of_artifact(sha256(content));
        fs::create_directories(path.parent_path());
        store::write_file(path, content);
        const timespec times[2] = {{::time(nullptr) - age, 0}, {::time(nullptr) - age, 0}};
        ::utimensat(AT_FDCWD, path.c_str(), times, 0);
        return path;
    }
};

TEST_F(Check, NothingIsWrong) {
    fill("a lantern");
    made_artifact(fill("a kettle", "somebody"), "…");
    const core::DataReport report = checked();
    for (const auto& fault : report.faults) ADD_FAILURE() << fault.about << ": " << fault.message;
    EXPECT_EQ(report.conversations, 2);
    EXPECT_EQ(report.messages, 4);
    EXPECT_EQ(report.artifacts, 5);
    EXPECT_EQ(report.documents, 2);
    EXPECT_EQ(report.chunks, 2);
    EXPECT_EQ(report.orphans, 0);
    EXPECT_GT(report.bytes, 100'000);
}

TEST_F(Check, RowsThatBelongToNothing) {
    fill("a lantern");
    spoil("assistd.db", "UPDATE messages SET turn = x'00000000000000000000000000000001' WHERE sequence = 1");
    EXPECT_THAT(only_fault(),
                HasSubstr("assistd.db: messages: 1 rows belong to rows of turns that are not there."));
}

TEST_F(Check, AnIndexThatDoesNotFitItsTable) {
    fill("a lantern");
    // The table is changed while nobody knows of its index.
    spoil("assistd.db",
          "PRAGMA writable_schema = ON; CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = "
          "'artifacts_by_kind'; DELETE FROM sqlite_schema WHERE name = 'artifacts_by_kind'");
    spoil("assistd.db", "UPDATE artifacts SET kind = 'other' WHERE kind = 'table'");
    spoil("assistd.db",
          "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept");
    const core::DataReport report = checked();
    ASSERT_FALSE(report.faults.empty());
    EXPECT_EQ(report.faults[0].about, "assistd.db");
    EXPECT_THAT(report.faults[0].message, HasSubstr("missing from index artifacts_by_kind"));
}

TEST_F(Check, AMessageThatNoSearchFinds) {
    fill("a lantern");
    spoil("assistd.db",
          "INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', 1, 'What is a "
          "lantern?')");
    EXPECT_THAT(only_fault(), HasSubstr("message_search: 1 messages are not found by their words."));
}

TEST_F(Check, WordsOfNoMessage) {
    fill("a lantern");
    spoil("assistd.db", "INSERT INTO message_search (rowid, text) VALUES (99, 'ghost')");
    EXPECT_THAT(only_fault(), HasSubstr("words of 1 messages that are not there."));
}

// Never made anew in silence: what it knew is lost then.
TEST_F(Check, ADatabaseOfDocumentsThatIsMissingIsAskedFor) {
    EXPECT_FALSE(store::has_uploads(state()));
    std::vector<core::ArtifactDraft> drafts(1);
    drafts[0].file = artifacts().new_file();
    drafts[0].about.owner = "local";
    drafts[0].about.kind = "document";
    drafts[0].about.name = "a.txt";
    run(artifacts().add(std::move(drafts)));
    EXPECT_TRUE(store::has_uploads(state()));
    end_care();
    close();
    std::filesystem::remove(state() / "knowledge.db");
    knowledge::TablesOptions options{.file = state() / "knowledge.db", .was_there = true};
    try {
        const knowledge::Tables tables(options);
        FAIL() << "it was made anew";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("knowledge.db is missing, but files were uploaded"));
    }
    EXPECT_FALSE(std::filesystem::exists(options.file));
    storage_.reset();
    rebuild_search(state(), {});
    const knowledge::Tables anew(options);
}

TEST_F(Check, AnIndexThatIsMadeAnewIsWhole) {
    fill("a lantern");
    run(storage_->projects().add(a_project()));
    const Seen before = seen();
    spoil("assistd.db",
          "UPDATE message_search_data SET block = x'00' WHERE id = 10; INSERT INTO title_search "
          "(title_search) VALUES "
          "('delete-all'); INSERT INTO project_search (project_search) VALUES ('delete-all')");
    spoil("knowledge.db", "INSERT INTO passages (passages) VALUES ('delete-all')");
    const core::DataReport report = checked();
    EXPECT_EQ(report.faults.size(), 4u);
    for (const auto& fault : report.faults)
        EXPECT_THAT(fault.advice, HasSubstr("assistd --rebuild-search --state '" + state().string() + "'"));
    end_care();
    close();
    storage_.reset();
    EXPECT_THROW(rebuild_search(state(), [] { throw Error(ErrorCode::cancelled, "Stopped."); }), Error);
    rebuild_search(state(), {});
    storage_ = store::open_store({.folder = state()});
    open();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (seen() != before && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(seen(), before);
    EXPECT_TRUE(checked().faults.empty());
}

TEST_F(Check, DocumentsWhoseIndexDoesNotFit) {
    fill("a lantern");
    spoil("knowledge.db", "UPDATE files SET chunks = 7");
    EXPECT_THAT(only_fault(), HasSubstr("knowledge.db: chunks: 1 files have not as many as they should"));
    spoil("knowledge.db", "UPDATE files SET chunks = 1; DELETE FROM chunks");
    EXPECT_EQ(checked().faults.size(), 2u);  // too few, and words of what is not there
}

TEST_F(Check, AFileThatIsGoneShorterOrAnother) {
    const core::Conversation one = fill("a lantern");
    const fs::path gone = state() / name_of_artifact(made_artifact(one, "to be lost").sha256);
    fs::rename(gone, folder_.path() / "kept");
    EXPECT_THAT(only_fault(), HasSubstr("artifact table-2 of local: The file " + gone.string()));
    store::write_file(gone, "short");
    EXPECT_THAT(only_fault(), HasSubstr("it has 5 bytes instead of 10"));
    store::write_file(gone, "to be lust");
    EXPECT_THAT(only_fault(), HasSubstr("its bytes are others than they were"));
    EXPECT_TRUE(checked(false).faults.empty());  // that takes reading them
    fs::rename(folder_.path() / "kept", gone);
    EXPECT_TRUE(checked().faults.empty());
}

TEST_F(Check, FilesThatNobodyHasAreRemovedWhenThatIsAskedFor) {
    fill("a lantern");
    const fs::path old = put_orphan(state(), "old", 7'200);
    const fs::path young = put_orphan(state(), "young", 60);
    core::DataReport report = checked();
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(report.orphans, 1);
    EXPECT_EQ(report.orphans_removed, 0);
    EXPECT_TRUE(fs::exists(old));
    report = checked(false, true);
    EXPECT_EQ(report.orphans_removed, 1);
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(young));  // somebody may be about to have it
    EXPECT_EQ(checked().artifacts, 2);
}

TEST_F(Check, AFileThatBecameSomebodysMeanwhileStays) {
    const core::Conversation one = fill("a lantern");
    const fs::path path = put_orphan(state(), "soon somebody's", 7'200);
    const std::vector<std::string> seen_as_orphans = backup::check(state(), false, {}).orphans;
    ASSERT_EQ(seen_as_orphans.size(), 1u);
    made_artifact(one, "soon somebody's");
    run(storage_->remove_unneeded_files(seen_as_orphans));
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(Check, ADamagedPageIsTold) {
    for (int i = 0; i < 20; ++i) fill("a lantern " + std::to_string(i));
    end_care();
    close();
    storage_.reset();
    {
        const UniqueFd file(::open((state() / "assistd.db").c_str(), O_RDWR));
        const std::string rubbish(4'096, '\x55');
        ASSERT_EQ(::pwrite(file.get(), rubbish.data(), rubbish.size(), 4'096 * 12), 4'096);
    }
    const Checked found = backup::check(state(), false, {});
    ASSERT_FALSE(found.report.faults.empty());
    EXPECT_EQ(found.report.faults.front().about, "assistd.db");
    storage_ = nullptr;
}

TEST_F(Check, DocumentsWhoseFilesAreGone) {
    fill("a lantern");
    spoil("assistd.db", "DELETE FROM artifacts WHERE kind = 'file'");
    EXPECT_THAT(only_fault(), HasSubstr("1 documents in vector stores are of files that are gone."));
}

TEST_F(Check, NothingIsRemovedByADamagedDatabase) {
    fill("a lantern");
    const fs::path orphan = put_orphan(state(), "old", 7'200);
    spoil("assistd.db", "UPDATE messages SET turn = x'00000000000000000000000000000001'");
    EXPECT_EQ(checked(false, true).orphans_removed, 0);
    EXPECT_TRUE(fs::exists(orphan));
}

TEST_F(Check, GivenUpInTheMiddle) {
    fill("a lantern");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(error_of(care().check({}, stop.get_token())), ErrorCode::cancelled);
    EXPECT_TRUE(checked().faults.empty());
}

}  // namespace
}  // namespace assistd::backup
