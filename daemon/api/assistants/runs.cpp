#include "api/assistants/runs.h"

#include <algorithm>

#include "api/assistants/additions.h"
#include "api/assistants/assistant_fields.h"
#include "api/assistants/content.h"
#include "api/assistants/handlers.h"
#include "api/assistants/render.h"
#include "api/assistants/run_request.h"
#include "api/assistants/run_stream.h"
#include "api/assistants/thread_files.h"
#include "api/came_by.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "api/openai/metadata.h"
#include "api/openai/model_named.h"
#include "api/openai/query.h"
#include "api/openai/routes.h"
#include "core/assistant_options.h"

namespace assistd::api::assistants {
namespace {

using openai::Fields;
using openai::json_reply;
namespace prefix = openai::prefix;

// How soon a client that asks for the state is to ask again: most of the time a run takes seconds.
constexpr const char* poll_after_ms = "250";
constexpr std::size_t longest_output = 1 << 20;
constexpr std::size_t most_outputs = 256;
constexpr std::int64_t run_body = 16 << 20;

StepIncludes read_includes(const Request& request) {
    StepIncludes includes;
    for (const std::string& name : openai::QueryKeys(request).texts("include")) {
        if (name != "step_details.tool_calls[*].file_search.results[*].content")
            openai::refuse("include",
                           "include knows only step_details.tool_calls[*].file_search.results[*].content.");
        includes.search_content = true;
    }
    return includes;
}

// Of one file_search, unless the assistant says how many: passages of the usual length take 16,000 tokens
// then.
int usual_results(const core::ProviderChoice& choice) {
    constexpr std::int64_t small_window = 64'000;
    return choice.context_window < small_window ? 5 : 20;
}

RunState state_of(const Services& services, const core::Turn& turn) {
    if (turn.state != core::TurnState::running) return {};
    return {services.turns.is_stopping(turn.owner, turn.id),
            services.turns.client_calls(turn.owner, turn.id)};
}

// The run that the path names, as it is now.
Task<core::Turn> run_of(const Services& services, const Request& request) {
    const ConversationId thread = thread_in(request);
    const auto id = openai::id_in_path<TurnId>(request, "run", prefix::run, "run");
    core::Turn turn = co_await found(services.turns.turn(request.user, id), "run", id.text(prefix::run));
    if (turn.conversation != thread) throw openai::nothing_found("run", id.text(prefix::run));
    co_return turn;
}

Reply reply_with(const Services& services, const core::Turn& turn) {
    Reply reply = json_reply(render_run(turn, state_of(services, turn)));
    if (turn.state == core::TurnState::running) reply.with("openai-poll-after-ms", poll_after_ms);
    return reply;
}

// Until the run ends or waits for its client. A client that leaves changes nothing.
Task<void> write_run(core::TurnHandle handle, std::shared_ptr<RunEvents> events, std::int64_t last,
                     std::string first, std::stop_token gone, std::shared_ptr<http::StreamWriter> out) {
    bool there = out->write(first + events->begin());
    while (there && !events->over()) {
        const std::vector<core::TurnEventPtr> news = co_await handle.feed->next(last, gone);
        if (news.empty()) break;
        std::string frames;
        for (const core::TurnEventPtr& event : news) {
            last = event->id;
            frames += events->see(*event);
            if (events->over()) break;
        }
        there = frames.empty() || out->write(frames);
    }
    if (!there || gone.stop_requested() || events->over()) co_return;
    const Error error(ErrorCode::unavailable,
                      "The server is shutting down; the run goes on when it is back.");
    out->write(error_frame(error) + done_frame());
}

Reply stream_run(core::TurnHandle handle, std::shared_ptr<RunEvents> events, std::int64_t after,
                 std::string first, std::stop_token gone) {
    return Reply::event_stream([=](std::shared_ptr<http::StreamWriter> out) {
        return write_run(handle, events, after, first, gone, out);
    });
}

Error already_running(const Services& services, const core::Owner& owner, ConversationId thread) {
    const std::optional<TurnId> run = services.turns.running_in(owner, thread);
    const std::string sentence = "Thread " + thread.text(prefix::thread) + " already has an active run" +
                                 (run ? " " + run->text(prefix::run) : "") + ".";
    return {ErrorCode::validation, sentence, {{"thread_id", sentence}}};
}

Task<core::ConversationLocks::Lock> hold_for_run(const Services& services, const Request& request,
                                                 ConversationId thread) {
    try {
        co_return co_await services.turns.hold(thread, request.gone);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict) throw;
    }
    throw already_running(services, request.user, thread);
}

// Begins the run in a thread that the caller holds, behind the messages that came with it.
Task<core::TurnHandle> begin_run(const Services& services, Additions& added,
                                 core::ConversationLocks::Lock& held, RunRequest run, ConversationId thread,
                                 std::vector<GivenMessage> given) {
    const core::ProviderChoice choice = openai::model_named(services, run.model);
    core::TurnRequest turn;
    turn.said = co_await make_messages(services, added, thread, true, std::move(given));
    co_await index_attachments(services, added, thread, attachments_of(turn.said));
    // Files that came with the thread, or with this run's messages, may just have given it a store.
    const core::Conversation conversation = co_await services.store.conversation(added.owner, thread);
    core::take_vector_stores(conversation.tool_resources, run.options);
    core::settle_search(run.options);
    if (run.options.search_results == 0) run.options.search_results = usual_results(choice);
    turn.owner = added.owner;
    turn.by = std::move(run.by);
    turn.conversation = thread;
    turn.as_it_stands = true;
    turn.provider = choice.provider_name;
    turn.model = choice.model;
    turn.options = std::make_shared<const core::TurnOptions>(std::move(run.options));
    turn.metadata = std::move(run.metadata);
    turn.request_id = std::move(run.request_id);
    co_return co_await services.turns.start_in(held, std::move(turn));
}

// `first` is what its stream begins with.
Reply tell_begun(core::TurnHandle handle, StepIncludes includes, bool stream, std::string first,
                 std::stop_token gone) {
    if (!stream) {
        Reply reply = json_reply(render_run_as(*handle.turn, "queued"));
        reply.with("openai-poll-after-ms", poll_after_ms);
        return reply;
    }
    auto events = std::make_shared<RunEvents>(*handle.turn, includes);
    return stream_run(handle, std::move(events), 0, std::move(first), std::move(gone));
}

Task<Reply> create_run(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const Json json = openai::read_body(request);
    const Fields body(json);
    RunRequest run = co_await read_run(services, request.user, body);
    run.request_id = request.request_id;
    run.by = came_by(request);
    std::vector<GivenMessage> given =
        read_messages(body, "additional_messages", has_code_interpreter(services));
    const StepIncludes includes = read_includes(request);
    const bool stream = run.stream;
    core::ConversationLocks::Lock held = co_await hold_for_run(services, request, thread.id);
    Additions added{request.user};
    const core::TurnHandle handle = co_await all_or_nothing(
        services, added, begin_run(services, added, held, std::move(run), thread.id, std::move(given)));
    co_return tell_begun(handle, includes, stream, {}, request.gone);
}

// A run and the thread that it was begun in.
struct BegunThread {
    core::Conversation thread;
    core::TurnHandle run;
};

Task<BegunThread> begin_thread(const Services& services, Additions& added, const Request& request,
                               GivenThread given, RunRequest run) {
    BegunThread begun;
    begun.thread = co_await add_thread(services, added, std::move(given));
    core::ConversationLocks::Lock held = co_await hold_for_run(services, request, begun.thread.id);
    std::vector<GivenMessage> no_more;
    begun.run =
        co_await begin_run(services, added, held, std::move(run), begun.thread.id, std::move(no_more));
    co_return begun;
}

Task<Reply> create_thread_and_run(const Services& services, Request request) {
    const Json json = openai::read_body(request);
    const Fields body(json);
    const Json nothing = Json::object();
    const auto given = body.object("thread");
    const Fields thread_fields = given ? *given : Fields(nothing, "thread");
    GivenThread thread = read_thread(request.user, thread_fields, has_code_interpreter(services));
    RunRequest run = co_await read_run(services, request.user, body);
    run.request_id = request.request_id;
    run.by = came_by(request);
    co_await take_resources(services, request.user, body, run);
    const StepIncludes includes = read_includes(request);
    const bool stream = run.stream;
    Additions added{request.user};
    const BegunThread begun = co_await all_or_nothing(
        services, added, begin_thread(services, added, request, std::move(thread), std::move(run)));
    const std::string first = event_frame("thread.created", render(begun.thread));
    co_return tell_begun(begun.run, includes, stream, first, request.gone);
}

Task<Reply> list_runs(const Services& services, Request request) {
    const core::Conversation thread = co_await find_thread(services, request);
    const auto listing = openai::QueryKeys(request).listing<TurnId>(prefix::run, "a run of the thread");
    const core::Slice<core::Turn> runs = co_await services.store.turns(request.user, thread.id, listing);
    co_return json_reply(openai::render_list(
        runs, [&](const core::Turn& turn) { return render_run(turn, state_of(services, turn)); }));
}

Task<Reply> show_run(const Services& services, Request request) {
    const core::Turn turn = co_await run_of(services, request);
    co_return reply_with(services, turn);
}

Task<Reply> change_run(const Services& services, Request request) {
    core::Turn turn = co_await run_of(services, request);
    const Json json = openai::read_body(request, true);
    const auto patch = openai::read_metadata_patch(Fields(json));
    if (patch) {
        const core::Turn changed =
            co_await services.store.change_turn_metadata(request.user, turn.id, *patch);
        turn.metadata = changed.metadata;
    }
    co_return reply_with(services, turn);
}

[[noreturn]] void refuse_in(const std::string& status, const std::string& what) {
    const std::string sentence = "Cannot " + what + " a run with the status \"" + status + "\".";
    throw Error(ErrorCode::validation, sentence, {{"run_id", sentence}});
}

Task<Reply> cancel_run(const Services& services, Request request) {
    const core::Turn turn = co_await run_of(services, request);
    if (turn.state != core::TurnState::running) refuse_in(status_of(turn, {}), "cancel");
    const core::TurnHandle handle = co_await services.turns.find(request.user, turn.id);
    services.turns.stop(handle);
    Reply reply = json_reply(render_run_as(turn, "cancelling"));
    reply.with("openai-poll-after-ms", poll_after_ms);
    co_return reply;
}

std::vector<core::ClientOutput> read_outputs(const Fields& body) {
    body.required("tool_outputs");
    std::vector<core::ClientOutput> outputs;
    for (const Fields& output : body.objects("tool_outputs", most_outputs))
        outputs.push_back(
            {output.required_text("tool_call_id", 512), output.text("output", longest_output).value_or("")});
    return outputs;
}

// The step that waits, with the results that its client brings.
Task<std::optional<Step>> waiting_step(const Services& services, core::Turn turn,
                                       std::vector<core::ClientOutput> outputs) {
    const std::vector<core::Message> messages = co_await services.store.messages_of_turn(turn.id);
    std::vector<Step> steps = steps_of(turn, messages);
    if (steps.empty() || steps.back().kind != StepKind::tool_calls) co_return std::nullopt;
    for (StepCall& call : steps.back().calls)
        for (const core::ClientOutput& output : outputs)
            if (output.call_id == call.call.call_id) call.output = output.output;
    co_return std::move(steps.back());
}

Task<Reply> submit_outputs(const Services& services, Request request) {
    const core::Turn turn = co_await run_of(services, request);
    const Json json = openai::read_body(request);
    const Fields body(json);
    const std::vector<core::ClientOutput> outputs = read_outputs(body);
    const bool stream = body.boolean("stream").value_or(false);
    const std::string status = status_of(turn, state_of(services, turn));
    if (status != "requires_action") refuse_in(status, "submit tool outputs to");
    const core::TurnHandle handle = co_await services.turns.find(request.user, turn.id);
    const std::int64_t after = handle.feed->so_far().back()->id;
    std::optional<Step> step = co_await waiting_step(services, turn, outputs);
    bool too_late = false;
    try {
        co_await services.turns.submit(request.user, turn.id, outputs);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict) throw;
        too_late = true;
    }
    if (too_late) refuse_in("in_progress", "submit tool outputs to");
    if (!stream) {
        Reply reply = json_reply(render_run_as(turn, "queued"));
        reply.with("openai-poll-after-ms", poll_after_ms);
        co_return reply;
    }
    auto events = std::make_shared<RunEvents>(turn, StepIncludes(), std::move(step));
    co_return stream_run(handle, std::move(events), after, {}, request.gone);
}

// A run has few steps: they are made all, and paged here.
Task<Reply> list_steps(const Services& services, Request request) {
    const core::Turn turn = co_await run_of(services, request);
    const StepIncludes includes = read_includes(request);
    const openai::QueryKeys query(request);
    const auto limit = static_cast<std::size_t>(query.integer("limit", 1, 100).value_or(20));
    const bool rising = query.choice("order", {"asc", "desc"}) == "asc";
    const std::vector<core::Message> messages = co_await services.store.messages_of_turn(turn.id);
    std::vector<Step> steps = steps_of(turn, messages);
    if (!rising) std::reverse(steps.begin(), steps.end());
    const auto place_of = [&](const char* key) -> std::optional<std::size_t> {
        const auto wanted = query.text(key);
        if (!wanted) return std::nullopt;
        for (std::size_t i = 0; i < steps.size(); ++i)
            if (step_id(steps[i].message, steps[i].kind) == *wanted) return i;
        openai::refuse(key, std::string(key) + " names no step of this run.");
    };
    const auto after = place_of("after");
    const auto before = place_of("before");
    std::size_t begin = after ? *after + 1 : 0;
    std::size_t end = before ? *before : steps.size();
    if (begin > end) begin = end;
    core::Slice<Step> slice;
    slice.has_more = end - begin > limit;
    if (slice.has_more && before && !after)
        begin = end - limit;
    else
        end = std::min(end, begin + limit);
    slice.items.assign(steps.begin() + static_cast<std::ptrdiff_t>(begin),
                       steps.begin() + static_cast<std::ptrdiff_t>(end));
    co_return json_reply(
        openai::render_list(slice, [&](const Step& step) { return render_step(step, turn, includes); }));
}

Task<Reply> show_step(const Services& services, Request request) {
    const core::Turn turn = co_await run_of(services, request);
    const StepIncludes includes = read_includes(request);
    const std::vector<core::Message> messages = co_await services.store.messages_of_turn(turn.id);
    const std::string& wanted = request.path_value("step");
    const std::vector<Step> steps = steps_of(turn, messages);
    for (const Step& step : steps)
        if (step_id(step.message, step.kind) == wanted)
            co_return json_reply(render_step(step, turn, includes));
    throw openai::nothing_found("step", wanted);
}

}  // namespace

void add_run_routes(http::Router& router, const Services& services) {
    using enum http::Method;
    const std::string runs = "/threads/{thread}/runs";
    const auto route = [&](http::Method method, const std::string& path, auto handler) {
        openai::add_route(
            router, method, path,
            [&services, handler](Request request) { return handler(services, std::move(request)); },
            {.max_body = run_body});
    };
    route(post, "/threads/runs", create_thread_and_run);
    route(post, runs, create_run);
    route(get, runs, list_runs);
    route(get, runs + "/{run}", show_run);
    route(post, runs + "/{run}", change_run);
    route(post, runs + "/{run}/cancel", cancel_run);
    route(post, runs + "/{run}/submit_tool_outputs", submit_outputs);
    route(get, runs + "/{run}/steps", list_steps);
    route(get, runs + "/{run}/steps/{step}", show_step);
}

}  // namespace assistd::api::assistants
