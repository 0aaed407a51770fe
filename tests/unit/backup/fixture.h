#pragma once
// What the tests of backups share: a state folder that is in use, with something of everything in it, and
// what can be seen of it.

#include "backup/data_care.h"
#include "backup/state_files.h"
#include "unit/knowledge/fixture.h"

namespace assistd::backup {

using store::a_conversation;
using store::a_message;
using store::a_turn;

// What the API would tell of a state folder, to be compared.
struct Seen {
    std::vector<std::string> conversations;  // title and number of messages, newest first
    std::vector<std::string> messages;       // of all of them, oldest first
    std::vector<std::string> artifacts;      // handle, size and content
    std::vector<std::string> found;          // by a search for "lantern" in messages
    std::vector<std::string> passages;       // by one in documents

    friend bool operator==(const Seen&, const Seen&) = default;
};

Task<void> nobody_runs(core::Owner user);

class BackupTest : public knowledge::KnowledgeTest {
  protected:
    BackupTest();
    ~BackupTest() override;

    std::filesystem::path state() const { return folder_.path() / "state"; }
    // One conversation with words, a file and a document.
    core::Conversation fill(const std::string& words, const core::Owner& owner = "local");
    core::Artifact made_artifact(const core::Conversation& conversation, const std::string& content);
    Seen seen(const core::Owner& owner = "local");
    // A backup as a file; the care is made when it is needed.
    std::filesystem::path backed_up(const std::string& name = "backup.tar.zst");
    DataCare& care();
    void end_care() { care_.reset(); }
    // The state folder is closed, and this one opened instead.
    void move_to(const std::filesystem::path& folder);
    std::vector<std::string> names_in(const std::filesystem::path& folder);

    std::unique_ptr<DataCare> care_;
};

void save(const UniqueFd& file, const std::filesystem::path& path);

}  // namespace assistd::backup
