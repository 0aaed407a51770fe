#include "store/artifacts.h"

#include <unistd.h>

#include <future>

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class ArtifactStore : public StoreTest {
  protected:
    core::ArtifactDraft draft(const std::string& content, const std::string& kind = "plot",
                              const core::Owner& owner = "local") {
        core::ArtifactDraft draft{artifacts().new_file(), {}};
        draft.about.owner = owner;
        draft.about.kind = kind;
        EXPECT_EQ(::write(draft.file.get(), content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
        return draft;
    }
    core::Artifact add(core::ArtifactDraft one) {
        std::vector<core::ArtifactDraft> drafts;
        drafts.push_back(std::move(one));
        return run(artifacts().add(std::move(drafts))).at(0);
    }
    core::ArtifactDraft keyed(const std::string& content, const std::string& name = "a.txt",
                              const core::Owner& owner = "local") {
        core::ArtifactDraft one = draft(content, "file", owner);
        one.about.name = name;
        one.idempotency_key = "key";
        return one;
    }
    ErrorCode refusal_of(core::ArtifactDraft one) {
        std::vector<core::ArtifactDraft> drafts;
        drafts.push_back(std::move(one));
        return error_of(artifacts().add(std::move(drafts)));
    }
    std::string content_of(const core::Artifact& artifact) {
        const UniqueFd file = run(artifacts().open(artifact));
        std::string content(static_cast<std::size_t>(artifact.size) + 1, '\0');
        const ssize_t got = ::pread(file.get(), content.data(), content.size(), 0);
        content.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return content;
    }
    std::size_t file_count() const {
        std::size_t count = 0;
        for (const auto& entry : fs::recursive_directory_iterator(folder()))
            if (entry.is_regular_file()) ++count;
        return count;
    }
    fs::path folder() const { return folder_.path() / "state" / "artifacts"; }
};

TEST_F(ArtifactStore, LeaveTheReserveOfTheDiskFree) {
    storage_.reset();
    const std::uint64_t left = fs::space(folder_.path()).available;
    storage_ = open_store({.folder = folder_.path() / "state", .reserve_bytes = left * 2});
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(draft("abc"));
    try {
        run(artifacts().add(std::move(drafts)));
        ADD_FAILURE() << "it was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::payload_too_large);
        EXPECT_THAT(error.what(), testing::HasSubstr("of which store.reserve_mib keeps"));
    }
    EXPECT_EQ(file_count(), 0u);
    open();
    EXPECT_EQ(content_of(add(draft("abc"))), "abc");
}

TEST_F(ArtifactStore, AreReadAsTheyWereAdded) {
    const core::Conversation conversation = stored_conversation();
    core::ArtifactDraft made = draft("abc", "simulation");
    made.about.name = "dla.xyz";
    made.about.media_type = "chemical/x-xyz";
    const std::string project = stored_project("p").id.text();
    made.about.project_id = project;
    made.about.conversation = conversation.id;
    made.about.turn = TurnId::make();
    made.about.call_id = "c";
    made.about.tool = "run";
    made.about.plugin = "org.assistd.simulation 1.0.0";
    made.about.parameters = R"({"n":5})";
    made.about.seed = "7";
    made.about.parents = {"simulation-1", "plot-2"};
    made.about.metadata = R"({"Df":1.7})";
    const core::Artifact added = add(std::move(made));
    EXPECT_EQ(added.handle, "simulation-1");
    EXPECT_EQ(added.size, 3);
    EXPECT_EQ(added.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    reopen();
    for (const std::string& name : {added.handle, added.id.text()}) {
        const core::Artifact read = run(artifacts().find("local", name));
        EXPECT_EQ(read.id, added.id);
        EXPECT_EQ(read.handle, "simulation-1");
        EXPECT_EQ(read.kind, "simulation");
        EXPECT_EQ(read.name, "dla.xyz");
        EXPECT_EQ(read.media_type, "chemical/x-xyz");
        EXPECT_EQ(read.size, 3);
        EXPECT_EQ(read.sha256, added.sha256);
        EXPECT_EQ(read.project_id, project);
        EXPECT_EQ(read.conversation, conversation.id);
        EXPECT_EQ(read.turn, added.turn);
        EXPECT_EQ(read.call_id, "c");
        EXPECT_EQ(read.tool, "run");
        EXPECT_EQ(read.plugin, "org.assistd.simulation 1.0.0");
        EXPECT_EQ(read.parameters, R"({"n":5})");
        EXPECT_EQ(read.seed, "7");
        EXPECT_THAT(read.parents, ElementsAre("simulation-1", "plot-2"));
        EXPECT_EQ(read.metadata, R"({"Df":1.7})");
        EXPECT_EQ(read.created_at, added.created_at);
        EXPECT_EQ(content_of(read), "abc");
    }
}

TEST_F(ArtifactStore, OfTheSameKeyAreOne) {
    const core::Artifact first = add(keyed("abc"));
    const core::Artifact second = add(keyed("abc"));
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.handle, "file-1");
    EXPECT_EQ(file_count(), 1u);
    EXPECT_EQ(add(keyed("abc", "a.txt", "you")).owner, "you");
    reopen();
    EXPECT_EQ(add(keyed("abc")).id, first.id);
    EXPECT_EQ(content_of(first), "abc");
    // What was deleted is stored anew: whoever sends it again wants it.
    run(artifacts().remove("local", first.handle));
    EXPECT_EQ(add(keyed("abc")).handle, "file-2");
}

TEST_F(ArtifactStore, OfTheSameKeyForAnotherFileConflict) {
    const core::Artifact first = add(keyed("abc"));
    EXPECT_EQ(refusal_of(keyed("abcd")), ErrorCode::conflict);
    EXPECT_EQ(refusal_of(keyed("abc", "b.txt")), ErrorCode::conflict);
    EXPECT_EQ(file_count(), 1u) << "the refused content stays";
    EXPECT_EQ(content_of(first), "abc");
}

TEST_F(ArtifactStore, HonourAKeyForADay) {
    const core::Artifact first = add(keyed("abc"));
    storage_.reset();
    {
        sqlite::Database db(database(), sqlite::Database::Mode::read_write);
        db.script("UPDATE artifacts SET created_at = created_at - 86400000000");
    }
    open();
    const core::Artifact next_day = add(keyed("another"));
    EXPECT_NE(next_day.id, first.id);
    EXPECT_EQ(add(keyed("another")).id, next_day.id);
    EXPECT_EQ(run(artifacts().find("local", first.handle)).id, first.id);
}

TEST_F(ArtifactStore, AreNumberedPerOwnerAndKindAndNeverAnew) {
    EXPECT_EQ(add(draft("1")).handle, "plot-1");
    EXPECT_EQ(add(draft("2")).handle, "plot-2");
    EXPECT_EQ(add(draft("3", "table")).handle, "table-1");
    EXPECT_EQ(add(draft("4", "plot", "you")).handle, "plot-1");
    run(artifacts().remove("local", "plot-2"));
    reopen();
    EXPECT_EQ(add(draft("5")).handle, "plot-3");
    EXPECT_EQ(add(draft("6", "")).handle, "file-1");
}

TEST_F(ArtifactStore, ACallThatIsRunAgainReplacesWhatItsFirstAttemptLeft) {
    const auto of_call = [&](const std::string& content, TurnId turn, const std::string& call) {
        core::ArtifactDraft made = draft(content);
        made.about.turn = turn;
        made.about.call_id = call;
        return add(std::move(made));
    };
    const TurnId turn = TurnId::make();
    const core::Artifact first = of_call("first", turn, "a");
    const core::Artifact other = of_call("other", turn, "b");
    const core::Artifact again = of_call("again", turn, "a");
    EXPECT_EQ(error_of(artifacts().find("local", first.handle)), ErrorCode::not_found);
    EXPECT_EQ(content_of(other), "other");
    EXPECT_EQ(content_of(again), "again");
}

TEST_F(ArtifactStore, OfAnotherOwnerAreNotFound) {
    const core::Artifact mine = add(draft("secret", "plot", "me"));
    for (const std::string& name : {mine.handle, mine.id.text(), std::string("plot-9"), std::string("")}) {
        EXPECT_EQ(error_of(artifacts().find("you", name)), ErrorCode::not_found) << name;
        EXPECT_EQ(error_of(artifacts().remove("you", name)), ErrorCode::not_found) << name;
    }
    EXPECT_TRUE(run(artifacts().list({.owner = "you"})).items.empty());
    EXPECT_EQ(content_of(mine), "secret");
}

TEST_F(ArtifactStore, WithTheSameContentShareAFile) {
    add(draft("same"));
    add(draft("same"));
    EXPECT_EQ(file_count(), 1u);
    run(artifacts().remove("local", "plot-1"));
    EXPECT_EQ(file_count(), 1u);
    EXPECT_EQ(content_of(run(artifacts().find("local", "plot-2"))), "same");
    run(artifacts().remove("local", "plot-2"));
    EXPECT_EQ(file_count(), 0u);
}

TEST_F(ArtifactStore, OfOneCallAreAddedAllOrNone) {
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(draft("good"));
    drafts.push_back(draft("bad"));
    drafts[1].about.conversation = ConversationId::make();  // which does not exist
    EXPECT_EQ(error_of(artifacts().add(std::move(drafts))), ErrorCode::not_found);
    EXPECT_TRUE(run(artifacts().list({.owner = "local"})).items.empty());
    EXPECT_EQ(file_count(), 0u);
    std::vector<core::ArtifactDraft> good;
    good.push_back(draft("one"));
    good.push_back(draft("two", "table"));
    const auto added = run(artifacts().add(std::move(good)));
    ASSERT_EQ(added.size(), 2u);
    EXPECT_EQ(content_of(added[0]), "one");
    EXPECT_EQ(content_of(added[1]), "two");
    EXPECT_TRUE(run(artifacts().add({})).empty());

    std::vector<core::ArtifactDraft> unhurried, wrong;
    unhurried.push_back(draft("three", "table"));
    EXPECT_EQ(content_of(run(artifacts().add_in_background(std::move(unhurried))).at(0)), "three");
    wrong.push_back(draft("bad"));
    wrong[0].about.conversation = ConversationId::make();
    EXPECT_EQ(error_of(artifacts().add_in_background(std::move(wrong))), ErrorCode::not_found);
}

TEST_F(ArtifactStore, KeepWhatTheFileHeldWhenItWasTaken) {
    core::ArtifactDraft changing = draft("first");
    const UniqueFd other(::dup(changing.file.get()));
    const core::Artifact added = add(std::move(changing));
    ASSERT_EQ(::pwrite(other.get(), "later", 5, 0), 5);
    EXPECT_EQ(content_of(added), "first");
}

TEST_F(ArtifactStore, MayBeEmptyOrLarge) {
    const core::Artifact empty = add(draft(""));
    EXPECT_EQ(empty.size, 0);
    EXPECT_EQ(content_of(empty), "");
    std::string large;
    for (int i = 0; large.size() < 300'000; ++i) large += std::to_string(i);
    const core::Artifact added = add(draft(large));
    EXPECT_EQ(content_of(added), large);
}

TEST_F(ArtifactStore, PageNewestFirstWithoutLossWhenTimesAreEqual) {
    std::vector<core::ArtifactDraft> drafts;
    for (int i = 0; i < 250; ++i) drafts.push_back(draft("same", i % 2 ? "plot" : "table"));
    run(artifacts().add(std::move(drafts)));
    add(draft("newest"));
    EXPECT_EQ(run(artifacts().list({.owner = "local", .limit = 1})).items.at(0).handle, "plot-126");
    std::set<std::string> seen;
    std::size_t count = 0;
    core::ArtifactQuery query{.owner = "local", .limit = 40};
    do {
        const auto page = run(artifacts().list(query));
        for (const auto& artifact : page.items) seen.insert(artifact.handle);
        count += page.items.size();
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(count, 251u);
    EXPECT_EQ(seen.size(), 251u);
    EXPECT_EQ(run(artifacts().list({.owner = "local", .kind = "table", .limit = 300})).items.size(), 125u);
    query.cursor = "none";
    EXPECT_EQ(error_of(artifacts().list(query)), ErrorCode::validation);
}

TEST_F(ArtifactStore, AreFilteredByKindsToolAndParent) {
    const auto add_made = [&](const char* kind, const char* tool, std::vector<std::string> parents) {
        core::ArtifactDraft made = draft("made", kind);
        made.about.tool = tool;
        made.about.parents = std::move(parents);
        add(std::move(made));
    };
    add_made("simulation", "grow", {});
    add_made("analysis", "count", {"simulation-1"});
    add_made("plot", "draw", {"simulation-1", "analysis-1"});
    add_made("plot", "draw", {"analysis-1"});
    const auto handles = [&](core::ArtifactQuery query) {
        query.owner = "local";
        std::vector<std::string> found;
        do {
            query.limit = 1;
            const auto page = run(artifacts().list(query));
            for (const auto& artifact : page.items) found.push_back(artifact.handle);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        return found;
    };
    using Handles = std::vector<std::string>;
    EXPECT_EQ(handles({.kinds = {"simulation", "analysis"}}), (Handles{"analysis-1", "simulation-1"}));
    EXPECT_EQ(handles({.tool = "draw"}), (Handles{"plot-2", "plot-1"}));
    EXPECT_EQ(handles({.parent = "simulation-1"}), (Handles{"plot-1", "analysis-1"}));
    EXPECT_EQ(handles({.kinds = {"plot"}, .parent = "simulation-1"}), Handles{"plot-1"});
    EXPECT_EQ(handles({.kind = "plot", .tool = "count"}), Handles{});
    EXPECT_TRUE(run(artifacts().list({.owner = "you", .kinds = {"plot"}})).items.empty());
}

TEST_F(ArtifactStore, AreFoundByTheirWords) {
    const auto add_described = [&](const char* kind, const char* name, const char* tool,
                                   const char* metadata) {
        core::ArtifactDraft made = draft("made", kind);
        made.about.name = name;
        made.about.tool = tool;
        made.about.metadata = metadata;
        made.about.parameters = R"({"algorithm": "rlca", "n_particles": 500})";
        add(std::move(made));
    };
    add_described("plot", "rg_vs_n.svg", "plot_scaling", R"({"caption": "Gyration of 100% soot"})");
    add_described("simulation", "dla.csv", "run_dla_simulation", R"({"radius": 4})");
    const auto found = [&](const char* words) {
        std::vector<std::string> handles;
        for (const auto& artifact : run(artifacts().list({.owner = "local", .q = words})).items)
            handles.push_back(artifact.handle);
        return handles;
    };
    using Handles = std::vector<std::string>;
    EXPECT_EQ(found("PLOT-1"), Handles{"plot-1"});
    EXPECT_EQ(found("soot gyration"), Handles{"plot-1"});
    EXPECT_EQ(found("soot dla"), Handles{});
    EXPECT_EQ(found("run_dla"), Handles{"simulation-1"});
    EXPECT_EQ(found("radius"), Handles{}) << "a name of a number says nothing of this one";
    EXPECT_EQ(found("rlca"), (Handles{"simulation-1", "plot-1"}));
    EXPECT_EQ(found("100%"), Handles{"plot-1"});
    EXPECT_EQ(found("d%a"), Handles{});
    const std::string hash = run(artifacts().list({.owner = "local"})).items.front().sha256;
    EXPECT_EQ(found(hash.c_str()), (Handles{"simulation-1", "plot-1"})) << "the same content";
    EXPECT_EQ(found(hash.substr(0, 63).c_str()), Handles{}) << "its digits are no words";
    EXPECT_EQ(found("  "), (Handles{"simulation-1", "plot-1"}));
    EXPECT_TRUE(run(artifacts().list({.owner = "you", .q = "dla"})).items.empty());
}

TEST_F(ArtifactStore, AreFilteredByConversationAndProject) {
    const core::Conversation conversation = stored_conversation();
    core::ArtifactDraft in_it = draft("in it");
    in_it.about.conversation = conversation.id;
    add(std::move(in_it));
    core::ArtifactDraft in_project = draft("project");
    const std::string project = stored_project("p").id.text();
    in_project.about.project_id = project;
    add(std::move(in_project));
    const auto of_conversation = run(artifacts().list({.owner = "local", .conversation = conversation.id}));
    ASSERT_EQ(of_conversation.items.size(), 1u);
    EXPECT_EQ(of_conversation.items[0].handle, "plot-1");
    const auto of_project = run(artifacts().list({.owner = "local", .kind = "plot", .project_id = project}));
    ASSERT_EQ(of_project.items.size(), 1u);
    EXPECT_EQ(of_project.items[0].handle, "plot-2");
    EXPECT_TRUE(run(artifacts().list({.owner = "you", .conversation = conversation.id})).items.empty());
}

TEST_F(ArtifactStore, WhoseFileIsGoneSaySo) {
    const core::Artifact added = add(draft("abc"));
    fs::remove_all(folder() / "ba");
    EXPECT_EQ(error_of(artifacts().open(added)), ErrorCode::unavailable);
}

TEST_F(ArtifactStore, NewFilesHaveNoName) {
    const UniqueFd file = artifacts().new_file();
    EXPECT_EQ(file_count(), 0u);
}

// Adding and removing one content at the same time must never leave a row without its file.
TEST_F(ArtifactStore, NeverLoseAFileThatIsNeeded) {
    std::vector<std::future<void>> busy;
    for (int worker = 0; worker < 4; ++worker) {
        busy.push_back(std::async(std::launch::async, [this, worker] {
            for (int i = 0; i < 15; ++i) {
                const core::Artifact added = add(draft("shared", "kind" + std::to_string(worker)));
                EXPECT_EQ(content_of(added), "shared");
                run(artifacts().remove("local", added.handle));
            }
        }));
    }
    for (auto& one : busy) one.get();
    EXPECT_EQ(file_count(), 0u);
}

}  // namespace
}  // namespace assistd::store
