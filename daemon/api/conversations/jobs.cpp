#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/json_body.h"
#include "api/query.h"

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

}  // namespace

Task<Reply> list_jobs(const Services& services, Request request) {
    Query query(request);
    core::JobQuery wanted;
    wanted.owner = request.user;
    wanted.state = state_in(query);
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    core::Page<core::Job> page = co_await services.store.jobs(wanted);
    // What is stored of a running job is how it began.
    for (core::Job& job : page.items)
        if (job.state == core::JobState::running) job = co_await services.jobs.status(job.owner, job.id);
    co_return Reply::json(to_text(render_page("jobs", page)));
}

Task<Reply> show_job(const Services& services, Request request) {
    Query(request).finish();
    const core::Job job =
        co_await services.jobs.status(request.user, id_in_path<JobId>(request, "job", "job"));
    co_return Reply::json(to_text(render(job)));
}

Task<Reply> cancel_job(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    const core::Job job =
        co_await services.jobs.cancel(request.user, id_in_path<JobId>(request, "job", "job"));
    co_return Reply::json(to_text(render(job)));
}

}  // namespace assistd::api::conversations
