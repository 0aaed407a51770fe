#pragma once
// Runs studies: as many of their runs at once as there are cores, taking turns between the studies, each run
// a call of its tool by the same way as any other. What has ended is stored before it counts, so that a study
// goes on after a restart with the runs that are missing. Owned by app/; must outlive the io_context's run;
// any thread.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "core/ports.h"
#include "core/shut_out.h"
#include "core/study_store.h"
#include "tools/live_study.h"
#include "tools/registry.h"

namespace assistd::tools {

struct StudyOptions {
    int at_once = 0;                                  // runs, of all studies; 0: as many as cores
    int most_running = 100;                           // studies of one owner
    std::chrono::milliseconds busy_pause{1'000};      // until what found no room is tried again
    std::chrono::milliseconds missing_pause{10'000};  // until a tool that is gone is looked for again
    core::WhyShutOut shut_out = {};                   // whose studies may not run; null: everybody's may
};

class StudyRunner : public core::Studies {
  public:
    // The runs go on strands of `executor`.
    StudyRunner(Executor executor, const ToolRegistry& registry, core::Tools& tools, core::StudyStore& store,
                core::Artifacts& artifacts, StudyOptions options = {});
    ~StudyRunner() override;

    Task<core::Study> create(core::StudyRequest request) override;
    Task<core::Study> find(core::Owner owner, StudyId id) override;
    Task<core::Study> find_by_table(core::Owner owner, std::string handle) override;
    Task<core::Page<core::Study>> list(core::StudyQuery query) override;
    Task<core::Page<core::StudyRun>> runs(core::StudyRunQuery query) override;
    Task<core::StudyRun> run(core::Owner owner, StudyId id, int number) override;
    Task<std::vector<core::StudyCombination>> results(core::Owner owner, StudyId id, int first,
                                                      int limit) override;
    Task<core::Study> cancel(core::Owner owner, StudyId id) override;
    Task<core::Study> retry(core::Owner owner, StudyId id) override;
    Task<void> remove(core::Owner owner, StudyId id) override;

    // Goes on with the studies of an earlier run of the daemon. Once, before the first request.
    Task<void> recover();
    // Cancels the studies of a user who was shut out, and does not wait for their ends.
    void end_all_of(const core::Owner& owner);
    // Something has changed that studies may wait for: which tools there are, or that a plugin may run again.
    void look_again();
    // The daemon goes down: no run is begun any more, and what those that are stopped come to is not stored.
    void stop();

  private:
    // What came of a run: itself, or how long to wait until it is tried again, or nothing when it was
    // stopped.
    struct Attempt {
        std::optional<core::StudyRun> run;
        std::optional<std::chrono::milliseconds> wait;
        std::string reason;  // of the wait
    };

    std::shared_ptr<const RegisteredTool> tools_of(const core::StudyRequest& request) const;
    Task<void> check_arguments(StudyPlan plan, std::shared_ptr<const RegisteredTool> tool) const;
    std::shared_ptr<LiveStudy> live(const core::Owner& owner, StudyId id) const;  // null: not (any more)
    bool is_stopping() const;

    // Held while a stored study is changed, so that it is taken up once and not while it goes. Throws
    // Error{conflict} when somebody else is at it.
    class Change;

    Task<void> take_up(core::Study study);
    void pump();
    Task<void> run_one(std::shared_ptr<LiveStudy> study, int number);
    Task<void> go_on_after(std::shared_ptr<LiveStudy> study, std::chrono::milliseconds wait,
                           OneShot<> resumed);
    Task<Attempt> carry_out(std::shared_ptr<LiveStudy> study, int number);
    // Why no run of it can be made at the moment, and how long to wait; nothing: they can.
    std::optional<Attempt> obstacle(const LiveStudy& study) const;
    std::optional<Attempt> obstacle(const std::string& tool, const std::string& plugin) const;
    void pause(const std::shared_ptr<LiveStudy>& study, std::chrono::milliseconds wait, std::string reason);
    Task<void> hold(std::shared_ptr<LiveStudy> study, Quarantine quarantine);
    Task<core::ToolOutcome> run_then(std::shared_ptr<LiveStudy> study, int number,
                                     std::vector<core::ArtifactRef> made);
    Task<core::ToolOutcome> call_then(std::shared_ptr<LiveStudy> study, std::string call_id,
                                      std::string arguments);
    Task<core::ToolOutcome> call(std::shared_ptr<LiveStudy> study, std::string call_id, std::string tool,
                                 std::string plugin, std::string arguments);
    void end_when_over(const std::shared_ptr<LiveStudy>& study);
    Task<void> end(std::shared_ptr<LiveStudy> study);
    Task<core::Study> stop_running(core::Owner owner, StudyId id);
    // False: the daemon goes down before it could be stored, or the study is there no more.
    Task<bool> until_stored(std::function<Task<void>()> store, std::string what) const;

    const Executor executor_;
    const ToolRegistry& registry_;
    core::Tools& tools_;
    core::StudyStore& store_;
    core::Artifacts& artifacts_;
    const StudyOptions options_;
    const int at_once_;

    mutable std::mutex mutex_;
    bool stopping_ = false;
    int running_ = 0;                              // runs, of all studies
    int storing_ = 0;                              // runs that are done and not yet stored
    std::deque<std::shared_ptr<LiveStudy>> live_;  // whose turn it is next is in front
    std::set<StudyId> changing_;
};

}  // namespace assistd::tools
