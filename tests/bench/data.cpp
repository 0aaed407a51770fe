#include "data.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <random>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "daemon_process.h"
#include "http_text.h"
#include "store/store.h"
#include "support/scripted_upstream.h"
#include "table.h"
#include "upstream_script.h"
#include "whole_turns.h"

extern char** environ;

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double most_slower = 2;
constexpr std::size_t conversations = 256;    // that one client goes round
constexpr std::size_t text_bytes = 20'000;    // of a message that is searched
constexpr std::size_t result_bytes = 60'000;  // of a tool's result behind it
constexpr int turns_of_one = 50;              // of a conversation that is there before
constexpr std::size_t artifact_bytes = 1'000'000;
constexpr int artifacts = 200;

template <class T>
T wait_for(asio::io_context& io, Task<T> task) {
    auto result = asio::co_spawn(io, std::move(task), asio::use_future);
    io.restart();
    io.run();
    return result.get();
}

std::string words(std::mt19937_64& random, std::size_t size) {
    std::string text;
    while (text.size() < size) text += fmt::format("word{} ", random() % 20'000);
    return text;
}

core::Message message(const core::Turn& turn, core::Role role, core::Block block) {
    core::Message made;
    made.id = MessageId::make();
    made.conversation = turn.conversation;
    made.turn = turn.id;
    made.role = role;
    made.blocks.push_back(std::move(block));
    made.created_at = now();
    return made;
}

core::Turn begun_turn(asio::io_context& io, store::Storage& storage, const core::Conversation& conversation,
                      std::string text) {
    core::Turn turn;
    turn.id = TurnId::make();
    turn.conversation = conversation.id;
    turn.owner = conversation.owner;
    turn.created_at = now();
    wait_for(io, storage.store().begin_turn(
                     turn, message(turn, core::Role::user, core::TextBlock{std::move(text)})));
    return turn;
}

core::Conversation added_conversation(asio::io_context& io, store::Storage& storage) {
    core::Conversation conversation;
    conversation.id = ConversationId::make();
    conversation.owner = "local";
    conversation.created_at = conversation.updated_at = now();
    wait_for(io, storage.store().add_conversation(conversation).committed());
    return conversation;
}

void add_turn(asio::io_context& io, store::Storage& storage, const core::Conversation& conversation,
              std::mt19937_64& random) {
    core::Turn turn = begun_turn(io, storage, conversation, words(random, text_bytes));
    storage.store().append_message(
        message(turn, core::Role::assistant, core::ToolCallBlock{"c", "look", "{}"}));
    const std::string result = words(random, result_bytes);
    storage.store().append_message(
        message(turn, core::Role::tool, core::ToolResultBlock{"c", "look", result, true}));
    turn.state = core::TurnState::completed;
    wait_for(io, storage.store().end_turn(turn, std::nullopt).committed());
}

void add_artifacts(asio::io_context& io, store::Storage& storage, std::mt19937_64& random) {
    for (int i = 0; i < artifacts; ++i) {
        std::vector<core::ArtifactDraft> drafts(1);
        drafts.front().file = storage.artifacts().new_file();
        std::string bytes(artifact_bytes, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        if (::pwrite(drafts.front().file.get(), bytes.data(), bytes.size(), 0) < 0)
            throw std::runtime_error("An artifact cannot be written.");
        drafts.front().about.owner = "local";
        wait_for(io, storage.artifacts().add(std::move(drafts)));
    }
}

std::unique_ptr<store::Storage> opened(const fs::path& folder) {
    store::StoreOptions options;
    options.folder = folder;
    options.synchronous_full = false;
    return store::open_store(options);
}

void fill(const fs::path& folder, int megabytes) {
    asio::io_context io(1);
    const auto storage = opened(folder);
    std::mt19937_64 random(1);
    const auto wanted = static_cast<std::uintmax_t>(megabytes) * 1'000'000;
    while (fs::file_size(folder / "assistd.db") < wanted) {
        const core::Conversation conversation = added_conversation(io, *storage);
        for (int i = 0; i < turns_of_one; ++i) add_turn(io, *storage, conversation, random);
    }
    add_artifacts(io, *storage, random);
}

// A command that runs while something else is measured.
class Running {
  public:
    explicit Running(std::vector<std::string> words) {
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        if (::posix_spawn(&pid_, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0)
            throw std::runtime_error(words.front() + " cannot be run.");
    }
    // False once it has ended well.
    bool goes_on() {
        int status = 0;
        if (pid_ < 0 || ::waitpid(pid_, &status, WNOHANG) == 0) return pid_ >= 0;
        pid_ = -1;
        if (status != 0) throw std::runtime_error("A command failed; it says above why.");
        return false;
    }

  private:
    pid_t pid_ = -1;
};

DataPhase phase_of(const Latencies& latencies, Clock::time_point began) {
    DataPhase phase;
    phase.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    phase.turns = static_cast<double>(latencies.count());
    phase.p50_ms = latencies.ms(0.5);
    phase.p99_ms = latencies.ms(0.99);
    phase.longest_ms = latencies.ms(1);
    return phase;
}

class Chat {
  public:
    explicit Chat(std::uint16_t port) : port_(port) {
        Asker asker(port);
        for (std::size_t i = 0; i < conversations; ++i) paths_.push_back(chat_path(new_conversation(asker)));
    }
    Latencies for_a_while(std::chrono::milliseconds time) {
        return run_turns(port_, 1, time,
                         [&](int, std::uint64_t number) { return paths_[number % paths_.size()]; })
            .latencies;
    }
    DataPhase while_runs(Running command) {
        constexpr std::chrono::milliseconds piece{500};
        const auto began = Clock::now();
        Latencies latencies;
        do latencies.add(for_a_while(piece));
        while (command.goes_on());
        return phase_of(latencies, began);
    }

  private:
    std::uint16_t port_;
    std::vector<std::string> paths_;
};

// One writer that waits for each write, with or without pages given back in between.
DataPhase measure_writes(store::Storage& storage, double seconds, bool gives_back) {
    std::atomic<bool> stop{false};
    std::thread giver;
    if (gives_back)
        giver = std::thread([&] {
            asio::io_context io(1);
            constexpr int pages = 64;
            while (!stop) {
                wait_for(io, storage.give_space_back(pages));
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
    asio::io_context io(1);
    const core::Conversation conversation = added_conversation(io, storage);
    Latencies latencies;
    const auto began = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - began).count() < seconds) {
        const auto before = Clock::now();
        begun_turn(io, storage, conversation, "a message of usual length, more or less");
        latencies.add(Clock::now() - before);
    }
    stop = true;
    if (giver.joinable()) giver.join();
    return phase_of(latencies, began);
}

void measure_vacuum(const fs::path& folder, double seconds, DataFigures& figures) {
    store::StoreOptions options;
    options.folder = folder;
    const auto storage = store::open_store(options);
    asio::io_context io(1);
    core::ConversationQuery query;
    query.owner = "local";
    const auto page = wait_for(io, storage->store().conversations(query));
    figures.writes = measure_writes(*storage, seconds, false);
    for (const auto& one : page.items) wait_for(io, storage->store().remove_conversation("local", one.id));
    const auto before = fs::file_size(folder / "assistd.db");
    figures.writes_with_vacuum = measure_writes(*storage, seconds, true);
    constexpr int pages = 1'000;
    while (wait_for(io, storage->give_space_back(pages)) > 0) continue;
    wait_for(io, storage->release_memory());
    figures.given_back_mb = static_cast<double>(before) / 1e6;
}

double restore(const fs::path& program, const fs::path& backup, const fs::path& folder) {
    const auto began = Clock::now();
    Running command({program.string(), "restore", backup.string(), "--state", folder.string()});
    while (command.goes_on()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace

DataFigures measure_data(const DataSettings& settings, const std::function<void(std::string_view)>& note) {
    const Settings& common = settings.common;
    const fs::path state = common.folder / "data";
    const fs::path program = common.daemon.parent_path() / "assistctl";
    DataFigures figures;
    note(fmt::format("a state folder of {} MB", settings.megabytes));
    fill(state, settings.megabytes);
    figures.database_mb = static_cast<double>(fs::file_size(state / "assistd.db")) / 1e6;
    figures.artifacts_mb = artifacts * static_cast<double>(artifact_bytes) / 1e6;
    const fs::path backup = common.folder / "backup";
    {
        test::ScriptedUpstream upstream(answer_like_a_model);
        auto options =
            daemon_options(common, "data", common.plugins.string() + ":" + common.echo_plugins.string());
        const auto model = model_options(common, upstream.port());
        options.insert(options.end(), model.begin(), model.end());
        const DaemonProcess daemon(common.daemon, options, common.folder / "data.log");
        const std::string server = fmt::format("http://127.0.0.1:{}", daemon.port());
        Chat chat(daemon.port());
        chat.for_a_while(std::chrono::milliseconds(500));  // warm
        note("turns by themselves");
        const auto began = Clock::now();
        figures.quiet = phase_of(chat.for_a_while(milliseconds_of(common.seconds)), began);
        note("turns beside a backup");
        figures.backup =
            chat.while_runs(Running({program.string(), "--server", server, "backup", backup.string()}));
        figures.backup_mb = static_cast<double>(fs::file_size(backup)) / 1e6;
        note("turns beside a check");
        figures.check = chat.while_runs(Running({program.string(), "--server", server, "doctor", "--data"}));
        figures.rss_mb = daemon.figures().rss_mb;
    }
    note("restoring");
    figures.restore_seconds = restore(program, backup, common.folder / "restored");
    note("writes beside the giving back of space");
    measure_vacuum(state, common.seconds, figures);
    const auto after = fs::file_size(state / "assistd.db");
    figures.given_back_mb -= static_cast<double>(after) / 1e6;
    return figures;
}

std::string as_table(const DataFigures& figures) {
    Table table;
    table.title(fmt::format("One client that chats, over a database of {:.0f} MB and artifacts of {:.0f} MB",
                            figures.database_mb, figures.artifacts_mb));
    const auto rows = [&](const char* what, const DataPhase& phase, const DataPhase& before) {
        table.row(fmt::format("{}, median", what), ms(phase.p50_ms));
        const double slower = phase.p99_ms / before.p99_ms;
        const bool is_first = &phase == &before;
        table.row(fmt::format("{}, 99th percentile of {:.0f}", what, phase.turns), ms(phase.p99_ms));
        if (!is_first)
            table.row("  to that before", times(slower), times(most_slower), slower <= most_slower);
        table.row(fmt::format("{}, longest", what), ms(phase.longest_ms));
    };
    rows("a turn by itself", figures.quiet, figures.quiet);
    rows("a turn beside a backup", figures.backup, figures.quiet);
    rows("a turn beside a check", figures.check, figures.quiet);
    rows("a write by itself", figures.writes, figures.writes);
    rows("a write while space is given back", figures.writes_with_vacuum, figures.writes);
    table.row("the backup took", fmt::format("{:.1f} s", figures.backup.seconds));
    table.row("its file", mb(figures.backup_mb));
    table.row("the check took", fmt::format("{:.1f} s", figures.check.seconds));
    table.row("the restore took", fmt::format("{:.1f} s", figures.restore_seconds));
    table.row("space that was given back", mb(figures.given_back_mb));
    table.row("RSS of the daemon", mb(figures.rss_mb));
    return table.text();
}

}  // namespace assistd::bench
