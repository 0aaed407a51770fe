#include "core/summary_writer.h"

#include "base/error.h"
#include "base/logging.h"
#include "core/thoughts.h"
#include "core/turn_name.h"

namespace assistd::core {
namespace {

// Tokens; the template asks for less, but some models think aloud first.
constexpr std::int64_t longest_reply = 4'000;

MessagePtr question(const std::string& text) {
    Message message;
    message.role = Role::user;
    message.blocks.push_back(TextBlock{text});
    return std::make_shared<const Message>(std::move(message));
}

// The text of a reply, without thoughts and blanks around it.
std::string prose_of(const ProviderReply& reply) {
    Message message;
    message.blocks = reply.blocks;
    const std::string text = without_thoughts(message.text());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Task<std::string> write_summary(ProviderChoice choice, const PromptBuilder& prompts,
                                const TurnContext& context, TurnRecord& record, std::stop_token stop) {
    const std::string previous = context.summary() ? context.summary()->text : "";
    const MessagePtr asked =
        question(prompts.summary_request(previous, as_text(context.to_summarise().dropped)));
    const Turn& turn = record.turn();
    ProviderRequest request;
    request.model = choice.model;
    request.messages = {&asked, 1};
    request.tools = std::make_shared<const ToolSet>();
    request.allow_tools = false;
    request.wants_prose = true;
    request.wishes.max_tokens = static_cast<int>(std::min(longest_reply, choice.context_window / 4));
    request.owner = turn.owner;
    request.conversation = turn.conversation;
    request.request_id = turn.request_id;
    request.stop = std::move(stop);
    request.lost_usage = [&record](const Usage& usage) { record.spent(usage); };
    const TextSink nowhere = [](std::string_view) {};
    std::string why = "the model gave none, or none to its end";
    try {
        const ProviderReply reply = co_await choice.provider->generate(request, nowhere);
        record.spent(reply.usage);
        // One that was cut off in the middle is none.
        const bool is_whole = reply.finish_reason != "length" && reply.finish_reason != "content_filter";
        std::string summary = is_whole ? prose_of(reply) : "";
        if (!summary.empty()) co_return summary;
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        why = error.what();
    }
    log::warn("turn {} goes on without a summary: {}", name_in_log(turn), why);
    co_return "";
}

}  // namespace assistd::core
