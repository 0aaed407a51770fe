#include "core/turn_replay.h"

#include <nlohmann/json.hpp>

#include "core/pieces.h"

namespace assistd::core {
namespace {

// The short forms of the artifacts that a stored result names.
std::vector<ArtifactRef> artifacts_in(const nlohmann::json& body) {
    std::vector<ArtifactRef> refs;
    const auto found = body.find("artifacts");
    if (found == body.end() || !found->is_array()) return refs;
    for (const nlohmann::json& entry : *found) {
        if (!entry.is_object()) continue;
        ArtifactRef ref;
        if (const auto id = ArtifactId::parse(entry.value("id", ""))) ref.id = *id;
        ref.handle = entry.value("handle", "");
        ref.kind = entry.value("kind", "");
        ref.name = entry.value("name", "");
        ref.media_type = entry.value("media_type", "");
        ref.size = entry.value("size", std::int64_t{0});
        refs.push_back(std::move(ref));
    }
    return refs;
}

ToolCallFinished finished_event(const ToolResultBlock& result) {
    ToolCallFinished event;
    event.call_id = result.call_id;
    event.name = result.name;
    event.success = result.success;
    event.content = std::make_shared<const std::string>(result.content);
    const nlohmann::json body = nlohmann::json::parse(result.content, nullptr, false);
    if (!body.is_object()) return event;
    if (const auto error = body.find("error"); error != body.end() && error->is_object()) {
        event.summary = error->value("message", "");
        event.error_type = error->value("error_type", "");
    } else {
        event.summary = body.value("summary", "");
    }
    event.artifacts = artifacts_in(body);
    if (const auto data = body.find("data"); data != body.end() && data->is_object()) {
        if (const auto job = data->find("job_id"); job != data->end() && job->is_string()) event.job = *job;
    }
    return event;
}

using Told = std::pair<std::int64_t, TurnEventBody>;  // with its id

void add_assistant(std::vector<Told>& told, const Message& message) {
    const std::string thoughts = message.thoughts();
    for (const Piece& piece : thought_pieces_of(thoughts, message.pieces))
        told.emplace_back(piece.event_id, ThoughtDelta{message.id, std::string(piece.text)});
    const std::string text = message.text();
    const std::vector<Piece> pieces = pieces_of(text, message.pieces);
    for (const Piece& piece : pieces)
        told.emplace_back(piece.event_id, MessageDelta{message.id, std::string(piece.text)});
    // Told at once: right before its completion.
    if (!text.empty() && pieces.empty())
        told.emplace_back(message.event_id - 1, MessageDelta{message.id, text});
    told.emplace_back(message.event_id, MessageCompleted{std::make_shared<const Message>(message)});
    std::int64_t id = message.event_id;
    for (const ToolCallBlock& call : message.tool_calls())
        told.emplace_back(++id, ToolCallStarted{call.call_id, call.name, call.arguments});
}

void add_message(std::vector<Told>& told, const Message& message) {
    if (message.role == Role::assistant) add_assistant(told, message);
    if (message.role != Role::tool) return;
    for (const Block& block : message.blocks)
        if (const auto* result = std::get_if<ToolResultBlock>(&block))
            told.emplace_back(message.event_id, finished_event(*result));
}

// When it was told, a decision was still to come.
Approval as_it_was_asked(Approval approval) {
    approval.state = ApprovalState::waiting;
    approval.reason.clear();
    approval.decided_at = {};
    return approval;
}

}  // namespace

std::shared_ptr<TurnFeed> replay_of(const Turn& turn, const std::vector<Message>& messages,
                                    const std::vector<Approval>& approvals) {
    std::vector<Told> told;
    told.emplace_back(1, TurnStarted{turn.user_message, turn.provider, turn.model});
    if (!turn.title.empty()) told.emplace_back(turn.title_event_id, TitleUpdated{turn.title});
    for (const Message& message : messages) add_message(told, message);
    for (const Approval& approval : approvals)
        told.emplace_back(approval.event_id,
                          ApprovalRequired{std::make_shared<const Approval>(as_it_was_asked(approval))});
    // Results are stored in call order, told in the order in which they came.
    std::stable_sort(told.begin(), told.end(),
                     [](const Told& a, const Told& b) { return a.first < b.first; });
    auto feed = std::make_shared<TurnFeed>();
    for (Told& event : told) feed->replay(event.first, std::move(event.second));
    if (turn.state != TurnState::running)
        feed->replay(turn.event_id, TurnEnded{std::make_shared<const Turn>(turn)});
    return feed;
}

}  // namespace assistd::core
