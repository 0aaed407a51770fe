#include "core/turn_span.h"

namespace assistd::core {

// After OpenTelemetry's conventions for generative AI. What was said is nobody's business.
void TurnSpan::ended(const Turn& turn) {
    if (!span_.records()) return;
    span_.set("gen_ai.operation.name", "invoke_agent");
    span_.set("gen_ai.agent.name", "assistd");
    if (!turn.conversation.is_nil()) span_.set("gen_ai.conversation.id", turn.conversation.text());
    span_.set("assistd.turn.id", turn.id.text());
    span_.set("assistd.turn.outcome", std::string(name_of(turn.state)));
    span_.set("assistd.turn.rounds", std::int64_t{turn.rounds});
    span_.set("gen_ai.usage.input_tokens", turn.usage.prompt_tokens);
    span_.set("gen_ai.usage.output_tokens", turn.usage.completion_tokens);
    if (!turn.limit_reached.empty()) span_.set("assistd.turn.limit_reached", turn.limit_reached);
    if (turn.state == TurnState::failed) span_.failed(turn.error_code, turn.error_message);
}

}  // namespace assistd::core
