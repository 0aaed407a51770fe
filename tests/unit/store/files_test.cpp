// Files that were uploaded for a purpose: artifacts that tools know, with an end that holds before they are
// removed.

#include "core/files.h"

#include <unistd.h>

#include "store/database.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class FileStore : public StoreTest {
  protected:
    core::Files& files() { return storage_->files(); }

    core::File add(const std::string& content, const std::string& purpose = "assistants",
                   std::optional<std::chrono::seconds> lifetime = std::nullopt,
                   const core::Owner& owner = "local") {
        core::ArtifactDraft draft{artifacts().new_file(), {}};
        draft.about.owner = owner;
        draft.about.name = content + ".txt";
        EXPECT_EQ(::write(draft.file.get(), content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
        return run(files().add(std::move(draft), purpose, lifetime));
    }
    std::vector<std::string> names(core::FileQuery query) {
        if (query.owner.empty()) query.owner = "local";
        std::vector<std::string> names;
        for (const core::File& file : run(files().list(std::move(query))).items)
            names.push_back(file.artifact.name);
        return names;
    }
    // As if that much time had gone by since all files were added.
    void age(std::chrono::seconds time) {
        storage_.reset();
        Database db(database(), Database::Mode::read_write);
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
        db.run("UPDATE files SET expires_at = expires_at - ?1", static_cast<std::int64_t>(micros));
        open();
    }
    void give_all_one_time() {
        storage_.reset();
        Database db(database(), Database::Mode::read_write);
        db.run("UPDATE files SET created_at = 5");
        open();
    }
    std::size_t contents() const {
        std::size_t count = 0;
        for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "state" / "artifacts"))
            if (entry.is_regular_file()) ++count;
        return count;
    }
};

TEST_F(FileStore, AreArtifactsWithAPurpose) {
    const core::File added = add("one", "vision", 3600s);
    EXPECT_EQ(added.artifact.handle, "file-1");
    EXPECT_EQ(added.artifact.kind, "file");
    EXPECT_EQ(added.status, "processed");
    EXPECT_EQ(added.expires_at, added.artifact.created_at + 3600s);
    reopen();
    const core::File found = run(files().find("local", added.artifact.id));
    EXPECT_EQ(found.artifact.sha256, added.artifact.sha256);
    EXPECT_EQ(found.artifact.name, "one.txt");
    EXPECT_EQ(found.purpose, "vision");
    EXPECT_EQ(found.status, "processed");
    EXPECT_EQ(found.expires_at, added.expires_at);
    EXPECT_EQ(run(artifacts().find("local", "file-1")).id, added.artifact.id);
    char bytes[4] = {};
    const UniqueFd content = run(files().open(found));
    EXPECT_EQ(::read(content.get(), bytes, sizeof bytes), 3);
    EXPECT_STREQ(bytes, "one");
    EXPECT_FALSE(add("two").expires_at);
}

TEST_F(FileStore, AreListedByTimeAndSequenceInBothOrders) {
    std::map<std::string, ArtifactId> ids;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        const std::string purpose = *name == 'b' || *name == 'd' ? "batch" : "assistants";
        ids[name] = add(name, purpose).artifact.id;
    }
    give_all_one_time();
    EXPECT_THAT(names({}), ElementsAre("e.txt", "d.txt", "c.txt", "b.txt", "a.txt"));
    EXPECT_THAT(names({.order = core::Order::ascending}),
                ElementsAre("a.txt", "b.txt", "c.txt", "d.txt", "e.txt"));
    EXPECT_THAT(names({.purpose = "batch"}), ElementsAre("d.txt", "b.txt"));
    EXPECT_THAT(names({.purpose = "batch", .order = core::Order::ascending, .after = ids["b"]}),
                ElementsAre("d.txt"));
    EXPECT_THAT(names({.after = ids["d"], .limit = 2}), ElementsAre("c.txt", "b.txt"));
    EXPECT_TRUE(run(files().list({.owner = "local", .after = ids["d"], .limit = 2})).has_more);
    EXPECT_FALSE(run(files().list({.owner = "local", .after = ids["d"], .limit = 3})).has_more);
    EXPECT_THAT(names({.order = core::Order::ascending, .after = ids["e"]}), IsEmpty());
}

TEST_F(FileStore, AreRemovedWhileTheyAreListed) {
    for (const core::Order order : {core::Order::ascending, core::Order::descending}) {
        for (int i = 0; i < 20; ++i) add(std::to_string(i));
        core::FileQuery query{.owner = "local", .order = order, .limit = 3};
        std::size_t seen = 0;
        for (bool more = true; more;) {
            const auto slice = run(files().list(query));
            for (const core::File& file : slice.items) run(files().remove("local", file.artifact.id));
            seen += slice.items.size();
            query.after = slice.items.back().artifact.id;
            more = slice.has_more;
        }
        EXPECT_EQ(seen, 20u);
        EXPECT_THAT(names({}), IsEmpty());
    }
}

TEST_F(FileStore, OfOthersAreNone) {
    const core::File mine = add("mine", "assistants", std::nullopt, "me");
    EXPECT_EQ(error_of(files().find("you", mine.artifact.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(files().remove("you", mine.artifact.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(files().list({.owner = "you", .after = mine.artifact.id})), ErrorCode::validation);
    EXPECT_THAT(names({.owner = "you"}), IsEmpty());
    EXPECT_EQ(error_of(files().find("me", ArtifactId::make())), ErrorCode::not_found);
}

TEST_F(FileStore, FindArtifactsThatCameAnotherWayAndDoNotListThem) {
    const core::File mine = add("mine", "assistants", std::nullopt, "me");
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back({artifacts().new_file(), {}});
    drafts.front().about.owner = "me";
    drafts.front().about.kind = "file";
    const core::Artifact plain = run(artifacts().add(std::move(drafts))).at(0);
    EXPECT_EQ(run(files().find("me", plain.id)).purpose, "user_data");
    EXPECT_EQ(run(files().find("me", plain.id)).status, "processed");
    EXPECT_EQ(error_of(files().find("you", plain.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(files().remove("you", plain.id)), ErrorCode::not_found);
    EXPECT_THAT(names({.owner = "me"}), ElementsAre("mine.txt"));
    run(files().remove("me", plain.id));
    EXPECT_EQ(error_of(artifacts().find("me", plain.handle)), ErrorCode::not_found);
    EXPECT_EQ(error_of(files().find("me", plain.id)), ErrorCode::not_found);
}

TEST_F(FileStore, GoWithTheirArtifactAndTakeItWithThem) {
    const core::File first = add("first");
    const core::File second = add("second");
    run(files().remove("local", first.artifact.id));
    EXPECT_EQ(error_of(artifacts().find("local", first.artifact.handle)), ErrorCode::not_found);
    EXPECT_EQ(contents(), 1u);
    run(artifacts().remove("local", second.artifact.handle));
    EXPECT_EQ(error_of(files().find("local", second.artifact.id)), ErrorCode::not_found);
    EXPECT_THAT(names({}), IsEmpty());
    EXPECT_EQ(contents(), 0u);
}

TEST_F(FileStore, ThatHaveExpiredAreGoneAndThenRemoved) {
    const core::File kept = add("kept");
    const core::File later = add("later", "assistants", 7200s);
    std::vector<core::File> old;
    for (const char* name : {"1", "2", "3"}) old.push_back(add(name, "assistants", 3600s));
    EXPECT_EQ(run(files().remove_expired(10)), 0);
    age(3600s);
    EXPECT_EQ(error_of(files().find("local", old[0].artifact.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(files().remove("local", old[0].artifact.id)), ErrorCode::not_found);
    EXPECT_THAT(names({}), ElementsAre("later.txt", "kept.txt"));
    EXPECT_THAT(names({.purpose = "assistants", .order = core::Order::ascending}),
                ElementsAre("kept.txt", "later.txt"));
    EXPECT_EQ(contents(), 5u);
    EXPECT_EQ(run(files().remove_expired(2)), 2);
    EXPECT_EQ(contents(), 3u);
    EXPECT_EQ(run(files().remove_expired(2)), 1);
    EXPECT_EQ(run(files().remove_expired(2)), 0);
    EXPECT_EQ(error_of(artifacts().find("local", old[2].artifact.handle)), ErrorCode::not_found);
    EXPECT_EQ(contents(), 2u);
    EXPECT_EQ(run(files().find("local", later.artifact.id)).artifact.name, "later.txt");
}

}  // namespace
}  // namespace assistd::store
