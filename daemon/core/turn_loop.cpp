// The heart of the daemon, in the order in which it happens: load, build the context, ask the provider,
// stream, run the tool calls, record, repeat. What is stored and told on the way, and when it counts:
// turn_record.h.

#include "core/turn_loop.h"

#include "base/logging.h"
#include "core/summary_writer.h"
#include "core/turn_name.h"
#include "core/turn_span.h"
#include "core/wait_for_files.h"

namespace assistd::core {
namespace {

int results_of(TurnId turn, const std::vector<MessagePtr>& messages) {
    return static_cast<int>(std::ranges::count_if(
        messages, [&](const MessagePtr& one) { return one->role == Role::tool && one->turn == turn; }));
}

// Of a model that calls tools although it may not: its text is the answer. Returns whether there were any.
bool drop_calls(ProviderReply& reply) {
    const auto calls = std::erase_if(
        reply.blocks, [](const Block& block) { return std::holds_alternative<ToolCallBlock>(block); });
    if (calls > 0 && reply.finish_reason == "tool_calls") reply.finish_reason = "stop";
    return calls > 0;
}

bool has_text(const ProviderReply& reply) {
    return std::any_of(reply.blocks.begin(), reply.blocks.end(), [](const Block& block) {
        const auto* text = std::get_if<TextBlock>(&block);
        return text && text->text.find_first_not_of(" \t\r\n") != std::string::npos;
    });
}

bool any_of_client(const TurnOptions& options, const std::vector<ToolCallBlock>& calls) {
    return std::ranges::any_of(calls, [&](const auto& call) { return options.is_client_tool(call.name); });
}

}  // namespace

TurnLoop::TurnLoop(const TurnServices& services, TurnStore& store, Conversation conversation,
                   std::vector<MessagePtr> own, TurnRecord record, std::shared_ptr<TurnControl> control,
                   TimeLimit& limit)
    : services_(services),
      conversation_(std::move(conversation)),
      own_(std::move(own)),
      record_(std::move(record)),
      control_(std::move(control)),
      limit_(limit),
      context_(services.contexts, conversation_, record_.turn().id),
      calls_(store, services.tools, services.budget, record_, *control_, limit,
             results_of(record_.turn().id, own_)) {}

Task<void> TurnLoop::run() {
    TurnSpan span;
    std::optional<Error> why;
    try {
        co_await answer();
    } catch (const Error& error) {
        why = error;
    } catch (const std::exception& error) {
        log::error("turn {} broke: {}", record_.turn().id.text(), error.what());
        why.emplace(ErrorCode::internal, "The turn ended by an internal error; the log has the details.");
    }
    if (why) co_await fail(*why);
    const Turn& turn = record_.turn();
    const bool by_another = !turn.answered_provider.empty();
    services_.meters->spent(by_another ? turn.answered_provider : turn.provider,
                            by_another ? turn.answered_model : turn.model, turn.usage);
    services_.meters->turn_ended(turn);
    span.ended(turn);
}

Task<void> TurnLoop::answer() {
    co_await load_context();
    if (record_.turn().rounds > 0) {
        std::vector<MessagePtr> results = co_await rest(calls_.resume());
        for (MessagePtr& result : results) context_.add(std::move(result));
    }
    for (;;) {
        stop_if_shut_out();
        if (has_no_tokens_left()) co_return co_await record_.finish(TurnState::completed, std::nullopt);
        ProviderReply reply = co_await ask();
        const bool goes_on = co_await take(std::move(reply));
        if (!goes_on) co_return;
    }
}

// False: that was the turn's end. Apart from answer(), which is there all the time that a model takes.
Task<bool> TurnLoop::take(ProviderReply reply) {
    co_await record_.begun();
    if (record_.turn().options->max_completion_tokens > 0 && reply.finish_reason == "length")
        record_.reached("max_completion_tokens");
    Message message = record_.close_reply(std::move(reply));
    std::vector<ToolCallBlock> calls = message.tool_calls();
    if (calls.empty()) {
        context_.add(std::make_shared<const Message>(message));
        co_await record_.finish(TurnState::completed, std::move(message));
        context_.remember();
        co_return false;
    }
    context_.add(record_.calls(std::move(message)));
    const bool ends_it =
        record_.turn().options->client_calls_end_it && any_of_client(*record_.turn().options, calls);
    std::vector<MessagePtr> results = co_await rest(calls_.run(std::move(calls)));
    for (MessagePtr& result : results) context_.add(std::move(result));
    if (ends_it) co_await record_.finish(TurnState::completed, std::nullopt);
    co_return !ends_it;
}

// Of those that the asker gave the turn. It ends there, incomplete: an answer would take more.
bool TurnLoop::has_no_tokens_left() {
    const TurnOptions& options = *record_.turn().options;
    const Usage& spent = record_.turn().usage;
    if (options.max_completion_tokens > 0 && spent.completion_tokens >= options.max_completion_tokens)
        record_.reached("max_completion_tokens");
    else if (options.max_prompt_tokens > 0 && spent.prompt_tokens >= options.max_prompt_tokens)
        record_.reached("max_prompt_tokens");
    else
        return false;
    return true;
}

Task<void> TurnLoop::load_context() {
    const StepSpan span("prompt");
    choice_ = services_.providers.choose(record_.turn().provider, record_.turn().model);
    record_.started(conversation_, own_.empty() ? nullptr : own_.front().get());
    tools_ = tools_of_turn(services_.tools.offered_to(record_.turn().owner), *record_.turn().options);
    calls_.offer(tools_);
    const PromptFacts facts = co_await services_.facts.of(record_.turn());
    system_ = services_.prompts->system(facts, *tools_);
    if (services_.knowledge && tools_->find("file_search")) {
        const TimeLimit::Pause pause(limit_);
        co_await rest(wait_for_files(*services_.knowledge, record_.turn(), services_.patience_for_files,
                                     control_->token()));
    }
    context_.limit(*record_.turn().options);
    co_await context_.load(choice_, PromptSize(system_->tokens, tools_.get()), own_);
    if (context_.to_summarise().upto.is_nil()) co_return;
    std::string summary =
        co_await rest(write_summary(choice_, *services_.prompts, context_, record_, control_->token()));
    if (!summary.empty()) context_.summarised(std::move(summary));
}

std::string_view TurnLoop::limit_reached() const {
    const Budget& budget = services_.budget;
    const Turn& turn = record_.turn();
    if (budget.max_rounds > 0 && turn.rounds >= budget.max_rounds) return "max_rounds";
    if (budget.max_tool_calls > 0 && calls_.made() >= budget.max_tool_calls) return "max_tool_calls";
    if (budget.max_tokens > 0 && turn.usage.total_tokens() >= budget.max_tokens) return "max_tokens";
    if (budget.max_cost > 0 && turn.usage.cost >= budget.max_cost) return "max_cost";
    return {};
}

// Estimates may be wrong: when the provider says that it is too much, once more with less.
Task<ProviderReply> TurnLoop::ask() {
    co_await context_.fit();
    std::exception_ptr refusal;
    try {
        co_return co_await ask_once();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::context_too_long || halved_) throw;
        refusal = std::current_exception();
        log::info("turn {} was too long for its model: {}", record_.turn().id.text(), error.what());
    }
    halved_ = true;
    const bool shorter = co_await context_.halve();
    if (!shorter) std::rethrow_exception(refusal);
    co_return co_await ask_once();
}

Task<ProviderReply> TurnLoop::ask_once() {
    ProviderRequest request;
    request.model = choice_.model;
    request.system = system_->text;
    record_.reached(limit_reached());
    request.allow_tools = record_.turn().limit_reached.empty();
    request.messages = context_.messages();
    // Said last and in this request only: all before it stays as the provider has it in its cache.
    std::vector<MessagePtr> closing;
    if (!request.allow_tools)
        request.messages = closing =
            record_.with_notice(context_.messages(), services_.prompts->final_answer());
    request.tools = tools_;
    request.wishes = wishes();
    request.owner = record_.turn().owner;
    request.conversation = record_.turn().conversation;
    request.request_id = record_.turn().request_id;
    request.stop = control_->token();
    request.deadline = limit_.end();
    request.lost_usage = [this](const Usage& usage) { record_.lost(usage); };
    request.thoughts = [this](std::string_view text) { record_.add_thought(text); };
    record_.open_reply();
    const TextSink sink = record_.sink(*services_.meters);
    ProviderReply reply = co_await rest(choice_.provider->generate(request, sink));
    if (!reply.usage.estimated) context_.reported(reply.usage.prompt_tokens);
    if (request.allow_tools || !drop_calls(reply) || has_text(reply)) co_return reply;
    record_.lost(reply.usage);
    throw Error(ErrorCode::provider_failed,
                "The model was asked for its final answer, because the turn's budget is used up, and called "
                "tools instead.");
}

// A call that is asked for is asked for once: the next round is the model's own.
ModelWishes TurnLoop::wishes() const {
    const TurnOptions& options = *record_.turn().options;
    ModelWishes wishes = options.wishes;
    if (record_.turn().rounds > 0) wishes.tool_choice = {};
    if (options.max_completion_tokens > 0) {
        const std::int64_t left = options.max_completion_tokens - record_.turn().usage.completion_tokens;
        const std::int64_t most = wishes.max_tokens ? std::min<std::int64_t>(*wishes.max_tokens, left) : left;
        wishes.max_tokens = static_cast<int>(std::clamp<std::int64_t>(most, 1, 1'000'000'000));
    }
    return wishes;
}

Task<void> TurnLoop::fail(Error error) {
    TurnState state = TurnState::failed;
    switch (control_->cause()) {
        case StopCause::none:
            break;
        case StopCause::not_stored:
        case StopCause::shutdown:
            co_await record_.committed();
            throw Error(ErrorCode::cancelled, "The turn does not end now.");
        case StopCause::time_limit:
            error = Error(ErrorCode::provider_timeout, "The turn was stopped after its time limit of " +
                                                           std::to_string(services_.budget.max_time.count()) +
                                                           " s.");
            break;
        case StopCause::expired:
            error = Error(ErrorCode::timeout, "The client did not bring the results of its calls in time.");
            break;
        case StopCause::user:
        case StopCause::shut_out:
            state = TurnState::cancelled;
            error = Error(ErrorCode::cancelled, control_->reason());
            break;
    }
    if (state == TurnState::failed)
        log::warn("turn {} failed: {}: {}", name_in_log(record_.turn()), name_of(error.code()), error.what());
    record_.failed_because(error);
    // What the user saw of an unfinished reply is kept.
    std::optional<Message> partial =
        record_.close_broken_reply(state == TurnState::cancelled ? "cancelled" : "error");
    co_await record_.finish(state, std::move(partial));
}

}  // namespace assistd::core
