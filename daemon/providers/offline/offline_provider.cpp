#include "providers/offline/offline_provider.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "providers/offline/conversation/dialogue.h"
#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"
#include "providers/offline/plan/planner.h"
#include "providers/offline/reply/passages.h"
#include "providers/offline/reply/reply.h"

namespace assistd::providers {
namespace {

// One for each kind of users, and a few for the time while plugins change.
constexpr std::size_t grammars_kept = 8;
constexpr std::size_t most_query_bytes = 2'000;

void check_stopped(const core::ProviderRequest& request) {
    if (request.stop.stop_requested()) throw Error(ErrorCode::cancelled, "The turn was cancelled.");
}

// Four bytes a token: near enough to what models count.
std::int64_t estimated_tokens(std::size_t bytes) {
    return static_cast<std::int64_t>((bytes + 3) / 4);
}

std::size_t size_of(const core::Message& message) {
    std::size_t bytes = 0;
    for (const core::Block& block : message.blocks) {
        if (const auto* text = std::get_if<core::TextBlock>(&block)) bytes += text->text.size();
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block))
            bytes += call->name.size() + call->arguments.size();
        if (const auto* result = std::get_if<core::ToolResultBlock>(&block)) bytes += result->content.size();
    }
    return bytes;
}

core::Usage usage_of(const core::ProviderRequest& request, const core::ProviderReply& reply) {
    std::size_t prompt = request.system.size();
    for (const auto& message : request.messages) prompt += size_of(*message);
    core::Message made;
    made.blocks = reply.blocks;
    core::Usage usage;
    usage.prompt_tokens = estimated_tokens(prompt);
    usage.completion_tokens = estimated_tokens(size_of(made));
    return usage;
}

// Word by word, as a model's text comes.
void stream(const core::ProviderRequest& request, const std::string& text, const core::TextSink& sink) {
    for (std::size_t begin = 0; begin < text.size();) {
        check_stopped(request);
        std::size_t end = text.find_first_of(" \n", begin);
        end = end == std::string::npos ? text.size() : end + 1;
        if (sink) sink(std::string_view(text).substr(begin, end - begin));
        begin = end;
    }
}

// A question that is no order: it is looked up in the documents, and answered when what is found is good; one
// that is like no order either is told what is nearest. Nothing when the documents do not help.
std::optional<core::Block> from_documents(const offline::Exchange& exchange, bool is_like_an_order,
                                          const core::ProviderRequest& request) {
    const bool may_search = request.tools && request.tools->find("file_search") != nullptr;
    if (exchange.calls.empty()) {
        if (!may_search || !request.allow_tools || !offline::is_worth_a_search(exchange.text))
            return std::nullopt;
        const nlohmann::json arguments = {{"query", exchange.text.substr(0, most_query_bytes)}};
        return core::ToolCallBlock{"call_documents_1", "file_search",
                                   arguments.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
    }
    const offline::Call& search = exchange.calls.front();
    if (exchange.calls.size() != 1 || search.block->name != "file_search") return std::nullopt;
    const std::string answer = offline::text_of_passages(search, exchange.text, offline::Fit::answer);
    if (!answer.empty()) return core::TextBlock{"Your documents say:\n\n" + answer};
    if (is_like_an_order) return std::nullopt;
    const std::string nearest = offline::text_of_passages(search, exchange.text, offline::Fit::near);
    if (nearest.empty()) return std::nullopt;
    return core::TextBlock{"I found no clear answer in your documents. Nearest to your question is:\n\n" +
                           nearest};
}

// What this round says or calls.
Task<std::vector<core::Block>> answer(const offline::Grammar& grammar, core::Artifacts* artifacts,
                                      const core::ProviderRequest& request) {
    offline::History history(request.messages);
    std::vector<core::Block> blocks;
    if (history.exchanges().empty()) {
        const offline::Intent nothing;
        blocks.push_back(core::TextBlock{offline::reply_to_talk(grammar, nothing)});
        co_return blocks;
    }
    const std::size_t last = history.exchanges().size() - 1;
    const offline::Intent intent = offline::Dialogue(grammar, history).intent_of(last);
    history.read(last);
    if (intent.kind == offline::Intent::Kind::nothing || intent.kind == offline::Intent::Kind::suggest) {
        const bool is_like_an_order = intent.kind == offline::Intent::Kind::suggest;
        if (auto block = from_documents(history.exchanges()[last], is_like_an_order, request)) {
            blocks.push_back(std::move(*block));
            co_return blocks;
        }
    }
    if (intent.kind == offline::Intent::Kind::name) {
        offline::Planner planner(grammar, history, artifacts, request);
        std::string text = co_await planner.named(*intent.naming, last);
        blocks.push_back(core::TextBlock{std::move(text)});
        co_return blocks;
    }
    if (intent.kind != offline::Intent::Kind::run) {
        blocks.push_back(core::TextBlock{offline::reply_to_talk(grammar, intent)});
        co_return blocks;
    }
    offline::Planner planner(grammar, history, artifacts, request);
    const offline::Plan plan = co_await planner.next(intent.steps, last);
    if (plan.state == offline::Plan::State::calls && request.allow_tools)
        for (const core::ToolCallBlock& call : plan.calls) blocks.push_back(call);
    else
        blocks.push_back(core::TextBlock{offline::reply_to_order(grammar, plan, intent)});
    co_return blocks;
}

}  // namespace

OfflineProvider::OfflineProvider(std::shared_ptr<core::Artifacts> artifacts)
    : artifacts_(std::move(artifacts)) {}
OfflineProvider::~OfflineProvider() = default;

std::shared_ptr<const offline::Grammar> OfflineProvider::grammar_for(
    const std::shared_ptr<const core::ToolSet>& tools) {
    const std::lock_guard lock(mutex_);
    for (const Compiled& known : compiled_)
        if (known.tools == tools || (known.tools && tools && known.tools->version == tools->version))
            return known.grammar;
    const auto grammar = std::make_shared<const offline::Grammar>(tools ? *tools : core::ToolSet());
    if (compiled_.size() == grammars_kept) compiled_.erase(compiled_.begin());
    compiled_.push_back({tools, grammar});
    return grammar;
}

Task<core::ProviderReply> OfflineProvider::generate(const core::ProviderRequest& request,
                                                    core::TextSink sink) {
    check_stopped(request);
    if (request.wants_prose)
        throw Error(ErrorCode::provider_failed, "The offline provider writes no titles and summaries.");
    const auto grammar = grammar_for(request.tools);
    core::ProviderReply reply;
    reply.model = "offline";
    reply.finish_reason = "stop";
    reply.blocks = co_await answer(*grammar, artifacts_.get(), request);
    for (const core::Block& block : reply.blocks) {
        if (const auto* text = std::get_if<core::TextBlock>(&block)) stream(request, text->text, sink);
        if (std::holds_alternative<core::ToolCallBlock>(block)) reply.finish_reason = "tool_calls";
    }
    check_stopped(request);
    reply.usage = usage_of(request, reply);
    co_return reply;
}

}  // namespace assistd::providers
