// The requests of ChatKit that are answered with a stream of events.

#include <algorithm>

#include "api/came_by.h"
#include "api/chatkit/door.h"
#include "api/conversations/attached_files.h"
#include "api/openai/errors.h"
#include "base/log_quoted.h"
#include "base/logging.h"

namespace assistd::api::chatkit {
namespace {

// What a turn tells is on its way to the store; whoever is asked something finds it there. Writes are stored
// in their order, so this one, which changes nothing, is stored after them.
Task<void> all_stored(const Services& services, core::Turn turn) {
    try {
        co_await services.store.set_feedback(turn.owner, turn.conversation, std::vector<MessageId>(), "");
    } catch (const Error& error) {
        log::debug("what a thread asks is told before it is stored reason={}", log::quoted(error.what()));
    }
}

// Until the turn ends or waits for the client. A client that leaves wants no more of it.
Task<void> write_thread(const Services& services, core::TurnHandle handle,
                        std::shared_ptr<ThreadEvents> events, std::int64_t last, std::string first,
                        std::stop_token gone, std::shared_ptr<http::StreamWriter> out) {
    bool there = first.empty() || out->write(first);
    while (there && !events->over()) {
        const std::vector<core::TurnEventPtr> news = co_await handle.feed->next(last, gone);
        if (news.empty()) break;
        std::string frames;
        for (const core::TurnEventPtr& event : news) {
            last = event->id;
            frames += events->see(*event);
            if (events->over()) break;
        }
        if (events->waits()) co_await all_stored(services, *handle.turn);
        there = frames.empty() || out->write(frames);
    }
    if (events->over()) co_return;
    if (!there || gone.stop_requested())
        services.turns.stop(handle);
    else
        out->write(error_frame("The server is shutting down; the answer goes on when it is back.", true));
}

http::Reply stream_of(const Services& services, core::TurnHandle handle, std::shared_ptr<ThreadEvents> events,
                      std::int64_t last, std::string first, std::stop_token gone) {
    const auto body = [=, &services](std::shared_ptr<http::StreamWriter> out) {
        return write_thread(services, handle, events, last, first, gone, out);
    };
    http::Reply reply = http::Reply::event_stream(body);
    // As the protocol has it.
    for (auto& [name, value] : reply.headers)
        if (name == "Cache-Control") value = "no-cache";
    return reply;
}

// What the turn's client has been told already, up to where it waits. Returns the last event of it.
template <class IsLast>
std::int64_t follow(const core::TurnFeed& feed, ThreadEvents& events, const IsLast& is_last) {
    const std::vector<core::TurnEventPtr> told = feed.so_far();
    const auto end = std::find_if(told.rbegin(), told.rend(),
                                  [&](const core::TurnEventPtr& event) { return is_last(*event); });
    std::int64_t last = 0;
    for (auto event = told.begin(); event != end.base(); ++event) {
        events.skip(**event);
        last = (*event)->id;
    }
    return last;
}

// Until the model, or a tool, has said anything; its failure is thrown.
Task<void> await_first(core::TurnHandle handle, std::stop_token gone) {
    std::int64_t last = 0;
    while (true) {
        const std::vector<core::TurnEventPtr> news = co_await handle.feed->next(last, gone);
        if (news.empty()) co_return;
        for (const core::TurnEventPtr& event : news) {
            last = event->id;
            if (std::holds_alternative<core::TurnStarted>(event->body) ||
                std::holds_alternative<core::TitleUpdated>(event->body))
                continue;
            const auto* ended = std::get_if<core::TurnEnded>(&event->body);
            if (ended && ended->turn->state == core::TurnState::failed)
                throw Error(code_of(ended->turn->error_code), ended->turn->error_message);
            co_return;
        }
    }
}

}  // namespace

// A message that asks something. What a turn tells is on its way to the store still, so the turn is asked
// first.
Task<core::Message> Door::asking_message(core::Owner owner, ConversationId thread, MessageId id) {
    const auto running = services_.turns.running_in(owner, thread);
    if (running) {
        const core::TurnHandle handle = co_await services_.turns.find(owner, *running);
        for (const core::TurnEventPtr& event : handle.feed->so_far())
            if (const auto* told = std::get_if<core::MessageCompleted>(&event->body);
                told && told->message->id == id) {
                core::Message message = *told->message;
                message.turn = *running;
                co_return message;
            }
    }
    co_return co_await message_of(services_, std::move(owner), thread, id);
}

Task<void> Door::give_up_waiting(core::Owner owner, ConversationId thread) {
    const auto running = services_.turns.running_in(owner, thread);
    if (!running) co_return;
    bool waits = !services_.turns.client_calls(owner, *running).empty();
    const std::vector<core::Approval> asked = co_await services_.turns.waiting(owner, *running);
    waits = waits || !asked.empty();
    if (waits) co_await services_.turns.cancel(owner, *running);
}

Task<http::Reply> Door::begin(core::Conversation thread, core::TurnRequest request, Setting setting,
                              std::string first, bool await_model) {
    co_await give_up_waiting(request.owner, thread.id);
    const bool says_something = !request.again;
    const std::stop_token gone = request.gone;
    co_await conversations::make_searchable(services_, request.owner, thread.id, request.attachments, gone);
    core::TurnHandle handle = co_await services_.turns.start(std::move(request));
    if (await_model) co_await await_first(handle, gone);
    if (says_something) {
        const MessageId id = handle.turn->user_message;
        const core::Message message = co_await services_.store.user_message(thread.id, id);
        first += item_done(render_user_message(message, setting));
    }
    first += stream_options_frame();
    auto events = std::make_shared<ThreadEvents>(std::move(thread), handle.turn->options, std::move(setting));
    co_return stream_of(services_, std::move(handle), std::move(events), 0, std::move(first), gone);
}

Task<http::Reply> Door::create_thread(Call call) {
    UserInput input = read_input(call.params);
    core::Conversation thread;
    thread.id = ConversationId::make();
    thread.owner = call.request.user;
    thread.door = core::chatkit_door;
    if (const auto assistant = assistant_named(input)) thread.assistant_id = assistant->text();
    thread.created_at = thread.updated_at = now();
    core::TurnRequest request = co_await turn_for(services_, call.request.user, thread, std::move(input));
    request.gone = call.request.gone;
    request.by = came_by(call.request);
    const core::Write added = services_.store.add_conversation(thread);
    co_await added.committed();
    std::string first = frame({{"type", "thread.created"}, {"thread", render_thread(thread)}});
    std::exception_ptr refusal;
    try {
        co_return co_await begin(thread, std::move(request), call.setting, std::move(first), false);
    } catch (...) {
        refusal = std::current_exception();
    }
    // What is refused leaves nothing behind.
    co_await services_.store.remove_conversation(thread.owner, thread.id);
    std::rethrow_exception(refusal);
}

Task<http::Reply> Door::add_user_message(Call call) {
    core::Conversation thread = co_await thread_in(call);
    UserInput input = read_input(call.params);
    core::TurnRequest request = co_await turn_for(services_, call.request.user, thread, std::move(input));
    request.gone = call.request.gone;
    request.by = came_by(call.request);
    co_return co_await begin(std::move(thread), std::move(request), call.setting, std::string(), false);
}

Task<http::Reply> Door::retry_after_item(Call call) {
    core::Conversation thread = co_await thread_in(call);
    const std::string given = call.params.required_text("item_id", 100);
    const auto id = ItemId::parse(given);
    if (!id) throw Error(ErrorCode::not_found, "There is no item \"" + given + "\" in this thread.");
    core::Message message = co_await message_of(services_, call.request.user, thread.id, id->message);
    if (message.role != core::Role::user)
        openai::refuse("params.item_id", "params.item_id must name a message of the user's.");
    core::TurnRequest request = co_await turn_again(services_, call.request.user, thread, std::move(message));
    request.gone = call.request.gone;
    request.by = came_by(call.request);
    co_return co_await begin(std::move(thread), std::move(request), call.setting, std::string(), false);
}

// Takes the result of the first call that has none yet. Returns those that are there when they are all; else
// `rest` are the calls that are still to be answered.
Door::Outputs Door::take_output(TurnId turn, const std::vector<core::ToolCallBlock>& waiting,
                                std::string output, Timestamp turn_began,
                                std::vector<core::ToolCallBlock>& rest) {
    // Turns that ended otherwise have left theirs.
    constexpr std::size_t most_turns = 1'000;
    const std::lock_guard lock(mutex_);
    if (outputs_.size() > most_turns) outputs_.clear();
    const bool is_known = outputs_.contains(turn);
    std::map<std::string, std::string>& known = outputs_[turn];
    std::erase_if(known, [&](const auto& one) {
        return std::none_of(waiting.begin(), waiting.end(),
                            [&](const core::ToolCallBlock& call) { return call.call_id == one.first; });
    });
    // Which of several calls was answered last is not known any more after a restart: they are asked for
    // anew, from the first on.
    const bool is_unsure = !is_known && waiting.size() > 1 && turn_began < began_;
    const auto open = [&](const core::ToolCallBlock& call) { return !known.contains(call.call_id); };
    const auto first = std::find_if(waiting.begin(), waiting.end(), open);
    if (!is_unsure && first != waiting.end()) known.emplace(first->call_id, std::move(output));
    std::copy_if(waiting.begin(), waiting.end(), std::back_inserter(rest), open);
    Outputs all;
    if (!rest.empty()) return all;
    for (auto& [call_id, text] : known) all.push_back({call_id, text});
    outputs_.erase(turn);
    return all;
}

// The result of the call that waits. Of several the model waits for, the client is handed one after the
// other.
Task<http::Reply> Door::add_client_tool_output(Call call) {
    core::Conversation thread = co_await thread_in(call);
    if (!call.params.has("result")) call.params.required("result");  // which may be null
    const Json result = call.params.json().at("result");
    const core::Owner& owner = call.request.user;
    const auto turn = services_.turns.running_in(owner, thread.id);
    std::vector<core::ToolCallBlock> waiting;
    if (turn) waiting = services_.turns.client_calls(owner, *turn);
    if (waiting.empty())
        openai::refuse("params.thread_id", "The thread's last item is no client tool call that waits.");
    core::TurnHandle handle = co_await services_.turns.find(owner, *turn);
    auto events = std::make_shared<ThreadEvents>(thread, handle.turn->options, call.setting);
    const std::int64_t last = follow(*handle.feed, *events, [](const core::TurnEvent& event) {
        return std::holds_alternative<core::ClientCallsRequired>(event.body);
    });
    std::string output = result.is_string() ? result.get<std::string>() : to_text(result);
    std::vector<core::ToolCallBlock> rest;
    Outputs outputs = take_output(*turn, waiting, std::move(output), handle.turn->created_at, rest);
    if (!rest.empty()) {
        const core::TurnEvent next{last, core::ClientCallsRequired{rest}};
        std::string first = stream_options_frame() + events->see(next);
        co_return stream_of(services_, std::move(handle), std::move(events), last, std::move(first),
                            call.request.gone);
    }
    co_await services_.turns.submit(owner, *turn, std::move(outputs));
    co_return stream_of(services_, std::move(handle), std::move(events), last, stream_options_frame(),
                        call.request.gone);
}

// A person's word on a tool that waits for it.
Task<http::Reply> Door::add_structured_input(Call call) {
    core::Conversation thread = co_await thread_in(call);
    const core::Owner& owner = call.request.user;
    const std::string given = call.params.required_text("item_id", 100);
    const auto id = ItemId::parse(given);
    if (!id || id->kind != ItemKind::question)
        throw Error(ErrorCode::not_found, "There is no question \"" + given + "\" in this thread.");
    call.params.required("input");
    const openai::Fields input = *call.params.object("input");
    const bool answered = input.required("status").choice({"answered", "skipped"}) == "answered";
    std::string decision;
    std::string reason;
    if (const auto answers = input.object("answers"); answers && answered) {
        const auto first_value = [&](const char* question) {
            const auto answer = answers->object(question);
            const std::vector<std::string> values =
                answer ? answer->texts("values", 10, 2000) : std::vector<std::string>();
            return values.empty() ? std::string() : values.front();
        };
        decision = first_value("decision");
        reason = first_value("reason");
    }
    if (answered && decision != "allow" && decision != "refuse")
        openai::refuse("params.input.answers.decision", "The decision must be \"allow\" or \"refuse\".");
    const core::Message message = co_await asking_message(owner, thread.id, id->message);
    const std::vector<core::ToolCallBlock> calls = message.tool_calls();
    if (id->call >= calls.size() || message.turn.is_nil())
        throw Error(ErrorCode::not_found, "There is no question \"" + given + "\" in this thread.");
    const std::string& call_id = calls[id->call].call_id;
    core::TurnHandle handle = co_await services_.turns.find(owner, message.turn);
    auto events = std::make_shared<ThreadEvents>(thread, handle.turn->options, call.setting);
    const std::int64_t last = follow(*handle.feed, *events, [&](const core::TurnEvent& event) {
        const auto* asked = std::get_if<core::ApprovalRequired>(&event.body);
        return asked && asked->approval->call_id == call_id;
    });
    const auto wanted = decision == "allow" ? core::ApprovalState::allowed : core::ApprovalState::refused;
    const core::Approval approval =
        co_await services_.turns.decide(owner, message.turn, call_id, wanted, std::move(reason));
    std::string first = frame({{"type", "thread.item.replaced"},
                               {"item", render_question(message, id->call, approval, true)}}) +
                        stream_options_frame();
    co_return stream_of(services_, std::move(handle), std::move(events), last, std::move(first),
                        call.request.gone);
}

// Only widgets have actions, and there are none.
Task<http::Reply> Door::custom_action(Call call) {
    co_await thread_in(call);
    co_return http::Reply::event_stream([](std::shared_ptr<http::StreamWriter> out) -> Task<void> {
        out->write(frame({{"type", "error"}, {"code", "stream.error"}, {"allow_retry", false}}));
        co_return;
    });
}

}  // namespace assistd::api::chatkit
