#include "tools/studies.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>

#include "base/error.h"
#include "base/logging.h"
#include "tools/arguments.h"
#include "tools/live_study.h"
#include "tools/results.h"
#include "tools/sentence_text.h"
#include "tools/study_results.h"
#include "tools/study_table.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// So many combinations are checked before others get a moment on this thread.
constexpr int checked_together = 50;
constexpr std::chrono::seconds cancel_wait{10};

int runs_at_once(const StudyOptions& options) {
    if (options.at_once > 0) return options.at_once;
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

[[noreturn]] void refuse(const std::string& field, const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence, {{field, sentence}});
}

// It is given an artifact, and nothing else.
void check_then(const RegisteredTool& then) {
    for (const ArtifactArgument& argument : then.artifact_arguments) {
        if (argument.several) continue;
        const std::string kind = argument.kinds.empty() ? "artifact" : argument.kinds.front();
        const Arguments arguments = read_arguments(then, json{{argument.name, kind + "-1"}}.dump());
        if (arguments.errors.empty()) return;
        refuse("then",
               then.spec->name + " needs more than an artifact: " + arguments.errors.front().message +
                   " Leave it out here, and call it for what the runs made when the study has ended.");
    }
    const std::string& name = then.spec->name;
    if (then.artifact_arguments.empty())
        refuse("then", name +
                           " takes no artifact that a run could give it; leave it out, or name a tool that "
                           "works on one.");
    const ArtifactArgument& list = then.artifact_arguments.front();
    const std::string kind = list.kinds.empty() ? "artifact" : list.kinds.front();
    const json example = {{list.name, {kind + "-1", kind + "-2"}}};
    refuse("then",
           name +
               " takes no artifact that a run could give it, but a list of them, and each run makes its "
               "own. Leave it out here, and call it for those that you choose when the study has ended: "
               "assistctl tools run " +
               name + " '" + example.dump() + "'.");
}

// Also where somebody names several.
void check_one_name(const std::string& then) {
    if (then.find_first_of(", ;[") == std::string::npos) return;
    refuse("then", "then is the name of one tool, and " + shown(json(then)) +
                       " is a list. Begin the study with the first of them, and call the others for what the "
                       "runs made when it has ended.");
}

}  // namespace

StudyRunner::StudyRunner(Executor executor, const ToolRegistry& registry, core::Tools& tools,
                         core::StudyStore& store, core::Artifacts& artifacts, StudyOptions options)
    : executor_(std::move(executor)),
      registry_(registry),
      tools_(tools),
      store_(store),
      artifacts_(artifacts),
      options_(options),
      at_once_(runs_at_once(options)) {}

StudyRunner::~StudyRunner() = default;

Task<core::Study> StudyRunner::create(core::StudyRequest request) {
    const auto tool = tools_of(request);
    const std::vector<std::string> names = {request.tool, request.then};
    for (const std::string& name : names) {
        const auto named = registry_.find(name);
        if (!named) continue;
        const core::ToolAccess access = co_await tools_.access(request.owner, named->spec);
        if (!access.allowed) throw Error(ErrorCode::forbidden, access.reason);
    }
    core::Study study = planned(request, *tool);
    StudyPlan plan(study);
    co_await check_arguments(std::move(plan), tool);
    const int running = co_await store_.count_running(study.owner);
    if (running >= options_.most_running)
        throw Error(ErrorCode::conflict, "You have " + std::to_string(running) +
                                             " studies that are running; another one must wait until one of "
                                             "them has ended or is cancelled.");
    const core::Write stored = store_.add(study);
    co_await stored.committed();
    log::info("study begun study={} tool={} runs={}", study.id.text(), study.tool, study.runs);
    const core::Owner owner = study.owner;
    const StudyId id = study.id;
    co_await take_up(std::move(study));
    co_return co_await find(owner, id);
}

// The tool that is to be run; the one behind it is looked at too.
std::shared_ptr<const RegisteredTool> StudyRunner::tools_of(const core::StudyRequest& request) const {
    auto tool = registry_.find(request.tool);
    if (!tool) refuse("tool", registry_.why_missing(request.tool));
    if (tool->spec->plugin == "assistd")
        refuse("tool", request.tool + " is one of the daemon's own tools; a study runs those of plugins.");
    if (tool->spec->requires_project && request.project_id.empty())
        refuse("project_id", request.tool + " works on a project, and none was given (project_id).");
    if (request.then.empty()) return tool;
    check_one_name(request.then);
    const auto then = registry_.find(request.then);
    if (!then) refuse("then", registry_.why_missing(request.then));
    if (then->spec->requires_project && request.project_id.empty())
        refuse("project_id", request.then + " works on a project, and none was given (project_id).");
    check_then(*then);
    return tool;
}

// Refused now rather than ten thousand times later. Seeds are numbers that fit.
Task<void> StudyRunner::check_arguments(StudyPlan plan, std::shared_ptr<const RegisteredTool> tool) const {
    const Executor here = co_await asio::this_coro::executor;
    const int each = plan.runs() / plan.combinations();
    for (int i = 0; i < plan.combinations(); ++i) {
        const json given = plan.arguments(i * each + 1);
        const Arguments arguments = read_arguments(*tool, given.dump());
        if (!arguments.errors.empty()) {
            const json varied = plan.combination(i);
            throw Error(ErrorCode::validation,
                        tool->spec->name + " cannot run with " +
                            (varied.empty() ? "these arguments." : varied.dump() + "."),
                        arguments.errors);
        }
        if (i % checked_together == checked_together - 1) co_await asio::post(here, asio::use_awaitable);
    }
}

std::shared_ptr<LiveStudy> StudyRunner::live(const core::Owner& owner, StudyId id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& study : live_)
        if (study->id() == id && study->owner() == owner) return study;
    return nullptr;
}

Task<core::Study> StudyRunner::find(core::Owner owner, StudyId id) {
    if (const auto found = live(owner, id)) co_return found->now();
    co_return co_await store_.find(std::move(owner), id);
}

Task<core::Study> StudyRunner::find_by_table(core::Owner owner, std::string handle) {
    const core::Artifact table = co_await artifacts_.find(owner, handle);
    const auto id = study_of_table(table);
    if (!id) throw Error(ErrorCode::not_found, handle + " is no table of a study's results.");
    co_return co_await find(std::move(owner), *id);
}

Task<core::Page<core::Study>> StudyRunner::list(core::StudyQuery query) {
    core::Page<core::Study> page = co_await store_.list(std::move(query));
    for (core::Study& study : page.items)
        if (const auto found = live(study.owner, study.id)) study = found->now();
    co_return page;
}

Task<core::Page<core::StudyRun>> StudyRunner::runs(core::StudyRunQuery query) {
    return store_.runs(std::move(query));
}

Task<core::StudyRun> StudyRunner::run(core::Owner owner, StudyId id, int number) {
    return store_.run(std::move(owner), id, number);
}

Task<std::vector<core::StudyCombination>> StudyRunner::results(core::Owner owner, StudyId id, int first,
                                                               int limit) {
    const core::Study study = co_await store_.find(owner, id);
    const StudyPlan plan(study);
    const int after = std::min(plan.combinations(), first + std::min(limit, plan.combinations()));
    StudyStatistics statistics(plan, first, after);
    core::StudyRunQuery query;
    query.owner = std::move(owner);
    query.study = id;
    query.first = first * study.seeds_per_combination + 1;
    query.last = after * study.seeds_per_combination;
    query.limit = table_page;
    do {
        core::Page<core::StudyRun> page = co_await store_.runs(query);
        for (const core::StudyRun& run : page.items) statistics.add(run);
        query.cursor = std::move(page.next);
    } while (!query.cursor.empty());
    co_return statistics.take();
}

class StudyRunner::Change {
  public:
    Change(StudyRunner& runner, StudyId id) : runner_(runner), id_(id) {
        const std::lock_guard lock(runner_.mutex_);
        if (!runner_.changing_.insert(id_).second)
            throw Error(ErrorCode::conflict, "The study is being changed by another request just now.")
                .with_retry_after(std::chrono::seconds(1));
    }
    ~Change() {
        const std::lock_guard lock(runner_.mutex_);
        runner_.changing_.erase(id_);
    }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

  private:
    StudyRunner& runner_;
    const StudyId id_;
};

Task<core::Study> StudyRunner::cancel(core::Owner owner, StudyId id) {
    const Change change(*this, id);
    co_return co_await stop_running(std::move(owner), id);
}

Task<core::Study> StudyRunner::stop_running(core::Owner owner, StudyId id) {
    if (const auto found = live(owner, id)) {
        const OneShot<> over = found->cancel();
        end_when_over(found);
        const Executor here = co_await asio::this_coro::executor;
        asio::steady_timer timer(here, cancel_wait);
        timer.async_wait([over](const boost::system::error_code&) { over.set(); });
        co_await over.wait();
    }
    co_return co_await find(std::move(owner), id);
}

Task<core::Study> StudyRunner::retry(core::Owner owner, StudyId id) {
    const Change change(*this, id);
    core::Study study = co_await find(owner, id);
    if (study.state == core::StudyState::running)
        throw Error(ErrorCode::conflict,
                    "The study is still running; what failed can be run again at its end.");
    if (study.counts.completed == study.runs)
        throw Error(ErrorCode::conflict,
                    "Every run of the study has completed; there is nothing to run again.");
    const core::Write begun = store_.begin_again(id);
    co_await begun.committed();
    study.state = core::StudyState::running;
    study.finished_at = {};
    co_await take_up(std::move(study));
    co_return co_await find(std::move(owner), id);
}

Task<void> StudyRunner::remove(core::Owner owner, StudyId id) {
    const Change change(*this, id);
    const core::Study study = co_await stop_running(owner, id);
    if (study.state == core::StudyState::running)
        throw Error(ErrorCode::conflict, "The study is still ending its runs; delete it in a moment.");
    co_await store_.remove(std::move(owner), id);
}

Task<void> StudyRunner::recover() {
    std::vector<core::Study> unfinished = co_await store_.unfinished();
    for (core::Study& study : unfinished) {
        const std::string why = core::why_shut_out(options_.shut_out, study.owner);
        if (why.empty())
            log::info("study goes on study={} tool={}", study.id.text(), study.tool);
        else
            log::info("study does not go on study={} reason={}", study.id.text(), why);
        co_await take_up(std::move(study));
    }
}

void StudyRunner::end_all_of(const core::Owner& owner) {
    std::vector<std::shared_ptr<LiveStudy>> running;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& study : live_)
            if (study->owner() == owner) running.push_back(study);
    }
    for (const auto& study : running) {
        study->cancel();
        end_when_over(study);
    }
}

void StudyRunner::look_again() {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& study : live_) study->resume();
    }
    pump();
}

void StudyRunner::stop() {
    std::deque<std::shared_ptr<LiveStudy>> running;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        running = live_;
    }
    for (const auto& study : running) study->stop_runs();
}

// Begins what is not there yet of a stored study.
Task<void> StudyRunner::take_up(core::Study study) {
    const StudyId id = study.id;
    const auto plugin_of = [&](const std::string& name) {
        const auto tool = registry_.find(name);
        return tool ? tool->spec->plugin : "";
    };
    LiveStudy::Plugins plugins{plugin_of(study.tool), plugin_of(study.then)};
    auto begun = std::make_shared<LiveStudy>(std::move(study), std::move(plugins));
    std::vector<core::StudyRun> runs = co_await store_.states(id);
    for (core::StudyRun& run : runs) {
        if (run.state == core::RunState::running) {
            // Only runs that may not be repeated are stored while they run.
            run.state = core::RunState::failed;
            run.error_type = core::name_of(core::ToolErrorType::InternalError);
            run.summary = "The daemon ended while it ran, and it cannot simply be run again.";
            run.finished_at = now();
            store_.put_run(id, run);
        }
        begun->take_over(run);
    }
    {
        const std::lock_guard lock(mutex_);
        live_.push_back(begun);
    }
    // Who was shut out just now was so before end_all_of() looked for this study.
    if (!core::why_shut_out(options_.shut_out, begun->owner()).empty()) begun->cancel();
    end_when_over(begun);
    pump();
}

bool StudyRunner::is_stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

}  // namespace assistd::tools
