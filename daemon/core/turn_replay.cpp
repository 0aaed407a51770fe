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
    ToolCallFinished event{result.call_id, result.name, result.success, {}, {}, {}};
    const nlohmann::json body = nlohmann::json::parse(result.content, nullptr, false);
    if (!body.is_object()) return event;
    if (const auto error = body.find("error"); error != body.end() && error->is_object())
        event.summary = error->value("message", "");
    else
        event.summary = body.value("summary", "");
    event.artifacts = artifacts_in(body);
    if (const auto data = body.find("data"); data != body.end() && data->is_object()) {
        if (const auto job = data->find("job_id"); job != data->end() && job->is_string()) event.job = *job;
    }
    return event;
}

void replay_assistant(TurnFeed& feed, const Message& message) {
    const std::string text = message.text();
    const std::vector<Piece> pieces = pieces_of(text, message.pieces);
    for (const Piece& piece : pieces)
        feed.replay(piece.event_id, MessageDelta{message.id, std::string(piece.text)});
    // Told at once: right before its completion.
    if (!text.empty() && pieces.empty()) feed.replay(message.event_id - 1, MessageDelta{message.id, text});
    feed.replay(message.event_id, MessageCompleted{std::make_shared<const Message>(message)});
    std::int64_t id = message.event_id;
    for (const ToolCallBlock& call : message.tool_calls())
        feed.replay(++id, ToolCallStarted{call.call_id, call.name, call.arguments});
}

}  // namespace

std::shared_ptr<TurnFeed> replay_of(const Turn& turn, const std::vector<Message>& messages) {
    auto feed = std::make_shared<TurnFeed>();
    // Results are stored in call order, told in the order in which they came.
    std::vector<const Message*> ordered;
    for (const Message& message : messages) ordered.push_back(&message);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const Message* a, const Message* b) { return a->event_id < b->event_id; });
    for (const Message* message : ordered) {
        if (message->role == Role::user) {
            feed->replay(1, TurnStarted{message->id, turn.provider, turn.model});
            if (!turn.title.empty()) feed->replay(turn.title_event_id, TitleUpdated{turn.title});
        }
        if (message->role == Role::assistant) replay_assistant(*feed, *message);
        if (message->role != Role::tool) continue;
        for (const Block& block : message->blocks)
            if (const auto* result = std::get_if<ToolResultBlock>(&block))
                feed->replay(message->event_id, finished_event(*result));
    }
    if (turn.state != TurnState::running) feed->replay(turn.event_id, TurnEnded{turn});
    return feed;
}

}  // namespace assistd::core
