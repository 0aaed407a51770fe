// The part of StudyRunner that makes the runs, from the first to the end of a study.

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "tools/live_study.h"
#include "tools/results.h"
#include "tools/studies.h"
#include "tools/study_results.h"
#include "tools/study_table.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// So many runs may be done and not yet stored, before no more are begun.
constexpr int most_unstored = 32;

// What the outcome adds to the run; returns its numbers.
json take_outcome(core::StudyRun& run, const core::ToolOutcome& outcome, const json& given) {
    run.state = outcome.success ? core::RunState::completed : core::RunState::failed;
    run.error_type = outcome.error ? core::name_of(*outcome.error) : "";
    if (run.summary.empty() || !outcome.success) run.summary = outcome.summary;
    for (const core::ArtifactRef& artifact : outcome.artifacts) run.artifacts.push_back(artifact.handle);
    const json body = json::parse(outcome.body, nullptr, false);
    if (!outcome.success || !body.is_object()) return json::object();
    const json data = body.value("data", json());
    for (const std::string& warning : warnings_of(data)) add_warning(run.warnings, warning);
    return metrics_of(data, given);
}

// Whether a tool has looked at what it was given and does not take it. What grew is a result all the same:
// those that a tool declines are the most unlike the others, and means without them would be wrong.
bool declines(const core::ToolOutcome& outcome) {
    return !outcome.success && !outcome.refusal && outcome.error == core::ToolErrorType::ValidationError;
}

core::StudyRun broken_run(const LiveStudy& study, int number) {
    core::StudyRun run;
    run.number = number;
    run.state = core::RunState::failed;
    run.parameters = study.plan().parameters(number).dump();
    run.error_type = core::name_of(core::ToolErrorType::InternalError);
    run.summary = "The run failed inside the daemon.";
    run.started_at = run.finished_at = now();
    return run;
}

}  // namespace

// Begins runs as long as there is room, one study after the other.
void StudyRunner::pump() {
    std::vector<std::pair<std::shared_ptr<LiveStudy>, int>> begun;
    {
        const std::lock_guard lock(mutex_);
        std::size_t idle = 0;
        while (!stopping_ && running_ < at_once_ && storing_ < most_unstored && idle < live_.size()) {
            auto study = std::move(live_.front());
            live_.pop_front();
            live_.push_back(study);
            const int number = study->take_number();
            idle = number == 0 ? idle + 1 : 0;
            if (number == 0) continue;
            ++running_;
            begun.emplace_back(std::move(study), number);
        }
    }
    for (auto& [study, number] : begun)
        asio::co_spawn(asio::make_strand(executor_), run_one(std::move(study), number), asio::detached);
}

Task<void> StudyRunner::run_one(std::shared_ptr<LiveStudy> study, int number) {
    Attempt attempt;
    try {
        attempt = co_await carry_out(study, number);
    } catch (const Error& error) {
        attempt.wait = options_.busy_pause;  // there is no room for it, or the store is down
        attempt.reason = error.what();
        log::info("study waits study={} reason={}", study->id().text(), error.what());
    } catch (const std::exception& error) {
        log::error("a run broke study={} run={} error={}", study->id().text(), number, error.what());
        attempt.run = broken_run(*study, number);
    }
    if (attempt.wait) pause(study, *attempt.wait, attempt.reason);
    {
        const std::lock_guard lock(mutex_);
        --running_;
        ++storing_;
    }
    pump();  // the next one need not wait until this one is stored
    std::optional<core::RunState> state;
    if (attempt.run) {
        const std::function<Task<void>()> store = [&]() -> Task<void> {
            const core::Write write = store_.put_run(study->id(), *attempt.run);
            co_await write.committed();
        };
        const std::string what = "run " + std::to_string(number) + " of " + study->id().text();
        const bool stored = co_await until_stored(store, what);
        if (stored) state = attempt.run->state;
    }
    study->ended(number, state);
    {
        const std::lock_guard lock(mutex_);
        --storing_;
    }
    end_when_over(study);
    pump();
}

void StudyRunner::pause(const std::shared_ptr<LiveStudy>& study, std::chrono::milliseconds wait,
                        std::string reason) {
    if (const auto resumed = study->pause(std::move(reason)))
        asio::co_spawn(asio::make_strand(executor_), go_on_after(study, wait, *resumed), asio::detached);
}

// What the run has made so far is not made again for the sake of the tool behind it. Others get its place.
Task<void> StudyRunner::hold(std::shared_ptr<LiveStudy> study, Quarantine quarantine) {
    pause(study, quarantine.left, quarantine.reason);
    const OneShot<> going_on = study->going_on();
    {
        const std::lock_guard lock(mutex_);
        --running_;
    }
    pump();
    co_await going_on.wait();
    const std::lock_guard lock(mutex_);
    ++running_;
}

Task<void> StudyRunner::go_on_after(std::shared_ptr<LiveStudy> study, std::chrono::milliseconds wait,
                                    OneShot<> resumed) {
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here, wait);
    timer.async_wait([study](const boost::system::error_code& cancelled) {
        if (!cancelled) study->resume();
    });
    co_await resumed.wait();
    timer.cancel();
    pump();
}

Task<StudyRunner::Attempt> StudyRunner::carry_out(std::shared_ptr<LiveStudy> study, int number) {
    Attempt attempt;
    if (std::optional<Attempt> wait = obstacle(*study)) co_return std::move(*wait);
    const auto tool = registry_.find(study->tool());
    const bool repeatable = tool && tool->spec->effects.idempotent;
    core::StudyRun run;
    run.number = number;
    run.parameters = study->plan().parameters(number).dump();
    run.started_at = now();
    if (!repeatable) {
        run.state = core::RunState::running;
        const core::Write begun = store_.put_run(study->id(), run);
        co_await begun.committed();
    }
    const json arguments = study->plan().arguments(number);
    core::ToolOutcome outcome =
        co_await call(study, std::to_string(number), study->tool(), study->plugins().tool, arguments.dump());
    const bool has_begun = !outcome.refusal;
    json metrics = take_outcome(run, outcome, arguments);
    run.result = outcome.body;
    if (outcome.success && !study->then().empty()) {
        outcome = co_await run_then(study, number, std::move(outcome.artifacts));
        if (declines(outcome)) {
            add_warning(run.warnings, study->then() + " declined it: " + outcome.summary);
        } else {
            const json more = take_outcome(run, outcome, arguments);
            for (const auto& [name, value] : more.items()) metrics[study->then() + "." + name] = value;
        }
    }
    attempt.reason = outcome.summary;
    const bool too_many = outcome.refusal == core::CallRefusal::at_once;
    if (!too_many)
        attempt.wait = wait_wanted(outcome);
    else if (!study->narrow())
        attempt.wait = options_.busy_pause;
    // A run of a user who is shut out may be refused before end_all_of() comes to its study.
    if (!core::why_shut_out(options_.shut_out, study->owner()).empty()) study->cancel();
    const bool may_repeat = run.state == core::RunState::failed && (repeatable || !has_begun);
    if (may_repeat && (attempt.wait || too_many || study->is_stopped())) {
        if (!repeatable) store_.drop_run(study->id(), number);  // it has not begun after all
        co_return attempt;
    }
    run.metrics = metrics.dump();
    run.finished_at = now();
    attempt.run = std::move(run);
    co_return attempt;
}

std::optional<StudyRunner::Attempt> StudyRunner::obstacle(const LiveStudy& study) const {
    if (std::optional<Attempt> found = obstacle(study.tool(), study.plugins().tool)) return found;
    if (study.then().empty()) return std::nullopt;
    return obstacle(study.then(), study.plugins().then);
}

std::optional<StudyRunner::Attempt> StudyRunner::obstacle(const std::string& name,
                                                          const std::string& plugin) const {
    Attempt wait;
    wait.wait = options_.missing_pause;
    const auto tool = registry_.find(name);
    if (!tool) {
        const core::WaitingTool* waiting = registry_.all()->find_waiting(name);
        if (!waiting)
            wait.reason = "There is no tool named " + name + " now; the study goes on when there is.";
        else if (waiting->reason.ends_with('.'))
            wait.reason = waiting->reason + " The study goes on when that is over.";
        else
            wait.reason = waiting->reason + "; the study goes on when that is done.";
        return wait;
    }
    if (!plugin.empty() && tool->spec->plugin != plugin) {
        wait.reason = "The tool " + name + " is one of the plugin " + tool->spec->plugin +
                      " now, and the study began with that of " + plugin + ", for which it waits.";
        return wait;
    }
    const std::optional<Quarantine> alone = tool->source->quarantine(*tool->spec, true);
    if (!alone) return std::nullopt;
    wait.wait = alone->left;
    wait.reason = alone->reason;
    return wait;
}

Task<core::ToolOutcome> StudyRunner::run_then(std::shared_ptr<LiveStudy> study, int number,
                                              std::vector<core::ArtifactRef> made) {
    const auto tool = registry_.find(study->then());
    for (const core::ArtifactRef& artifact : made) {
        if (!tool) break;
        const std::optional<json> arguments = arguments_for(*tool, artifact.kind, artifact.handle);
        if (arguments)
            co_return co_await call_then(study, std::to_string(number) + "/then", arguments->dump());
    }
    core::ToolOutcome none =
        failure(core::ToolErrorType::ValidationError,
                study->then() + " cannot work on what " + study->tool() + " made.", false);
    none.refusal = core::CallRefusal::arguments;
    co_return none;
}

Task<core::ToolOutcome> StudyRunner::call_then(std::shared_ptr<LiveStudy> study, std::string call_id,
                                               std::string arguments) {
    for (;;) {
        const std::string plugin = study->plugins().then;
        core::ToolOutcome outcome = co_await call(study, call_id, study->then(), plugin, arguments);
        if (outcome.refusal != core::CallRefusal::quarantine || study->is_stopped()) co_return outcome;
        Quarantine quarantine{outcome.summary, outcome.retry_after.value_or(std::chrono::seconds(1))};
        co_await hold(study, std::move(quarantine));
    }
}

Task<core::ToolOutcome> StudyRunner::call(std::shared_ptr<LiveStudy> study, std::string call_id,
                                          std::string tool, std::string plugin, std::string arguments) {
    core::ToolCall call;
    call.call_id = study->call_prefix() + "/" + call_id;
    call.name = std::move(tool);
    call.plugin = std::move(plugin);
    call.arguments = std::move(arguments);
    call.owner = study->owner();
    call.project_id = study->project_id();
    call.background = true;
    call.stop = study->stop_token();
    core::ProgressSink nobody;
    co_return co_await tools_.execute(std::move(call), std::move(nobody));
}

void StudyRunner::end_when_over(const std::shared_ptr<LiveStudy>& study) {
    if (!is_stopping() && study->is_over())
        asio::co_spawn(asio::make_strand(executor_), end(study), asio::detached);
}

Task<void> StudyRunner::end(std::shared_ptr<LiveStudy> ended) {
    core::Study study = ended->now();
    study.state = ended->end_state();
    study.finished_at = now();
    const std::function<Task<void>()> work = [&]() -> Task<void> {
        study.artifact = co_await keep_table(store_, artifacts_, study);
        const core::Write stored = store_.end(study, end_notice(study));
        co_await stored.committed();
    };
    const std::string what = "the end of " + study.id.text();
    const bool stored = co_await until_stored(work, what);
    if (stored) log::info("study ended study={} state={}", study.id.text(), core::name_of(study.state));
    // When the daemon goes down, the next start ends it.
    {
        const std::lock_guard lock(mutex_);
        std::erase(live_, ended);
    }
    ended->finish();
}

// What is done is not done again because the disk was full for a while. False: the daemon goes down.
Task<bool> StudyRunner::until_stored(std::function<Task<void>()> store, std::string what) const {
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here);
    while (!is_stopping()) {
        std::optional<std::string> trouble;
        try {
            co_await store();
        } catch (const Error& error) {
            if (error.code() == ErrorCode::not_found) co_return false;
            trouble = error.what();
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        if (!trouble) co_return true;
        log::error("{} cannot be stored: {}", what, *trouble);
        timer.expires_after(options_.busy_pause);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return false;
}

}  // namespace assistd::tools
