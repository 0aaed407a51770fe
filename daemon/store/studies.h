#pragma once
// core::StudyStore on SQLite. Owned by Storage; any thread.

#include "core/study_store.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteStudies : public core::StudyStore {
  public:
    SqliteStudies(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    core::Write add(const core::Study& study) override;
    Task<core::Study> find(core::Owner owner, StudyId id) override;
    Task<core::Page<core::Study>> list(core::StudyQuery query) override;
    Task<int> count_running(core::Owner owner) override;
    core::Write put_run(StudyId study, const core::StudyRun& run) override;
    core::Write drop_run(StudyId study, int number) override;
    Task<core::Page<core::StudyRun>> runs(core::StudyRunQuery query) override;
    Task<core::StudyRun> run(core::Owner owner, StudyId id, int number) override;
    Task<std::vector<core::StudyRun>> states(StudyId study) override;
    core::Write end(const core::Study& study, std::optional<core::Message> notice) override;
    core::Write begin_again(StudyId study) override;
    Task<std::vector<core::Study>> unfinished() override;
    Task<void> remove(core::Owner owner, StudyId id) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
