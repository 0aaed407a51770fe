#pragma once
// A store, artifacts and a source of tools in memory, and the executor on top of them, for the tests of this
// folder.

#include <sys/mman.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <deque>
#include <future>

#include "tools/builtin_tools.h"
#include "tools/executor.h"
#include "tools/results.h"

namespace assistd::tools {

using nlohmann::json;

inline core::Write written() {
    const OneShot<> done;
    done.set();
    return core::Write(done);
}

class FakeAudit : public core::AuditLog {
  public:
    core::Write begin(core::AuditEntry& entry) override {
        const std::lock_guard lock(mutex);
        begun.push_back(entry.tool);
        return written();
    }
    core::Write add(const core::AuditEntry& entry) override {
        const std::lock_guard lock(mutex);
        entries.push_back(entry);
        return written();
    }
    core::Write lose_running() override {
        ++losses;
        return written();
    }
    void add_soon(const core::AuditEntry& entry) override { add(entry); }
    Task<core::Page<core::AuditEntry>> list(core::AuditQuery) override {
        co_return core::Page<core::AuditEntry>{entries, ""};
    }
    Task<int> remove_before(Timestamp, int) override { co_return 0; }
    std::mutex mutex;
    std::vector<core::AuditEntry> entries;
    std::vector<std::string> begun;  // tools
    int losses = 0;
};

class FakeCounts : public core::CallCounts {
  public:
    core::Write count(const core::Owner& user, const std::string& tool, std::chrono::sys_days day) override {
        const std::lock_guard lock(mutex);
        ++rows[{user, day}][tool];
        return written();
    }
    Task<std::map<std::string, std::int64_t>> of(core::Owner user, std::chrono::sys_days day) override {
        std::optional<OneShot<>> wait;
        {
            const std::lock_guard lock(mutex);
            if (!held.empty()) wait = held.front();
            if (!held.empty()) held.pop_front();
        }
        ++reads;
        if (wait) co_await wait->wait();
        const std::lock_guard lock(mutex);
        if (fails) throw Error(ErrorCode::unavailable, "The store is down.");
        const auto found = rows.find({user, day});
        if (found == rows.end()) co_return std::map<std::string, std::int64_t>();
        co_return found->second;
    }
    Task<int> remove_before(std::chrono::sys_days, int) override { co_return 0; }
    std::int64_t total() {
        const std::lock_guard lock(mutex);
        std::int64_t sum = 0;
        for (const auto& [key, tools] : rows)
            for (const auto& [tool, calls] : tools) sum += calls;
        return sum;
    }

    std::mutex mutex;
    std::map<std::pair<core::Owner, std::chrono::sys_days>, std::map<std::string, std::int64_t>> rows;
    bool fails = false;
    std::atomic<int> reads = 0;
    std::deque<OneShot<>> held;  // each read waits for one of them
};

// Only what tools use; everything else fails the test that calls it.
class FakeStore : public core::Store {
  public:
    std::map<JobId, core::Job> jobs_by_id;
    std::vector<core::Job> puts;
    std::vector<core::Message> messages_added;
    bool fails = false;
    mutable std::mutex mutex;

    core::Write put_job(const core::Job& job) override {
        const std::lock_guard lock(mutex);
        if (fails) return broken();
        jobs_by_id[job.id] = job;
        puts.push_back(job);
        return written();
    }
    core::Write end_job(const core::Job& job, std::optional<core::Message> notice) override {
        core::Write write = put_job(job);
        const std::lock_guard lock(mutex);
        if (notice && !fails) messages_added.push_back(*notice);
        return write;
    }
    core::Write append_message(const core::Message& message) override {
        const std::lock_guard lock(mutex);
        messages_added.push_back(message);
        return written();
    }
    Task<core::Job> job(core::Owner owner, JobId id) override {
        const std::lock_guard lock(mutex);
        const auto found = jobs_by_id.find(id);
        if (found == jobs_by_id.end() || found->second.owner != owner)
            throw Error(ErrorCode::not_found, "There is no such job.");
        co_return found->second;
    }
    Task<core::Page<core::Job>> jobs(core::JobQuery query) override {
        const std::lock_guard lock(mutex);
        core::Page<core::Job> page;
        for (auto at = jobs_by_id.rbegin(); at != jobs_by_id.rend(); ++at)
            if (at->second.owner == query.owner && (!query.state || at->second.state == *query.state) &&
                page.items.size() < static_cast<std::size_t>(query.limit))
                page.items.push_back(at->second);
        co_return page;
    }
    Task<std::vector<core::Job>> unfinished_jobs() override {
        const std::lock_guard lock(mutex);
        std::vector<core::Job> found;
        for (const auto& [id, job] : jobs_by_id)
            if (job.state == core::JobState::running) found.push_back(job);
        co_return found;
    }
    std::vector<std::string> notices() const {
        const std::lock_guard lock(mutex);
        std::vector<std::string> texts;
        for (const core::Message& message : messages_added) texts.push_back(message.text());
        return texts;
    }

    core::Write add_conversation(const core::Conversation&) override { unused(); }
    Task<core::Conversation> conversation(core::Owner, ConversationId) override { unused(); }
    Task<core::Page<core::Conversation>> conversations(core::ConversationQuery) override { unused(); }
    Task<core::Conversation> change_conversation(core::Owner, ConversationId,
                                                 core::ConversationChange) override {
        unused();
    }
    Task<void> remove_conversation(core::Owner, ConversationId) override { unused(); }
    core::Write set_first_title(ConversationId, const std::string&) override { unused(); }
    core::Write set_model_title(ConversationId, const std::string&) override { unused(); }
    Task<core::Page<core::Message>> messages(ConversationId, std::string, int) override { unused(); }
    Task<std::vector<core::Message>> messages_before(ConversationId, std::int64_t, int) override { unused(); }
    Task<std::vector<core::Message>> messages_of_turn(TurnId) override { unused(); }
    Task<core::TurnBegun> begin_turn(core::Turn, core::Message, MessageId) override { unused(); }
    Task<std::optional<core::Message>> last_user_message(ConversationId) override { unused(); }
    Task<core::Message> user_message(ConversationId, MessageId) override { unused(); }
    Task<void> set_feedback(core::Owner, ConversationId, std::vector<MessageId>, std::string) override {
        unused();
    }
    Task<core::TurnBegun> begin_turn_as_it_stands(core::Turn, std::vector<core::Message>) override {
        unused();
    }
    Task<std::optional<core::Message>> unanswered_message(ConversationId) override { unused(); }
    Task<core::Slice<core::Turn>> turns(core::Owner, ConversationId, core::ListRange<TurnId>) override {
        unused();
    }
    Task<core::Turn> change_turn_metadata(core::Owner, TurnId, std::string) override { unused(); }
    Task<core::TurnBegun> begin_turn_again(core::Turn, MessageId) override { unused(); }
    Task<std::vector<TurnId>> turns_answering(MessageId) override { unused(); }
    Task<core::Turn> turn(core::Owner, TurnId) override { unused(); }
    Task<std::optional<core::Turn>> turn_with_key(core::Owner, std::string) override { unused(); }
    core::Write mark_call_started(TurnId, const std::string&) override { unused(); }
    core::Write ask_approval(TurnId, const core::Approval&) override { unused(); }
    Task<core::Approval> decide_approval(TurnId, std::string, core::ApprovalState, std::string) override {
        unused();
    }
    Task<std::vector<core::Approval>> approvals(TurnId) override { unused(); }
    core::Write end_turn(const core::Turn&, std::optional<core::Message>) override { unused(); }
    Task<std::vector<core::Turn>> unfinished_turns() override { unused(); }
    Task<int> count_restart(TurnId, std::int64_t) override { unused(); }
    core::Write forgive_restarts() override { unused(); }
    Task<std::optional<core::Summary>> summary(ConversationId) override { unused(); }
    core::Write put_summary(const core::Summary&) override { unused(); }
    Task<std::vector<core::StoredToolCall>> tool_calls(TurnId) override { unused(); }

  private:
    static core::Write broken() {
        const OneShot<> done;
        done.fail(std::make_exception_ptr(Error(ErrorCode::unavailable, "The disk is full.")));
        return core::Write(done);
    }
    [[noreturn]] static void unused() { throw std::logic_error("Tools do not use this part of the store."); }
};

class FakeArtifacts : public core::Artifacts {
  public:
    std::vector<core::Artifact> stored;
    std::map<std::string, int> opened;  // by handle
    bool fails = false;
    mutable std::mutex mutex;

    std::atomic<int> added_in_background = 0;

    UniqueFd new_file() override { return UniqueFd(::memfd_create("artifact", 0)); }
    Task<std::vector<core::Artifact>> add_in_background(std::vector<core::ArtifactDraft> drafts) override {
        ++added_in_background;
        return add(std::move(drafts));
    }
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft> drafts) override {
        const std::lock_guard lock(mutex);
        if (fails) throw Error(ErrorCode::unavailable, "The disk is full.");
        std::vector<core::Artifact> added;
        for (core::ArtifactDraft& draft : drafts) {
            core::Artifact artifact = draft.about;
            artifact.id = ArtifactId::make();
            artifact.size = ::lseek(draft.file.get(), 0, SEEK_END);
            int number = 1;
            for (const core::Artifact& other : stored)
                if (other.owner == artifact.owner && other.kind == artifact.kind) ++number;
            artifact.handle = artifact.kind + "-" + std::to_string(number);
            stored.push_back(artifact);
            added.push_back(artifact);
        }
        co_return added;
    }
    Task<core::Artifact> find(core::Owner owner, std::string name) override {
        const std::lock_guard lock(mutex);
        if (fails) throw Error(ErrorCode::unavailable, "The store is down.");
        for (const core::Artifact& artifact : stored)
            if (artifact.owner == owner && (artifact.handle == name || artifact.id.text() == name))
                co_return artifact;
        throw Error(ErrorCode::not_found, "There is no artifact " + name + ".");
    }
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery query) override {
        const std::lock_guard lock(mutex);
        core::Page<core::Artifact> page;
        for (auto at = stored.rbegin(); at != stored.rend(); ++at)
            if (at->owner == query.owner && (query.kind.empty() || at->kind == query.kind) &&
                page.items.size() < static_cast<std::size_t>(query.limit))
                page.items.push_back(*at);
        co_return page;
    }
    Task<UniqueFd> open(core::Artifact artifact) override {
        const std::lock_guard lock(mutex);
        ++opened[artifact.handle];
        co_return UniqueFd(::memfd_create("artifact", 0));
    }
    Task<void> remove(core::Owner, std::string) override { throw std::logic_error("Tools remove nothing."); }

    void put(const core::Owner& owner, const std::string& kind, int number) {
        core::Artifact artifact;
        artifact.id = ArtifactId::make();
        artifact.owner = owner;
        artifact.kind = kind;
        artifact.handle = kind + "-" + std::to_string(number);
        artifact.name = kind + ".dat";
        stored.push_back(artifact);
    }
};

// A call that a test holds in its hands: it has begun, and ends when the test says so.
struct HeldCall {
    SourceCall call;
    core::ProgressSink progress;
    OneShot<SourceResult> result;
};

// Tools of the tests' own. A tool without a handler is held: the test ends it.
class TestSource : public ToolSource {
  public:
    using Handler = std::function<SourceResult(SourceCall&)>;

    std::shared_ptr<core::ToolSpec> offer(const std::string& name, const std::string& schema = "{}",
                                          Handler handler = nullptr) {
        auto spec = std::make_shared<core::ToolSpec>();
        spec->name = name;
        spec->category = "test";
        spec->input_schema = schema;
        spec->plugin = "org.example.test";
        spec->plugin_version = "1.2.3";
        specs.push_back(spec);
        handlers[name] = std::move(handler);
        return spec;
    }
    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override {
        return {specs.begin(), specs.end()};
    }
    std::vector<core::PluginStatus> plugins() const override { return statuses; }
    std::vector<core::WaitingTool> waiting() const override { return waits; }
    std::optional<Quarantine> quarantine(const core::ToolSpec& tool, bool) const override {
        const std::lock_guard lock(mutex);
        const auto found = quarantines.find(tool.name);
        if (found == quarantines.end()) return std::nullopt;
        return found->second;
    }
    // From now on, or not any more.
    void leave_alone(const std::string& tool, std::optional<std::chrono::seconds> time) {
        const std::lock_guard lock(mutex);
        quarantines.erase(tool);
        if (time) quarantines[tool] = {"Its plugin is left alone.", *time};
    }

    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override {
        const Handler handler = handlers.at(call.spec->name);
        if (handler) co_return handler(call);
        const OneShot<SourceResult> result;
        {
            const std::lock_guard lock(mutex);
            if (released) result.set(SourceResult());
            held.push_back(
                std::make_shared<HeldCall>(HeldCall{std::move(call), std::move(progress), result}));
        }
        changed.notify_all();
        co_return co_await result.wait();
    }
    // The call that was begun as number `index`; waits for it.
    std::shared_ptr<HeldCall> begun(std::size_t index = 0) {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::seconds(10), [&] { return held.size() > index; }))
            throw std::runtime_error("The call has not begun.");
        return held[index];
    }
    std::size_t begun_count() {
        const std::lock_guard lock(mutex);
        return held.size();
    }

    // Ends all that is held, and whatever begins later.
    void release() {
        const std::lock_guard lock(mutex);
        released = true;
        for (const auto& call : held) call->result.set(SourceResult());
    }
    // What is held knows its source: the circle is cut here.
    void forget() { held.clear(); }

    std::vector<std::shared_ptr<core::ToolSpec>> specs;
    std::vector<core::PluginStatus> statuses;
    std::vector<core::WaitingTool> waits;
    std::map<std::string, Handler> handlers;

  private:
    mutable std::mutex mutex;
    std::map<std::string, Quarantine> quarantines;  // by tool
    std::condition_variable changed;
    bool released = false;
    std::vector<std::shared_ptr<HeldCall>> held;
};

inline SourceResult good(std::string data, std::string summary = "") {
    SourceResult result;
    result.success = true;
    result.data = std::move(data);
    result.summary = std::move(summary);
    return result;
}

// Polls with a deadline.
inline bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

class ToolsTest : public testing::Test {
  protected:
    ToolsTest() { registry.add(source); }
    // Every coroutine must come to its end: one that is stuck keeps the test from ending.
    ~ToolsTest() override {
        source->release();
        pool.join();
        source->forget();
    }

    // Builds the executor; tools offered since are seen.
    void start(ExecutorOptions options = {}) {
        registry.refresh();
        executor = std::make_unique<ToolExecutor>(pool.get_executor(), registry, store, artifacts, audit,
                                                  jobs, options);
    }
    template <class T>
    std::future<T> spawn(Task<T> task) {
        return asio::co_spawn(asio::make_strand(pool.get_executor()), std::move(task), asio::use_future);
    }
    template <class T>
    static T get(std::future<T> future) {
        if (future.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
            throw std::runtime_error("The coroutine does not end.");
        return future.get();
    }
    template <class T>
    T run(Task<T> task) {
        return get(spawn(std::move(task)));
    }
    core::ToolCall call_of(const std::string& name, const std::string& arguments) {
        core::ToolCall call;
        call.call_id = "call_1";
        call.name = name;
        call.arguments = arguments;
        call.owner = "local";
        call.conversation = conversation;
        call.turn = turn;
        call.stop = stop.get_token();
        return call;
    }
    std::future<core::ToolOutcome> begin(const std::string& name, const std::string& arguments = "{}",
                                         core::ProgressSink sink = nullptr) {
        return spawn(executor->execute(call_of(name, arguments), std::move(sink)));
    }
    core::ToolOutcome call(const std::string& name, const std::string& arguments = "{}") {
        return get(begin(name, arguments));
    }
    static json body(const core::ToolOutcome& outcome) { return json::parse(outcome.body); }

    asio::thread_pool pool{2};
    FakeStore store;
    FakeArtifacts artifacts;
    FakeAudit audit;
    BackgroundJobs jobs{store};
    ToolRegistry registry;
    std::shared_ptr<TestSource> source = std::make_shared<TestSource>();
    std::unique_ptr<ToolExecutor> executor;
    std::stop_source stop;
    ConversationId conversation = ConversationId::make();
    TurnId turn = TurnId::make();
};

}  // namespace assistd::tools
