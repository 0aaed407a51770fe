#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/deeds.h"
#include "api/json_body.h"
#include "api/query.h"
#include "api/whose.h"

namespace assistd::api::conversations {
namespace {

std::optional<core::JobState> state_in(Query& query) {
    const auto text = query.text("state");
    if (!text) return std::nullopt;
    using enum core::JobState;
    for (const core::JobState state : {running, completed, failed, cancelled, lost})
        if (core::name_of(state) == *text) return state;
    query.wrong("state",
                "state must be one of running, completed, failed, cancelled, lost; it is \"" + *text + "\".");
    return std::nullopt;
}

// Of another's an administrator sees how it does, and nothing of what it is about.
core::Job as_seen(core::Job job, const Request& request) {
    if (job.owner == request.user) return job;
    job.conversation = {};
    job.turn = {};
    job.arguments.clear();
    job.note.clear();
    job.summary.clear();
    job.result.clear();
    return job;
}

}  // namespace

Task<Reply> list_jobs(const Services& services, Request request) {
    Query query(request);
    core::JobQuery wanted;
    Whose whose = whose_in(query, request);
    wanted.owner = std::move(whose.owner);
    wanted.everybody = whose.everybody;
    wanted.state = state_in(query);
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    core::Page<core::Job> page = co_await services.store.jobs(wanted);
    // What is stored of a running job is how it began.
    for (core::Job& job : page.items) {
        if (job.state == core::JobState::running) job = co_await services.jobs.status(job.owner, job.id);
        job = as_seen(std::move(job), request);
    }
    co_return Reply::json(to_text(render_page("jobs", page)));
}

Task<Reply> show_job(const Services& services, Request request) {
    Query query(request);
    const core::Owner owner = owner_in(query, request);
    query.finish();
    core::Job job = co_await services.jobs.status(owner, id_in_path<JobId>(request, "job", "job"));
    job = as_seen(std::move(job), request);
    co_return Reply::json(to_text(render(job)));
}

Task<Reply> cancel_job(const Services& services, Request request) {
    Query query(request);
    const core::Owner owner = owner_in(query, request);
    query.finish();
    JsonBody(request, true).finish();
    core::Job job = co_await services.jobs.cancel(owner, id_in_path<JobId>(request, "job", "job"));
    if (owner != request.user)
        co_await note_deed(services.audit, request, "jobs.cancel", owner, job.id.text());
    job = as_seen(std::move(job), request);
    co_return Reply::json(to_text(render(job)));
}

}  // namespace assistd::api::conversations
