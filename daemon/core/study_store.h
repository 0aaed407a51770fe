#pragma once
// How studies are kept. Implemented by the store; any thread.

#include "core/ports.h"
#include "core/study.h"

namespace assistd::core {

class StudyStore {
  public:
    virtual ~StudyStore() = default;

    virtual Write add(const Study& study) = 0;
    // With its counts. Throws Error{not_found}.
    virtual Task<Study> find(Owner owner, StudyId id) = 0;
    virtual Task<Page<Study>> list(StudyQuery query) = 0;  // newest first
    virtual Task<int> count_running(Owner owner) = 0;

    // Inserts or replaces; a run that has ended is stored together with others. Runs of a study that was
    // removed meanwhile are dropped.
    virtual Write put_run(StudyId study, const StudyRun& run) = 0;
    virtual Write drop_run(StudyId study, int number) = 0;
    virtual Task<Page<StudyRun>> runs(StudyRunQuery query) = 0;  // by number
    virtual Task<StudyRun> run(Owner owner, StudyId id, int number) = 0;
    // The numbers and states of all that are stored, without their results.
    virtual Task<std::vector<StudyRun>> states(StudyId study) = 0;

    // The state, the artifact and the time of its end, and the notice in its conversation, if any.
    virtual Write end(const Study& study, std::optional<Message> notice) = 0;
    // It runs again, without its failed runs, and keeps the table of what it came to before.
    virtual Write begin_again(StudyId study) = 0;
    virtual Task<std::vector<Study>> unfinished() = 0;  // oldest first
    virtual Task<void> remove(Owner owner, StudyId id) = 0;
};

}  // namespace assistd::core
