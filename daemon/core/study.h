#pragma once
// A tool called many times over a grid of parameters: what was asked for, how far it has come, and what came
// of each run. Value types, and the two ports: what the doors ask for, and how it is kept. Both ports may be
// called from any coroutine on any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"

namespace assistd::core {

inline constexpr int most_study_runs = 10'000;

enum class StudyState { running, completed, completed_with_errors, cancelled };
std::string_view name_of(StudyState state);

struct StudyCounts {
    int running = 0;
    int completed = 0;
    int failed = 0;

    int ended() const { return completed + failed; }
};

struct Study {
    StudyId id;
    Owner owner;
    std::string project_id;
    ConversationId conversation;  // in which it was asked for; nil: none, or deleted since
    std::string name;
    std::string tool;
    std::string then;                    // a tool that works on what each run made; empty: none
    std::string base_parameters = "{}";  // JSON object: the same for every run
    std::string parameter_grid = "{}";   // JSON object: a list of values for each name
    int seeds_per_combination = 1;
    // The seed of the first run; the others count up from it. 0: the runs are given none.
    std::int64_t first_seed = 0;
    int runs = 0;
    StudyState state = StudyState::running;
    StudyCounts counts;
    // The handle of the table of its results, as it last ended; one that runs again still has the one before.
    std::string artifact;
    std::optional<std::chrono::seconds> time_left;  // as the runs went so far
    std::string waits_for;  // why no run is begun now, in a sentence; empty: nothing keeps it
    Timestamp created_at;
    Timestamp finished_at;

    int waiting() const { return runs - counts.ended() - counts.running; }
    // Begins the ids of the calls that are made for it. A study that runs again makes new files beside those
    // that it made before, of which plots and reports may have been made; one that only goes on after a
    // restart makes the same ones.
    std::string call_prefix() const { return id.text() + (artifact.empty() ? "" : "/" + artifact); }
    int percent() const { return runs == 0 ? 100 : counts.ended() * 100 / runs; }
};

enum class RunState { running, completed, failed };
std::string_view name_of(RunState state);

// One run that has begun. Those that wait are not stored: their number says all.
struct StudyRun {
    int number = 0;  // from 1
    RunState state = RunState::completed;
    std::string parameters = "{}";       // JSON object: what is its own, from the grid, and its seed
    std::string error_type;              // of a failed one
    std::string summary;                 // one line for people; the error's message when it failed
    std::string metrics = "{}";          // JSON object of numbers
    std::vector<std::string> artifacts;  // handles
    std::vector<std::string> warnings;   // what its results say to be careful about
    std::string result;                  // ToolOutcome::body
    Timestamp started_at;
    Timestamp finished_at;
};

struct StudyRequest {
    Owner owner;
    std::string project_id;
    ConversationId conversation;  // nil: it is asked for by a program
    std::string name;
    std::string tool;
    std::string then;
    std::string base_parameters = "{}";
    std::string parameter_grid = "{}";
    int seeds_per_combination = 1;
};

struct StudyQuery {
    Owner owner;
    std::string project_id;  // empty: all
    std::optional<StudyState> state;
    int limit = 20;
    std::string cursor;
    bool everybody = false;  // whoever the owner is
};

struct StudyRunQuery {
    Owner owner;
    StudyId study;
    std::optional<RunState> state;
    int first = 1, last = most_study_runs;  // only runs with these numbers
    int limit = 20;
    std::string cursor;
};

struct MetricSummary {
    std::string name;
    int count = 0;
    double mean = 0;
    double std = 0;  // of the sample (n - 1); of a single value there is none
    double least = 0;
    double most = 0;
};

// What several runs warn of in the same words, but for the numbers in them.
struct SharedWarning {
    std::string text;  // theirs, with "…" for a number that differs
    int runs = 0;
};

// The runs that differ by nothing but their seeds.
struct StudyCombination {
    std::string parameters = "{}";  // JSON object, from the grid
    int completed = 0;
    int failed = 0;
    std::vector<MetricSummary> metrics;
    std::vector<SharedWarning> warnings;
};

class Studies {
  public:
    virtual ~Studies() = default;

    // Checks every run's arguments, stores the study and begins it. Throws Error{validation} with the fields
    // that are wrong, also for a tool that there is not.
    virtual Task<Study> create(StudyRequest request) = 0;
    // The others throw Error{not_found} when there is none of that owner.
    virtual Task<Study> find(Owner owner, StudyId id) = 0;
    // By the handle of a table of its results, also of one that it had before it ran again.
    virtual Task<Study> find_by_table(Owner owner, std::string handle) = 0;
    virtual Task<Page<Study>> list(StudyQuery query) = 0;        // newest first
    virtual Task<Page<StudyRun>> runs(StudyRunQuery query) = 0;  // by number
    virtual Task<StudyRun> run(Owner owner, StudyId id, int number) = 0;
    // The combinations from number `first` on, counted from 0, at most `limit` of them.
    virtual Task<std::vector<StudyCombination>> results(Owner owner, StudyId id, int first, int limit) = 0;
    // Ends the runs that are going on and begins no more. An ended study stays as it is.
    virtual Task<Study> cancel(Owner owner, StudyId id) = 0;
    // Runs again what failed, and what a cancelled study did not get to. Throws Error{conflict} while it runs
    // and when there is nothing to run.
    virtual Task<Study> retry(Owner owner, StudyId id) = 0;
    // Stops it first. What its runs made stays.
    virtual Task<void> remove(Owner owner, StudyId id) = 0;
};

}  // namespace assistd::core
