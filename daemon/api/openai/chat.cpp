// POST /v1/chat/completions.

#include <unistd.h>

#include <cerrno>

#include "api/came_by.h"
#include "api/openai/brought_results.h"
#include "api/openai/completion.h"
#include "api/openai/door.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "api/openai/model_named.h"
#include "api/openai/routes.h"
#include "base/base64.h"
#include "base/deadline.h"
#include "core/assistant_options.h"

namespace assistd::api::openai {
namespace {

using core::Message;
using core::Role;

// A model that says nothing for so long is answered with a stream that has not begun: an error that comes
// later is told in it.
constexpr std::chrono::seconds patience_for_errors{10};

// What the messages bring: the results of the calls that the turn before handed out.
std::vector<core::ClientOutput> outputs_at_the_end(const std::vector<Message>& messages) {
    std::vector<core::ClientOutput> outputs;
    for (auto message = messages.rbegin(); message != messages.rend() && message->role == Role::tool;
         ++message)
        for (const core::Block& block : message->blocks)
            if (const auto* result = std::get_if<core::ToolResultBlock>(&block))
                outputs.insert(outputs.begin(), {result->call_id, result->content});
    return outputs;
}

void check_tool_choice(const core::TurnOptions& options, const core::ToolSet& offered) {
    const core::ToolChoice& choice = options.wishes.tool_choice;
    const bool has_tools =
        !options.client_tools.empty() || (options.tools ? !options.tools->empty() : !offered.tools.empty());
    if (choice.kind == core::ToolChoice::Kind::required && !has_tools)
        refuse("tool_choice", "tool_choice is \"required\", and there are no tools: give some in tools.");
    if (choice.kind != core::ToolChoice::Kind::named || options.is_client_tool(choice.name)) return;
    if (options.tools || !offered.find(choice.name))
        refuse("tool_choice",
               "tool_choice names the function \"" + choice.name + "\", which is not among the tools.");
}

void write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw Error(ErrorCode::unavailable, "A picture could not be stored.");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

http::Reply with_conversation(http::Reply reply, const std::string& conversation) {
    if (!conversation.empty()) reply.with("X-Conversation-ID", conversation);
    return reply;
}

// Of a conversation that is kept: the user's, and it says something.
void check_last_message(const std::vector<Message>& messages) {
    if (messages.empty() || messages.back().role != Role::user)
        refuse("messages",
               "In a conversation that is kept, messages must end with the user's message, or with "
               "the results of the tools that were called last.");
    const bool says_something = std::any_of(
        messages.back().blocks.begin(), messages.back().blocks.end(), [](const core::Block& block) {
            const auto* text = std::get_if<core::TextBlock>(&block);
            return !text || text->text.find_first_not_of(" \t\r\n") != std::string::npos;
        });
    if (!says_something) refuse("messages", "The last message says nothing.");
}

// The feed's events after `last`, or nothing when `patience` is over first.
Task<std::vector<core::TurnEventPtr>> next_within(std::shared_ptr<core::TurnFeed> feed, std::int64_t last,
                                                  std::stop_token gone, std::chrono::seconds patience) {
    const Executor here = co_await asio::this_coro::executor;
    std::stop_source enough;
    const Deadline waited(here, patience, [enough]() mutable { enough.request_stop(); });
    const std::stop_callback on_gone(gone, [enough]() mutable { enough.request_stop(); });
    co_return co_await feed->next(last, enough.get_token());
}

// Whoever has a turn in a conversation may be about to go on with that one, by results of its calls or
// because its reply broke off: only the body says so.
std::function<std::shared_ptr<void>(const http::Request&)> place_unless_one_goes_on(
    core::TurnService& turns) {
    return [&turns, give = place_for_turn(turns)](const http::Request& request) {
        return turns.keeps_any_of(request.user) ? nullptr : give(request);
    };
}

}  // namespace

Door::Door(const Services& services, DoorOptions options) : services_(services), options_(options) {}

void Door::add_routes(http::Router& router) {
    using enum http::Method;
    constexpr std::int64_t chat_body = 64 << 20;  // pictures come inside
    add_route(
        router, post, "/chat/completions", [this](http::Request request) { return chat(std::move(request)); },
        {.max_body = chat_body, .waits_soon = true, .at_door = place_unless_one_goes_on(services_.turns)});
    add_route(router, get, "/models",
              [this](http::Request request) { return list_models(std::move(request)); });
    add_route(router, get, "/models/{model}",
              [this](http::Request request) { return show_model(std::move(request)); });
}

Task<http::Reply> Door::chat(http::Request request) {
    const core::Owner owner = request.user;
    const HandedOut handed_out = [this, &owner](const std::string& call_id) {
        return handed_out_.find(owner, call_id);
    };
    ChatRequest read = read_chat_request(request, handed_out);
    const Answer answering = co_await answer(request, read);
    if (read.stream) co_return co_await stream(answering, read.model, read.stream_usage, request.gone);
    co_return co_await whole(answering, read.model, request.gone);
}

Task<Door::Answer> Door::answer(const http::Request& request, ChatRequest& read) {
    auto options = std::make_shared<core::TurnOptions>(std::move(read.options));
    const std::string model = co_await take_model(request.user, read.model, *options);
    const core::ProviderChoice choice = model_named(services_, model);
    check_tool_choice(*options, *services_.tools.offered_to(request.user));
    options->unattended = true;
    if (!read.conversation.empty()) {
        Answer answer = co_await keep(request, read, choice, std::move(options));
        co_return answer;
    }
    options->plain_prompt = (options->tools && options->tools->empty()) ||
                            options->wishes.tool_choice.kind == core::ToolChoice::Kind::none;
    options->client_calls_end_it = true;
    core::UnkeptRequest unkept;
    unkept.owner = request.user;
    unkept.by = came_by(request);
    unkept.place = place_of(request);
    unkept.provider = choice.provider_name;
    unkept.model = choice.model;
    unkept.options = std::move(options);
    unkept.messages = std::move(read.said.messages);
    unkept.request_id = request.request_id;
    const core::UnkeptHandle handle = co_await services_.turns.answer_unkept(std::move(unkept));
    Answer answer;
    answer.turn = handle.turn;
    answer.told = handle.told;
    co_return answer;
}

// The id of an assistant stands for its model with its instructions, settings and tools; what the request
// says itself goes first.
Task<std::string> Door::take_model(core::Owner owner, std::string named, core::TurnOptions& options) {
    const auto id = AssistantId::parse(named, prefix::assistant);
    if (!id) {
        if (!options_.latest()->offers_tools) options.tools.emplace();
        co_return named;
    }
    std::optional<core::Assistant> assistant;
    try {
        assistant = co_await services_.assistants.find(owner, *id);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    if (!assistant) throw no_such_model(named);
    const auto offered = services_.tools.offered_to(owner);
    core::TurnOptions own = core::options_of(*assistant, *offered);
    core::settle_search(own);
    options.assistant_id = own.assistant_id;
    options.tools = std::move(own.tools);
    options.vector_stores = std::move(own.vector_stores);
    options.search_results = own.search_results;
    options.search_threshold = own.search_threshold;
    for (core::ClientTool& tool : own.client_tools)
        if (!options.is_client_tool(tool.name)) options.client_tools.push_back(std::move(tool));
    if (!own.instructions.empty() && !options.instructions.empty()) own.instructions += "\n\n";
    options.instructions = own.instructions + options.instructions;
    core::ModelWishes& wishes = options.wishes;
    if (!wishes.temperature) wishes.temperature = own.wishes.temperature;
    if (!wishes.top_p) wishes.top_p = own.wishes.top_p;
    if (wishes.reasoning_effort.empty()) wishes.reasoning_effort = own.wishes.reasoning_effort;
    if (wishes.response_format.empty()) wishes.response_format = own.wishes.response_format;
    co_return assistant->model;
}

// In a kept conversation the history is the daemon's: of the messages only the newest counts, or the results
// of the calls that the turn before handed out.
Task<Door::Answer> Door::keep(const http::Request& request, ChatRequest& read, core::ProviderChoice choice,
                              core::TurnOptionsPtr options) {
    const core::Owner owner = request.user;
    std::vector<Message>& messages = read.said.messages;
    if (outputs_at_the_end(messages).empty()) check_last_message(messages);
    const ConversationId id = co_await conversation_for(owner, read.conversation);
    Answer answer;
    answer.conversation = id.text();
    core::TurnRequest turn;
    std::vector<core::ClientOutput> outputs = outputs_at_the_end(messages);
    if (!outputs.empty()) {
        GoneOn on = co_await bring(services_, owner, id, std::move(outputs));
        answer.turn = std::move(on.turn);
        answer.after = on.after;
        if (!on.broke_off) co_return answer;
        // The model is asked once more, from the results on.
        answer.after = 0;
        turn.as_it_stands = true;
    } else {
        const std::optional<TurnId> running = services_.turns.running_in(owner, id);
        // The client goes on without the results that a turn waits for.
        if (running && !services_.turns.client_calls(owner, *running).empty())
            co_await services_.turns.cancel(owner, *running);
        turn.content = messages.back().text();
        turn.attachments = co_await keep_pictures(owner, id, messages.back());
    }
    turn.owner = owner;
    turn.by = came_by(request);
    turn.place = place_of(request);
    turn.conversation = id;
    turn.provider = choice.provider_name;
    turn.model = choice.model;
    turn.options = std::move(options);
    turn.gone = request.gone;
    turn.request_id = request.request_id;
    answer.turn = co_await services_.turns.start(std::move(turn));
    co_return answer;
}

Task<ConversationId> Door::conversation_for(core::Owner owner, std::string given) {
    if (given == "new") {
        core::Conversation conversation;
        conversation.id = ConversationId::make();
        conversation.owner = std::move(owner);
        conversation.created_at = conversation.updated_at = now();
        const core::Write added = services_.store.add_conversation(conversation);
        co_await added.committed();
        co_return conversation.id;
    }
    const auto id = ConversationId::parse(given);
    if (!id) throw Error(ErrorCode::not_found, "There is no conversation \"" + given + "\".");
    co_await services_.store.conversation(std::move(owner), *id);
    co_return *id;
}

Task<std::vector<core::Artifact>> Door::keep_pictures(core::Owner owner, ConversationId conversation,
                                                      Message message) {
    std::vector<core::ArtifactDraft> drafts;
    for (const core::Block& block : message.blocks) {
        const auto* image = std::get_if<core::ImageBlock>(&block);
        if (!image) continue;
        core::ArtifactDraft draft;
        draft.file = services_.artifacts.new_file();
        write_all(draft.file.get(), from_base64(image->data).value());
        draft.about.owner = owner;
        draft.about.kind = "file";
        draft.about.name = "picture." + image->media_type.substr(std::string_view("image/").size());
        draft.about.media_type = image->media_type;
        draft.about.conversation = conversation;
        drafts.push_back(std::move(draft));
    }
    if (drafts.empty()) co_return std::vector<core::Artifact>();
    co_return co_await services_.artifacts.add(std::move(drafts));
}

Task<http::Reply> Door::whole(Answer answer, std::string model, std::stop_token gone) {
    const std::stop_callback on_gone(gone, [this, turn = answer.turn] { services_.turns.stop(turn); });
    Completion completion(*answer.turn.turn, std::move(model), answer.after);
    std::int64_t last = answer.after;
    while (!completion.over()) {
        const std::vector<core::TurnEventPtr> events = co_await answer.turn.feed->next(last, {});
        if (events.empty()) break;
        for (const core::TurnEventPtr& event : events) completion.see(*event);
        last = events.back()->id;
    }
    const std::optional<Error> failure = completion.failure();
    if (failure) co_return with_conversation(error_reply(*failure), answer.conversation);
    remember(answer);
    co_return with_conversation(json_reply(completion.whole()), answer.conversation);
}

// The head of the reply waits until something is said, so that what fails before is told by its status.
Task<http::Reply> Door::stream(Answer answer, std::string model, bool with_usage, std::stop_token gone) {
    const auto completion = std::make_shared<Completion>(*answer.turn.turn, std::move(model), answer.after);
    std::int64_t last = answer.after;
    std::string begin;
    while (!completion->begun() && !completion->over()) {
        const std::vector<core::TurnEventPtr> events =
            co_await next_within(answer.turn.feed, last, gone, patience_for_errors);
        if (events.empty()) break;
        for (const core::TurnEventPtr& event : events) begin += completion->see(*event);
        last = events.back()->id;
    }
    if (completion->over() && !completion->begun()) {
        const std::optional<Error> failure = completion->failure();
        if (failure) co_return with_conversation(error_reply(*failure), answer.conversation);
    }
    auto body = [this, answer, completion, begin = std::move(begin), last, with_usage,
                 gone](std::shared_ptr<http::StreamWriter> out) {
        return write_chunks(answer, completion, begin, last, with_usage, gone, out);
    };
    co_return with_conversation(http::Reply::event_stream(std::move(body)), answer.conversation);
}

Task<void> Door::write_chunks(Answer answer, std::shared_ptr<Completion> completion, std::string begin,
                              std::int64_t last, bool with_usage, std::stop_token gone,
                              std::shared_ptr<http::StreamWriter> out) {
    bool there = begin.empty() || out->write(begin);
    while (there && !completion->over()) {
        const std::vector<core::TurnEventPtr> events = co_await answer.turn.feed->next(last, gone);
        if (events.empty()) break;
        std::string chunks;
        for (const core::TurnEventPtr& event : events) chunks += completion->see(*event);
        last = events.back()->id;
        there = chunks.empty() || out->write(chunks);
    }
    if (!there || gone.stop_requested()) {
        services_.turns.stop(answer.turn);
        co_return;
    }
    const std::optional<Error> failure = completion->failure();
    if (!failure) remember(answer);
    out->write_last(failure ? Completion::error_frame(*failure) : completion->closing(with_usage));
}

// Of a turn that handed calls out; others are of no use here.
void Door::remember(const Answer& answer) {
    if (!answer.told) return;
    std::vector<Message> told = answer.told->messages();
    const core::TurnOptions& options = *answer.turn.turn->options;
    if (told.empty()) return;
    for (auto message = told.rbegin(); message != told.rend(); ++message) {
        if (message->role != Role::assistant) continue;
        for (const core::ToolCallBlock& call : message->tool_calls())
            if (options.is_client_tool(call.name))
                return handed_out_.put(answer.turn.turn->owner, std::move(told));
        return;
    }
}

}  // namespace assistd::api::openai
