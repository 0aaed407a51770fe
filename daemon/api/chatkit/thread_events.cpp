#include "api/chatkit/thread_events.h"

#include <algorithm>
#include <cmath>

namespace assistd::api::chatkit {
namespace {

constexpr std::size_t least_news = 200;  // bytes of a thought

std::string item_added(const Json& item) {
    return frame({{"type", "thread.item.added"}, {"item", item}});
}

std::string item_updated(const std::string& id, Json update) {
    return frame({{"type", "thread.item.updated"}, {"item_id", id}, {"update", std::move(update)}});
}

std::string progress(const core::ToolCallProgress& step, const core::ToolSet& tools) {
    const core::ToolSpec* spec = tools.find(step.name);
    std::string text = spec && !spec->title.empty() ? spec->title : step.name;
    if (step.fraction > 0) text += ": " + std::to_string(std::lround(step.fraction * 100)) + " %";
    if (!step.note.empty()) text += ", " + step.note;
    return frame({{"type", "progress_update"}, {"text", std::move(text)}});
}

std::size_t place_of(const core::Message& message, const std::string& call_id) {
    const std::vector<core::ToolCallBlock> calls = message.tool_calls();
    const auto found = std::find_if(calls.begin(), calls.end(),
                                    [&](const core::ToolCallBlock& one) { return one.call_id == call_id; });
    return static_cast<std::size_t>(found - calls.begin());
}

}  // namespace

std::string frame(const Json& event) {
    return "data: " + to_text(event) + "\n\n";
}

std::string item_done(const Json& item) {
    return frame({{"type", "thread.item.done"}, {"item", item}});
}

std::string error_frame(const std::string& message, bool allow_retry) {
    return frame({{"type", "error"}, {"code", "custom"}, {"message", message}, {"allow_retry", allow_retry}});
}

std::string stream_options_frame() {
    return frame({{"type", "stream_options"}, {"stream_options", {{"allow_cancel", true}}}});
}

ThreadEvents::ThreadEvents(core::Conversation thread, core::TurnOptionsPtr options, Setting setting)
    : thread_(std::move(thread)), setting_(std::move(setting)) {
    for (const core::ClientTool& tool : options->client_tools) facts_.client_tools.insert(tool.name);
    facts_.running = true;
}

std::string ThreadEvents::see(const core::TurnEvent& event) {
    if (const auto* piece = std::get_if<core::MessageDelta>(&event.body)) return delta(*piece);
    if (const auto* thought = std::get_if<core::ThoughtDelta>(&event.body)) return think(*thought);
    if (const auto* message = std::get_if<core::MessageCompleted>(&event.body))
        return complete(*message->message);
    if (const auto* step = std::get_if<core::ToolCallProgress>(&event.body))
        return progress(*step, *setting_.tools);
    if (const auto* result = std::get_if<core::ToolCallFinished>(&event.body)) return finish_call(*result);
    if (const auto* asked = std::get_if<core::ApprovalRequired>(&event.body)) return ask(*asked->approval);
    if (const auto* calls = std::get_if<core::ClientCallsRequired>(&event.body)) return hand_out(*calls);
    if (const auto* title = std::get_if<core::TitleUpdated>(&event.body)) {
        thread_.title = title->title;
        is_updated_ = true;
        return {};
    }
    if (const auto* ended = std::get_if<core::TurnEnded>(&event.body)) return end(*ended->turn);
    return {};
}

void ThreadEvents::skip(const core::TurnEvent& event) {
    see(event);
    over_ = waits_ = false;
}

core::Message ThreadEvents::with_id(MessageId id) const {
    core::Message message;
    message.id = id;
    message.conversation = thread_.id;
    message.role = core::Role::assistant;
    message.created_at = now();
    return message;
}

std::string ThreadEvents::open_message(MessageId id) {
    open_ = id;
    text_.clear();
    Json item = render_assistant_message(with_id(id));
    item["content"] = Json::array();
    return item_added(item) + item_updated(item["id"], {{"type", "assistant_message.content_part.added"},
                                                        {"content_index", 0},
                                                        {"content", render_content("", Json::array())}});
}

std::string ThreadEvents::think(const core::ThoughtDelta& piece) {
    std::string out;
    if (thinking_ != piece.message) {
        out = close_thoughts();
        thinking_ = piece.message;
        are_thoughts_open_ = true;
        thoughts_.clear();
        told_thoughts_ = 0;
        Json item = render_thoughts(with_id(piece.message), "", false);
        item["workflow"]["tasks"] = Json::array();
        out += item_added(item);
    }
    // What is thought between two pieces of text is in the item when it is read again.
    if (!are_thoughts_open_) return out;
    thoughts_ += piece.text;
    const bool is_first = told_thoughts_ == 0;
    // A task is told anew with all of its text, so the longer it is the more has to be new.
    if (!is_first && thoughts_.size() < told_thoughts_ + std::max(least_news, told_thoughts_ / 4)) return out;
    told_thoughts_ = thoughts_.size();
    return out + item_updated(ItemId{ItemKind::thoughts, piece.message}.text(),
                              {{"type", is_first ? "workflow.task.added" : "workflow.task.updated"},
                               {"task_index", 0},
                               {"task", render_thought_task(thoughts_, false)}});
}

std::string ThreadEvents::close_thoughts() {
    if (!std::exchange(are_thoughts_open_, false)) return {};
    const Json item = render_thoughts(with_id(*thinking_), thoughts_, true);
    return item_updated(item["id"], {{"type", "workflow.task.updated"},
                                     {"task_index", 0},
                                     {"task", item["workflow"]["tasks"][0]}}) +
           item_done(item);
}

std::string ThreadEvents::delta(const core::MessageDelta& piece) {
    std::string out = close_thoughts();
    if (open_ != piece.message) out += open_message(piece.message);
    text_ += piece.text;
    return out + item_updated(ItemId{ItemKind::message, piece.message}.text(),
                              {{"type", "assistant_message.content_part.text_delta"},
                               {"content_index", 0},
                               {"delta", piece.text}});
}

std::string ThreadEvents::complete(const core::Message& message) {
    std::string out = close_thoughts();
    const bool says_something = !message.text().empty() || message.tool_calls().empty();
    if (says_something && !open_) out += open_message(message.id);
    if (open_) out += close_message(message);
    if (!message.tool_calls().empty()) out += open_workflow(message);
    return out;
}

// What it rests on is known when the text is whole.
std::string ThreadEvents::close_message(const core::Message& message) {
    open_.reset();
    const Json item = render_assistant_message(message);
    const Json& content = item["content"][0];
    std::string out;
    for (std::size_t i = 0; i < content["annotations"].size(); ++i)
        out += item_updated(item["id"], {{"type", "assistant_message.content_part.annotation_added"},
                                         {"content_index", 0},
                                         {"annotation_index", i},
                                         {"annotation", content["annotations"][i]}});
    out += item_updated(
        item["id"],
        {{"type", "assistant_message.content_part.done"}, {"content_index", 0}, {"content", content}});
    return out + item_done(item);
}

std::string ThreadEvents::open_workflow(const core::Message& message) {
    calling_ = message;
    running_ = calls_of_daemon(message, facts_);
    tasks_ = Json::array();
    if (running_.empty()) return {};
    std::string out = item_added(render_workflow(message, tasks_, false));
    const std::string id = ItemId{ItemKind::workflow, message.id}.text();
    for (const core::ToolCallBlock& call : running_) {
        tasks_.push_back(render_task(call.name, nullptr, *setting_.tools));
        out += item_updated(
            id,
            {{"type", "workflow.task.added"}, {"task_index", tasks_.size() - 1}, {"task", tasks_.back()}});
    }
    return out;
}

std::string ThreadEvents::finish_call(const core::ToolCallFinished& result) {
    facts_.results[result.call_id] = *result.content;
    const auto call = std::find_if(running_.begin(), running_.end(), [&](const core::ToolCallBlock& one) {
        return one.call_id == result.call_id;
    });
    if (call == running_.end()) return {};
    const auto place = static_cast<std::size_t>(call - running_.begin());
    tasks_[place] = render_task(call->name, result.content.get(), *setting_.tools);
    std::string out =
        item_updated(ItemId{ItemKind::workflow, calling_.id}.text(),
                     {{"type", "workflow.task.updated"}, {"task_index", place}, {"task", tasks_[place]}});
    const bool done = std::all_of(running_.begin(), running_.end(), [&](const core::ToolCallBlock& one) {
        return facts_.results.contains(one.call_id);
    });
    if (!done) return out;
    running_.clear();
    return out + item_done(render_workflow(calling_, tasks_, true));
}

// The rest of the turn is told to whoever answers.
std::string ThreadEvents::ask(const core::Approval& approval) {
    over_ = waits_ = true;
    return tell_update() +
           item_done(render_question(calling_, place_of(calling_, approval.call_id), approval, true));
}

// One at a time: the next one when this one's result is there.
std::string ThreadEvents::hand_out(const core::ClientCallsRequired& calls) {
    over_ = waits_ = true;
    const std::size_t place = place_of(calling_, calls.calls.front().call_id);
    return tell_update() + item_done(render_client_call(calling_, place, nullptr, true));
}

// Behind the items: a title is found before anything is answered.
std::string ThreadEvents::tell_update() {
    if (!std::exchange(is_updated_, false)) return {};
    return frame({{"type", "thread.updated"}, {"thread", render_thread(thread_)}});
}

std::string ThreadEvents::end(const core::Turn& turn) {
    over_ = true;
    std::string out = close_thoughts();
    if (open_) {
        core::Message broken = with_id(*open_);
        broken.blocks.push_back(core::TextBlock{text_});
        out += close_message(broken);
    }
    if (!running_.empty()) {
        for (Json& task : tasks_) task["status_indicator"] = "complete";
        out += item_done(render_workflow(calling_, tasks_, true));
        running_.clear();
    }
    out += tell_update();
    if (turn.state == core::TurnState::failed) out += error_frame(turn.error_message, true);
    return out;
}

}  // namespace assistd::api::chatkit
