#include "unit/store/fixture.h"

#include <fstream>
#include <sstream>

namespace assistd::store {

namespace fs = std::filesystem;

asio::io_context& new_context() {
    static std::mutex mutex;
    static std::vector<std::unique_ptr<asio::io_context>> contexts;
    const std::lock_guard lock(mutex);
    return *contexts.emplace_back(std::make_unique<asio::io_context>(1));
}

Timestamp at(std::int64_t seconds) {
    return from_micros(seconds * 1'000'000);
}

core::Conversation a_conversation(const core::Owner& owner) {
    core::Conversation conversation;
    conversation.id = ConversationId::make();
    conversation.owner = owner;
    conversation.created_at = conversation.updated_at = now();
    return conversation;
}

core::Turn a_turn(const core::Conversation& conversation) {
    core::Turn turn;
    turn.id = TurnId::make();
    turn.conversation = conversation.id;
    turn.owner = conversation.owner;
    turn.created_at = now();
    return turn;
}

core::Message a_message(const core::Turn& turn, core::Role role, const std::string& text) {
    core::Message message;
    message.id = MessageId::make();
    message.conversation = turn.conversation;
    message.turn = turn.id;
    message.role = role;
    message.blocks = {core::TextBlock{text}};
    message.created_at = now();
    return message;
}

core::Message a_reply_with_calls(const core::Turn& turn, const std::vector<std::string>& call_ids) {
    core::Message message = a_message(turn, core::Role::assistant, "");
    message.blocks.clear();
    for (const std::string& id : call_ids)
        message.blocks.emplace_back(core::ToolCallBlock{id, "tool_of_" + id, R"({"n":1})"});
    message.finish_reason = "tool_calls";
    return message;
}

core::Message a_result(const core::Turn& turn, const std::string& call_id) {
    core::Message message = a_message(turn, core::Role::tool, "");
    message.blocks = {core::ToolResultBlock{call_id, "tool_of_" + call_id, R"({"success":true})", true}};
    return message;
}

void write_file(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

std::string read_file(const fs::path& file) {
    std::ostringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
}

core::Conversation StoreTest::stored_conversation(const core::Owner& owner) {
    core::Conversation conversation = a_conversation(owner);
    commit(store().add_conversation(conversation));
    return conversation;
}

core::Project StoreTest::stored_project(const std::string& name, const core::Owner& owner) {
    core::Project project;
    project.id = ProjectId::make();
    project.owner = owner;
    project.name = name;
    project.created_at = project.updated_at = now();
    return run(projects().add(project));
}

core::Turn StoreTest::begun_turn(const core::Conversation& conversation, const std::string& text) {
    const core::Turn turn = a_turn(conversation);
    run(store().begin_turn(turn, a_message(turn, core::Role::user, text)));
    return turn;
}

}  // namespace assistd::store
