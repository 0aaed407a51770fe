#include "unit/backup/fixture.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

namespace assistd::backup {

namespace fs = std::filesystem;

Task<void> nobody_runs(core::Owner /*user*/) {
    co_return;
}

BackupTest::BackupTest() = default;

BackupTest::~BackupTest() {
    end_care();
}

DataCare& BackupTest::care() {
    if (!care_) care_ = std::make_unique<DataCare>(DataCareOptions{state()}, *storage_, *base_, nobody_runs);
    return *care_;
}

core::Conversation BackupTest::fill(const std::string& words, const core::Owner& owner) {
    core::Conversation conversation = a_conversation(owner);
    conversation.title = "About " + words;
    const core::Write added = storage_->store().add_conversation(conversation);
    run(added.committed());
    const core::Turn turn = a_turn(conversation);
    run(storage_->store().begin_turn(turn, a_message(turn, core::Role::user, "What is " + words + "?")));
    core::Turn ended = turn;
    ended.state = core::TurnState::completed;
    const core::Write end =
        storage_->store().end_turn(ended, a_message(turn, core::Role::assistant, words + " is a thing."));
    run(end.committed());
    made_artifact(conversation, "made of " + words);
    indexed(made_store("documents", owner), "A document about " + words + ".", words + ".txt", "{}", owner);
    return conversation;
}

core::Artifact BackupTest::made_artifact(const core::Conversation& conversation, const std::string& content) {
    std::vector<core::ArtifactDraft> drafts(1);
    drafts.front().file = artifacts().new_file();
    EXPECT_EQ(::pwrite(drafts.front().file.get(), content.data(), content.size(), 0),
              static_cast<ssize_t>(content.size()));
    drafts.front().about.owner = conversation.owner;
    drafts.front().about.conversation = conversation.id;
    drafts.front().about.kind = "table";
    drafts.front().about.name = "table.csv";
    drafts.front().about.media_type = "text/csv";
    return run(artifacts().add(std::move(drafts))).front();
}

Seen BackupTest::seen(const core::Owner& owner) {
    Seen seen;
    for (const auto& one : run(storage_->store().conversations({.owner = owner, .limit = 100})).items) {
        seen.conversations.push_back(fmt::format("{}: {}", one.title, one.message_count));
        for (const auto& message : run(storage_->store().messages(one.id, "", 100)).items)
            seen.messages.push_back(message.text());
    }
    for (const auto& one : run(artifacts().list({.owner = owner, .limit = 100})).items) {
        const UniqueFd file = run(artifacts().open(one));
        std::string content(static_cast<std::size_t>(one.size) + 1, '\0');
        const ssize_t got = ::pread(file.get(), content.data(), content.size(), 0);
        content.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        seen.artifacts.push_back(fmt::format("{}: {}", one.handle, content));
    }
    const auto hits =
        run(storage_->store().conversations({.owner = owner, .search = "lantern", .limit = 100}));
    for (const auto& one : hits.items) seen.found.push_back(one.title);
    for (const auto& passage : found("document", {}, owner)) seen.passages.push_back(passage.text);
    return seen;
}

fs::path BackupTest::backed_up(const std::string& name) {
    const core::DataArchive archive = run(care().back_up({}));
    fs::path path = folder_.path() / name;
    save(archive.file, path);
    EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(path)), archive.size);
    return path;
}

void BackupTest::move_to(const fs::path& folder) {
    end_care();
    close();
    storage_.reset();
    fs::rename(state(), folder_.path() / ("was-" + Uuid::make().hex()));
    fs::rename(folder, state());
    storage_ = store::open_store({.folder = state()});
    open();
}

std::vector<std::string> BackupTest::names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

void save(const UniqueFd& file, const fs::path& path) {
    const std::string bytes = store::read_file(fmt::format("/proc/self/fd/{}", file.get()));
    store::write_file(path, bytes);
}

}  // namespace assistd::backup
