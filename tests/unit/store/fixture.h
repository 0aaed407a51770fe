#pragma once
// What the store's tests share: a state folder of their own, waiting for coroutines, and values with sensible
// fields.

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/error.h"
#include "store/store.h"
#include "support/temp_folder.h"

namespace assistd::store {

// A context that lives to the end of the program: the store's threads may hold its executor a moment longer
// than the coroutine that they resumed needs it.
asio::io_context& new_context();

// Runs a coroutine on the calling thread and gives its result.
template <class T>
T run(Task<T> task) {
    asio::io_context& context = new_context();
    auto result = asio::co_spawn(context, std::move(task), asio::use_future);
    context.run();
    return result.get();
}

// The code of the Error that a coroutine throws; fails the test when it throws none.
template <class T>
ErrorCode error_of(Task<T> task) {
    try {
        run(std::move(task));
    } catch (const Error& error) {
        return error.code();
    }
    ADD_FAILURE() << "no Error was thrown";
    return ErrorCode::internal;
}

Timestamp at(std::int64_t seconds);

core::Conversation a_conversation(const core::Owner& owner = "local");
core::Turn a_turn(const core::Conversation& conversation);
core::Message a_message(const core::Turn& turn, core::Role role, const std::string& text);
core::Message a_reply_with_calls(const core::Turn& turn, const std::vector<std::string>& call_ids);
core::Message a_result(const core::Turn& turn, const std::string& call_id);

void write_file(const std::filesystem::path& file, const std::string& content);
std::string read_file(const std::filesystem::path& file);

class StoreTest : public testing::Test {
  protected:
    StoreTest() { open(); }

    void open() { storage_ = open_store({.folder = folder_.path() / "state"}); }
    void reopen() {
        storage_.reset();
        open();
    }
    core::Store& store() { return storage_->store(); }
    core::Artifacts& artifacts() { return storage_->artifacts(); }
    core::Projects& projects() { return storage_->projects(); }
    core::UsageBook& usage() { return storage_->usage(); }
    std::filesystem::path database() const { return folder_.path() / "state" / "assistd.db"; }

    core::Conversation stored_conversation(const core::Owner& owner = "local");
    core::Project stored_project(const std::string& name, const core::Owner& owner = "local");
    core::Turn begun_turn(const core::Conversation& conversation, const std::string& text = "Run it");
    void commit(const core::Write& write) { run(write.committed()); }

    test::TempFolder folder_;
    std::unique_ptr<Storage> storage_;
};

}  // namespace assistd::store
