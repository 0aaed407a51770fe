#include "app/reload.h"

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <fstream>
#include <future>
#include <thread>

#include "base/error.h"
#include "support/temp_folder.h"

namespace assistd::app {
namespace {

using testing::ElementsAre;

class Reload : public testing::Test {
  protected:
    Config load() const { return load_config({folder_.path() / "assistd.yaml", {}, {}}); }
    void write(const std::string& text) const { std::ofstream(folder_.path() / "assistd.yaml") << text; }
    static std::string refusal(const std::function<void()>& work) {
        try {
            work();
        } catch (const Error& error) {
            return error.what();
        }
        return "accepted";
    }

    const test::TempFolder folder_;
};

TEST_F(Reload, EveryPartTakesItAfterAllHaveAgreed) {
    write("turns: {max_rounds: 3}\n");
    Reloader reloads(load(), [this] { return load(); });
    std::vector<std::string> seen;
    for (const std::string name : {"one", "two"})
        reloads.add([&seen, name](const Config& now, const Config& next) -> Take {
            seen.push_back(name + " prepares " + std::to_string(now.max_rounds) + " " +
                           std::to_string(next.max_rounds));
            return [&seen, name] { seen.push_back(name + " takes"); };
        });
    write("turns: {max_rounds: 4}\n");
    EXPECT_THAT(reloads.reload().changed, ElementsAre("turns.max_rounds"));
    EXPECT_THAT(seen, ElementsAre("one prepares 3 4", "two prepares 3 4", "one takes", "two takes"));
    EXPECT_EQ(reloads.config()->max_rounds, 4);
}

TEST_F(Reload, APartThatRefusesKeepsAllOthersFromIt) {
    write("turns: {max_rounds: 3}\n");
    Reloader reloads(load(), [this] { return load(); });
    bool is_taken = false;
    reloads.add([&](const Config&, const Config&) -> Take { return [&] { is_taken = true; }; });
    reloads.add(
        [](const Config&, const Config&) -> Take { throw Error(ErrorCode::validation, "Not this."); });
    write("turns: {max_rounds: 4}\n");
    EXPECT_EQ(refusal([&] { reloads.reload(); }), "Not this.");
    EXPECT_FALSE(is_taken);
    EXPECT_EQ(reloads.config()->max_rounds, 3);
    write("turns: {max_rounds: none}\n");
    EXPECT_THAT(refusal([&] { reloads.reload(); }), testing::HasSubstr("1: turns.max_rounds must be"));
    EXPECT_EQ(reloads.config()->max_rounds, 3);
}

TEST_F(Reload, AFileThatHoldsSomethingElseIsAChangeToo) {
    write("turns: {max_rounds: 3}\n");
    Reloader reloads(load(), [this] { return load(); });
    reloads.compare_files([](const Config& next) {
        if (next.max_rounds > 4) throw Error(ErrorCode::validation, "The file is none.");
        return std::vector<std::string>{"auth.jwt.secret_file"};
    });
    EXPECT_THAT(reloads.reload().changed, ElementsAre("auth.jwt.secret_file"));
    write("turns: {max_rounds: 4}\n");
    EXPECT_THAT(reloads.reload().changed, ElementsAre("turns.max_rounds", "auth.jwt.secret_file"));
    write("turns: {max_rounds: 5}\n");
    EXPECT_EQ(refusal([&] { reloads.reload(); }), "The file is none.");
    EXPECT_EQ(reloads.config()->max_rounds, 4);
}

TEST_F(Reload, WhatCountsAfterARestartIsComparedWithTheStart) {
    write("http: {max_connections: 10}\n");
    Reloader reloads(load(), [this] { return load(); });
    reloads.look_for([](const Config&) { return std::vector<std::string>{"Something is odd."}; });
    write("http: {max_connections: 11}\n");
    for (int i = 0; i < 2; ++i) {
        const api::ConfigReport report = reloads.reload();
        EXPECT_THAT(report.changed, ElementsAre());
        EXPECT_THAT(report.after_restart, ElementsAre("http.max_connections"));
        EXPECT_THAT(
            report.warnings,
            ElementsAre(testing::HasSubstr(":1: http.max_connections has another value than at the start"),
                        "Something is odd."));
    }
    write("http: {max_connections: 10}\n");
    EXPECT_THAT(reloads.reload().after_restart, ElementsAre());
}

// An editor's truncate, seen at the wrong moment.
TEST_F(Reload, AFileThatWasEmptiedIsRefused) {
    write("turns: {max_rounds: 3}\n");
    Reloader reloads(load(), [this] { return load(); });
    for (const std::string text : {"", "# Nothing but a comment.\n", "---\n"}) {
        write(text);
        EXPECT_EQ(refusal([&] { reloads.reload(); }),
                  (folder_.path() / "assistd.yaml").string() +
                      ": the file is empty, and what counts now was read from it; when it is whole, reload "
                      "again. If nothing is to be set in it any more, write {} into it.");
        EXPECT_EQ(reloads.config()->max_rounds, 3);
    }
    write("{}\n");
    EXPECT_THAT(reloads.reload().changed, ElementsAre("turns.max_rounds"));
}

TEST_F(Reload, AFileThatIsEmptyFromTheBeginningIsNot) {
    write("");
    Reloader reloads(load(), [this] { return load(); });
    EXPECT_THAT(reloads.reload().changed, ElementsAre());
}

// Each file by itself: what it set would be gone, whatever others set.
TEST_F(Reload, AFileOfTheFolderThatWasEmptiedIsRefusedAndOneThatIsRemovedIsNot) {
    const auto more = folder_.path() / "conf.d/more.yaml";
    std::filesystem::create_directory(more.parent_path());
    write("titles: model\n");
    std::ofstream(more) << "turns: {max_rounds: 3}\n";
    Reloader reloads(load(), [this] { return load(); });
    std::ofstream(more).flush();
    EXPECT_THAT(refusal([&] { reloads.reload(); }),
                testing::StartsWith(more.string() + ": the file is empty"));
    std::filesystem::remove(more);
    EXPECT_THAT(reloads.reload().changed, ElementsAre("turns.max_rounds"));
    std::ofstream(more).flush();
    EXPECT_THAT(reloads.reload().changed, ElementsAre());
}

// A configuration whose file does not answer until open() is called.
class Stuck {
  public:
    Config load(const std::function<Config()>& read) {
        std::unique_lock lock(mutex_);
        ++loads_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return is_open_; });
        return read();
    }
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }
    void wait_for_load() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return loads_ > 0; });
    }
    int loads() {
        const std::lock_guard lock(mutex_);
        return loads_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_open_ = false;
    int loads_ = 0;
};

TEST_F(Reload, AFileThatDoesNotAnswerIsNotWaitedForForEver) {
    write("turns: {max_rounds: 3}\n");
    Stuck stuck;
    Reloader reloads(
        load(), [&] { return stuck.load([this] { return load(); }); }, std::chrono::milliseconds(1));
    bool is_taken = false;
    reloads.add([&](const Config&, const Config&) -> Take { return [&] { is_taken = true; }; });
    write("turns: {max_rounds: 4}\n");
    EXPECT_THAT(refusal([&] { reloads.reload(); }), testing::HasSubstr("was not read within 0.001 s"));
    EXPECT_THAT(refusal([&] { reloads.reload(); }), testing::HasSubstr("is still being read"));
    EXPECT_TRUE(reloads.is_reading());
    stuck.open();
    reloads.wait_for_reading();
    EXPECT_FALSE(reloads.is_reading());
    EXPECT_FALSE(is_taken);  // what came too late
    EXPECT_EQ(reloads.config()->max_rounds, 3);
}

TEST_F(Reload, AFileThatDoesNotAnswerDoesNotHoldUpTheEnd) {
    write("turns: {max_rounds: 3}\n");
    Stuck stuck;
    Reloader reloads(
        load(), [&] { return stuck.load([this] { return load(); }); }, std::chrono::hours(1));
    std::atomic<int> ended = 0;
    reloads.reload_soon([] {}, [&] { ++ended; });
    stuck.wait_for_load();
    reloads.stop();
    EXPECT_EQ(ended, 1);
    EXPECT_TRUE(reloads.is_reading());
    EXPECT_EQ(refusal([&] { reloads.reload(); }), "The daemon is shutting down.");
    stuck.open();
}

TEST_F(Reload, SignalsThatComeWhileItIsReadAreOneMore) {
    write("turns: {max_rounds: 3}\n");
    Stuck stuck;
    Reloader reloads(
        load(), [&] { return stuck.load([this] { return load(); }); }, std::chrono::hours(1));
    std::vector<std::string> seen;  // by one thread
    std::promise<void> second;
    const auto begins = [&] { seen.emplace_back("begins"); };
    const auto ended = [&] {
        seen.emplace_back("ended");
        if (seen.size() == 4) second.set_value();
    };
    reloads.reload_soon(begins, ended);
    stuck.wait_for_load();
    write("turns: {max_rounds: 4}\n");
    for (int i = 0; i < 5; ++i) reloads.reload_soon(begins, ended);
    stuck.open();
    second.get_future().wait();
    reloads.stop();
    EXPECT_THAT(seen, ElementsAre("begins", "ended", "begins", "ended"));
    EXPECT_EQ(stuck.loads(), 2);
    EXPECT_EQ(reloads.config()->max_rounds, 4);
}

// As the doors ask for it: many at once, and none after the end.
TEST_F(Reload, DoorsMayAskSideBySide) {
    write("turns: {max_rounds: 3}\n");
    Reloader reloads(load(), [this] { return load(); });
    int taken = 0;  // by one at a time
    reloads.add([&](const Config&, const Config&) -> Take { return [&] { ++taken; }; });
    const api::ConfigControl control = reloads.control();
    boost::asio::thread_pool pool(4);
    const auto ask = [&](const std::function<Task<api::ConfigReport>()>& what) {
        return asio::co_spawn(asio::make_strand(pool.get_executor()), what(), asio::use_future);
    };
    std::vector<std::future<api::ConfigReport>> asked;
    for (int i = 0; i < 8; ++i) asked.push_back(ask(i % 2 ? control.reload : control.check));
    for (auto& one : asked) EXPECT_THAT(one.get().changed, ElementsAre());
    EXPECT_EQ(taken, 4);
    EXPECT_THAT(control.print(), testing::ContainsRegex("max_rounds: 3 +#"));
    reloads.stop();
    EXPECT_EQ(refusal([&] { ask(control.reload).get(); }), "The daemon is shutting down.");
}

}  // namespace
}  // namespace assistd::app
