#pragma once
// Which calls come next: the steps of the user's order, what of them is done according to the messages of
// this turn, and which artifacts their "it" stands for. Used for one round, on one coroutine.

#include <map>
#include <string>
#include <vector>

#include "core/ports.h"
#include "providers/offline/conversation/begun_studies.h"
#include "providers/offline/conversation/dialogue.h"
#include "providers/offline/conversation/history.h"
#include "providers/offline/conversation/subjects.h"

namespace assistd::providers::offline {

struct Plan {
    enum class State {
        calls,       // these are next
        done,        // every step has run
        failed,      // a call failed, the steps after it are left
        background,  // a later step needs a job that still runs
        stuck,       // a step needs an artifact or job that is not there: `reason`
    };
    struct Progress {
        const Step* step = nullptr;
        std::vector<const Call*> calls;
        bool needless = false;  // nothing to wait for
    };
    State state = State::done;
    std::vector<core::ToolCallBlock> calls;
    std::string reason;
    bool has_begun = false;          // the conversation has made something, or something of it runs
    std::vector<std::string> notes;  // what was taken that nobody named, and what was left
    std::vector<Progress> steps;
};

constexpr std::size_t most_calls = 20;  // of one step

class Planner {
  public:
    Planner(const Grammar& grammar, History& history, core::Artifacts* artifacts,
            const core::ProviderRequest& request);

    Task<Plan> next(const std::vector<Step>& steps, std::size_t exchange);
    // Finds what is to have the name; says what it is, or why there is none.
    Task<std::string> named(Naming naming, std::size_t exchange);

  private:
    using Arguments = std::vector<nlohmann::json>;  // one object for each call of a step
    struct Resolved {
        Arguments calls;
        std::string problem;
        bool needless = false;
        std::string tool;  // instead of the step's own
    };

    void attribute(Plan& plan) const;
    // What a tool that failed says is to run before it: its call, and the failed one again once that is done.
    void make_up_for(Plan& plan) const;
    bool asked_already(const Plan& plan, std::size_t step, const Resolved& resolved) const;
    bool depends(const Plan& plan, std::size_t step, std::size_t on) const;
    bool finished(const Plan::Progress& progress) const;
    // True when the step must wait for an earlier one; adds the call that waits for a job.
    bool must_wait(Plan& plan, std::size_t step);
    void wait_for_jobs(Plan& plan, std::size_t step);
    // Takes the one of a step's rivals that works on the newest thing there is.
    Task<void> choose_rival(Plan& plan, std::size_t step);
    Task<Resolved> resolve(const Plan& plan, std::size_t step);
    void ask_of_study(const Step& step, Resolved& resolved);
    void note_choices(Plan& plan);
    void note_unended(Plan& plan);
    void note_failed(const std::string& taken, Plan& plan);
    const GrammarTool* maker_in_vain(std::size_t exchange, const Call& call);
    std::string never_made(const Reference& reference, const std::vector<std::string>& handles);
    bool misfit(const Plan& plan, std::size_t step, const Reference& reference,
                const std::vector<std::string>& handles);
    std::vector<MadeArtifact> attached() const;
    Task<Meant> look_up(const Plan& plan, std::size_t step, const Argument& argument, Reference reference);
    Task<void> take_stored(std::vector<std::string>& found, const Argument& argument,
                           const Reference::Item& item, std::size_t most,
                           const std::vector<std::string>& others);
    void add_dealings(const Call& call, Dealings& dealings);
    MadeArtifact unended_of(const Call& call) const;
    std::string described_in(std::size_t exchange);
    Dealings dealt_with_before(const Plan& plan, std::size_t step);
    std::vector<Dealings> dealt_with_earlier();
    std::vector<Dealings> dealt_with(const Plan& plan, std::size_t step, const Argument& argument,
                                     const Reference& reference, const Reference::Item& item,
                                     const std::vector<std::string>& taken);
    void take_together(const Plan& plan, std::size_t step, nlohmann::json& call);
    std::string text_of_usual(const Reference::Item& item) const;
    Task<std::string> passed_over(const Plan& plan, std::size_t step, const Argument& argument,
                                  const Reference& reference, const std::vector<std::string>& found);
    std::optional<BegunStudy> begun_study_of(const Reference::Item& item);
    Task<std::vector<std::string>> named_by(const Reference::Item& item);
    Task<std::vector<MadeArtifact>> stored(const Argument& argument, Reference::Item item, std::size_t most);
    Task<nlohmann::json> told_of(std::string handle, std::string name);
    Task<void> keep_varied(std::vector<Dealings>& turns, std::string argument);
    Task<std::string> not_varied_by(std::vector<std::string> studies, std::string argument);
    Task<void> look_for_named();
    bool is_explained(std::size_t exchange);
    std::string job_for(const Plan& plan, std::size_t step);
    std::string call_id(std::string_view kind, std::size_t step, std::size_t number) const;

    const Grammar& grammar_;
    History& history_;
    core::Artifacts* artifacts_;
    const core::ProviderRequest& request_;
    std::size_t exchange_ = 0;
    // What the texts of exchanges name whose calls are not among the messages: a client that keeps the
    // history itself sends no more.
    std::map<std::size_t, std::vector<MadeArtifact>> named_;
};

}  // namespace assistd::providers::offline
