// What was acknowledged is there after SIGKILL, whenever it comes.

#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <random>

#include "store/database.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

constexpr int kills = 60;
constexpr int writers = 8;

void acknowledge(int pipe, const MessageId& id) {
    const auto& bytes = id.uuid.bytes();
    if (::write(pipe, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) ::_exit(2);
}

// Turns with a call each, for ever; every message's id goes into the pipe once it is acknowledged.
Task<void> write_turns(core::Store& store, int pipe) {
    const core::Conversation conversation = a_conversation();
    const core::Write added = store.add_conversation(conversation);
    co_await added.committed();
    for (;;) {
        core::Turn turn = a_turn(conversation);
        const core::Message question = a_message(turn, core::Role::user, "some words to be found");
        co_await store.begin_turn(turn, question);
        acknowledge(pipe, question.id);
        const core::Message calls = a_reply_with_calls(turn, {"c"});
        const core::Write announced = store.append_message(calls);
        const core::Message result = a_result(turn, "c");
        const core::Write stored = store.append_message(result);
        co_await stored.committed();
        // The earlier write needs no waiting for: the order of commits is the order of calls.
        acknowledge(pipe, calls.id);
        acknowledge(pipe, result.id);
        const core::Message reply = a_message(turn, core::Role::assistant, "the answer");
        turn.state = core::TurnState::completed;
        const core::Write ended = store.end_turn(turn, reply);
        co_await ended.committed();
        acknowledge(pipe, reply.id);
    }
}

[[noreturn]] void run_child(const std::filesystem::path& folder, int pipe) {
    const auto storage = open_store({.folder = folder});
    asio::thread_pool pool(2);
    for (int i = 0; i < writers; ++i)
        asio::co_spawn(asio::make_strand(pool.get_executor()), write_turns(storage->store(), pipe),
                       asio::detached);
    pool.join();
    ::_exit(1);
}

// Reads acknowledgements until `count` have come, then kills; what is still in the pipe counts too.
std::vector<MessageId> acknowledged_before_kill(const std::filesystem::path& folder, std::size_t count) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        run_child(folder, ends[1]);
    }
    ::close(ends[1]);
    const UniqueFd acknowledgements(ends[0]);
    std::vector<MessageId> ids;
    std::array<std::uint8_t, 16> bytes{};
    if (count == 0) ::kill(child, SIGKILL);
    while (::read(acknowledgements.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {
        ids.push_back({Uuid::from_bytes(bytes)});
        if (ids.size() == count) ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return ids;
}

std::int64_t number(Database& db, const char* query) {
    Rows rows = db.query(query);
    rows.next();
    return rows.integer(0);
}

void expect_consistent(const std::filesystem::path& folder, const std::vector<MessageId>& acknowledged) {
    if (!std::filesystem::exists(folder / "assistd.db")) {
        EXPECT_TRUE(acknowledged.empty());
        return;
    }
    const auto storage = open_store({.folder = folder});  // recovers, and checks every page
    Database db(folder / "assistd.db", Database::Mode::read_only);
    std::size_t lost = 0;
    for (const MessageId& id : acknowledged) {
        Rows rows = db.query("SELECT 1 FROM messages WHERE id = ?1", id);
        if (!rows.next()) ++lost;
    }
    EXPECT_EQ(lost, 0u) << "of " << acknowledged.size();
    EXPECT_EQ(number(db,
                     "SELECT count(*) FROM conversations c WHERE message_count <> "
                     "(SELECT count(*) FROM messages WHERE conversation = c.id)"),
              0);
    EXPECT_EQ(number(db,
                     "SELECT count(*) FROM turns WHERE NOT EXISTS "
                     "(SELECT 1 FROM messages WHERE turn = turns.id AND role = 'user')"),
              0);
    EXPECT_EQ(number(db,
                     "SELECT count(*) FROM turns WHERE state = 'completed' AND 4 <> "
                     "(SELECT count(*) FROM messages WHERE turn = turns.id)"),
              0);
    EXPECT_EQ(number(db, "SELECT count(*) FROM messages WHERE role = 'user'"),
              number(db, "SELECT count(*) FROM message_search WHERE message_search MATCH 'found'"));
}

TEST(Crash, WhatWasAcknowledgedIsThereAfterAKill) {
    const test::TempFolder folder;
    const std::filesystem::path state = folder.path() / "state";
    std::mt19937 random(std::random_device{}());
    std::vector<MessageId> acknowledged;
    for (int round = 0; round < kills; ++round) {
        const std::size_t count = std::uniform_int_distribution<std::size_t>(0, 200)(random);
        const auto more = acknowledged_before_kill(state, count);
        acknowledged.insert(acknowledged.end(), more.begin(), more.end());
        expect_consistent(state, acknowledged);
        if (HasFailure()) return;
    }
    EXPECT_GT(acknowledged.size(), 1'000u);
}

}  // namespace
}  // namespace assistd::store
