#include <charconv>

#include "api/conversations/handlers.h"
#include "api/conversations/project_field.h"
#include "api/conversations/render.h"
#include "api/deeds.h"
#include "api/json_body.h"
#include "api/query.h"
#include "api/whose.h"
#include "core/study_json.h"

namespace assistd::api::conversations {
namespace {

StudyId study_in(const Request& request) {
    return id_in_path<StudyId>(request, "study", "study");
}

// The query's "state", one of these.
template <class State>
std::optional<State> state_in(Query& query, std::initializer_list<State> states) {
    const auto text = query.text("state");
    if (!text) return std::nullopt;
    std::string names;
    for (const State state : states) {
        if (core::name_of(state) == *text) return state;
        names += (names.empty() ? "" : ", ") + std::string(core::name_of(state));
    }
    query.wrong("state", "state must be one of " + names + "; it is \"" + *text + "\".");
    return std::nullopt;
}

Reply reply_with(const core::Study& study, int status = 200) {
    return Reply::json(to_text(render(study)), status);
}

// Of another's an administrator sees how it does, and nothing of what it is about.
core::Study as_seen(core::Study study, const Request& request) {
    if (study.owner == request.user) return study;
    study.name.clear();
    study.project_id.clear();
    study.conversation = {};
    study.base_parameters = study.parameter_grid = "null";
    study.first_seed = 0;
    study.waits_for.clear();
    study.artifact.clear();
    return study;
}

// {"tool", "name"?, "base_parameters"?, "parameter_grid"?, "seeds_per_combination"?, "then"?, "project_id"?}
Task<core::StudyRequest> read_study(const Services& services, const Request& request) {
    Query(request).finish();
    JsonBody body(request);
    core::StudyRequest study;
    study.owner = request.user;
    const auto tool = body.text("tool");
    if (!tool) body.wrong("tool", "tool, the name of the tool to run, is missing.");
    study.tool = tool.value_or("");
    study.name = body.text("name").value_or("");
    study.base_parameters = body.object("base_parameters").value_or("{}");
    study.parameter_grid = body.object("parameter_grid").value_or("{}");
    const auto seeds = body.number("seeds_per_combination", 1, core::most_study_runs);
    study.seeds_per_combination = static_cast<int>(seeds.value_or(1));
    study.then = body.text("then").value_or("");
    const auto project = co_await read_project(services, request.user, body);
    study.project_id = project.value_or("");
    body.finish();
    co_return study;
}

}  // namespace

Task<Reply> list_studies(const Services& services, Request request) {
    using enum core::StudyState;
    Query query(request);
    core::StudyQuery wanted;
    Whose whose = whose_in(query, request);
    wanted.owner = std::move(whose.owner);
    wanted.everybody = whose.everybody;
    wanted.project_id = query.text("project_id").value_or("");
    wanted.state = state_in(query, {running, completed, completed_with_errors, cancelled});
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    core::Page<core::Study> page = co_await services.studies.list(std::move(wanted));
    for (core::Study& study : page.items) study = as_seen(std::move(study), request);
    co_return Reply::json(to_text(render_page("studies", page)));
}

Task<Reply> create_study(const Services& services, Request request) {
    core::StudyRequest wanted = co_await read_study(services, request);
    const core::Study study = co_await services.studies.create(std::move(wanted));
    co_return reply_with(study, 201);
}

Task<Reply> show_study(const Services& services, Request request) {
    Query query(request);
    const core::Owner owner = owner_in(query, request);
    query.finish();
    core::Study study = co_await services.studies.find(owner, study_in(request));
    study = as_seen(std::move(study), request);
    co_return reply_with(study);
}

Task<Reply> delete_study(const Services& services, Request request) {
    Query(request).finish();
    co_await services.studies.remove(request.user, study_in(request));
    co_return Reply::empty(204);
}

Task<Reply> cancel_study(const Services& services, Request request) {
    Query query(request);
    const core::Owner owner = owner_in(query, request);
    query.finish();
    JsonBody(request, true).finish();
    core::Study study = co_await services.studies.cancel(owner, study_in(request));
    if (owner != request.user)
        co_await note_deed(services.audit, request, "studies.cancel", owner, study.id.text());
    study = as_seen(std::move(study), request);
    co_return reply_with(study);
}

// Runs again what failed, and what a cancelled study did not get to.
Task<Reply> retry_study(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    const core::Study study = co_await services.studies.retry(request.user, study_in(request));
    co_return reply_with(study);
}

// The runs that have ended, by number: ?state=.
Task<Reply> list_study_runs(const Services& services, Request request) {
    using enum core::RunState;
    Query query(request);
    core::StudyRunQuery wanted;
    wanted.owner = request.user;
    wanted.study = study_in(request);
    wanted.state = state_in(query, {running, completed, failed});
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    const core::Page<core::StudyRun> page = co_await services.studies.runs(std::move(wanted));
    co_return Reply::json(to_text(render_page("runs", page)));
}

// One of them with the tool's whole result.
Task<Reply> show_study_run(const Services& services, Request request) {
    Query(request).finish();
    const std::string& text = request.path_value("run");
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (std::to_string(number) != text)
        throw Error(ErrorCode::not_found, "There is no run \"" + text.substr(0, 80) + "\".");
    const core::StudyRun run = co_await services.studies.run(request.user, study_in(request), number);
    co_return Reply::json(to_text(render(run)));
}

// The statistics of the combinations of parameters, in pages: ?first= (counted from 0), ?limit=.
Task<Reply> show_study_results(const Services& services, Request request) {
    Query query(request);
    const int first = static_cast<int>(query.number("first", 0, core::most_study_runs).value_or(0));
    const int limit = query.limit();
    query.finish();
    const core::Study study = co_await services.studies.find(request.user, study_in(request));
    std::vector<core::StudyCombination> page =
        co_await services.studies.results(study.owner, study.id, first, limit + 1);
    const bool more = page.size() > static_cast<std::size_t>(limit);
    if (more) page.pop_back();
    Json combinations = Json::array();
    for (const core::StudyCombination& combination : page) combinations.push_back(core::to_json(combination));
    Json json = {{"study", render(study)}};
    json["combinations"] = std::move(combinations);
    json["has_more"] = more;
    co_return Reply::json(to_text(json));
}

}  // namespace assistd::api::conversations
