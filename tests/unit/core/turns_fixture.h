#pragma once
// Turns over the real store, with a provider and tools that do what each test says.

#include <set>
#include <thread>

#include "base/error.h"
#include "core/tool_outcomes.h"
#include "core/turn_service.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {

inline ProviderReply says(const std::string& text) {
    ProviderReply reply;
    reply.blocks.push_back(TextBlock{text});
    reply.finish_reason = "stop";
    reply.usage.prompt_tokens = 10;
    reply.usage.completion_tokens = 5;
    return reply;
}

inline ProviderReply calls(const std::vector<std::string>& tools) {
    ProviderReply reply;
    for (const std::string& tool : tools)
        reply.blocks.push_back(ToolCallBlock{"call_" + tool, tool, "{\"for\": \"" + tool + "\"}"});
    reply.finish_reason = "tool_calls";
    reply.usage.prompt_tokens = 10;
    return reply;
}

// A result as file_search gives it, numbered as it was told to.
inline Task<ToolOutcome> found_something(ToolCall call, ProgressSink) {
    ToolOutcome outcome;
    outcome.success = true;
    outcome.body = R"({"success":true,"data":{"search":)" + std::to_string(call.search.number) +
                   R"(,"passages":[{"number":1,"file_id":")" + ArtifactId::make().text() +
                   R"(","file_name":"notes.md","score":1,"text":"For )" + call.call_id +
                   R"(.","start":0,"end":9}]}})";
    co_return outcome;
}

// Answers by a function of the round; streams the text and the thoughts of its replies character by
// character.
class ScriptedProvider : public Provider, public Providers {
  public:
    using Script = std::function<ProviderReply(int round, const ProviderRequest&)>;

    Task<ProviderReply> generate(const ProviderRequest& request, TextSink sink) override {
        ProviderReply reply = script(rounds++, request);
        for (const Block& block : reply.blocks) {
            if (const auto* thought = std::get_if<ThinkingBlock>(&block))
                for (const char c : thought->text) request.thoughts(std::string(1, c));
            if (const auto* text = std::get_if<TextBlock>(&block))
                for (const char c : text->text) sink(std::string(1, c));
        }
        if (hangs) {
            const OneShot<> stopped;
            const std::stop_callback on_stop(request.stop, [stopped] { stopped.set(); });
            hanging.set();
            co_await stopped.wait();
            request.lost_usage(reply.usage);
            throw Error(ErrorCode::cancelled, "cancelled");
        }
        co_return reply;
    }
    ProviderChoice choose(const std::string&, const std::string&) const override {
        return {std::shared_ptr<Provider>(std::shared_ptr<void>(), const_cast<ScriptedProvider*>(this)),
                "scripted", "test", 10'000};
    }

    Script script = [](int, const ProviderRequest&) { return says("Hello."); };
    std::atomic<int> rounds = 0;
    std::atomic<bool> hangs = false;
    OneShot<> hanging;
};

class ScriptedTools : public Tools {
  public:
    using Script = std::function<Task<ToolOutcome>(ToolCall, ProgressSink)>;

    std::shared_ptr<const ToolSet> all() const override { return set; }
    std::vector<PluginStatus> plugins() const override { return {}; }
    Task<ToolOutcome> execute(ToolCall call, ProgressSink progress) override {
        std::shared_ptr<const ToolSpec> tool;
        for (const auto& one : set->tools)
            if (one->name == call.name) tool = one;
        if (tool) {
            const GateAnswer answer = co_await call.gate(tool);
            if (answer.refusal) co_return *answer.refusal;
        }
        {
            const std::lock_guard lock(mutex);
            executed.push_back(call.name);
        }
        co_return co_await script(std::move(call), std::move(progress));
    }
    void add(const std::string& name, bool idempotent, bool needs_approval = false) {
        auto tool = std::make_shared<ToolSpec>();
        tool->name = name;
        tool->effects.idempotent = idempotent;
        tool->needs_approval = needs_approval;
        auto next = std::make_shared<ToolSet>(*set);
        next->tools.push_back(tool);
        ++next->version;
        set = next;
    }

    std::vector<std::string> names() {
        const std::lock_guard lock(mutex);
        return executed;
    }
    int count(const std::string& name) {
        const std::lock_guard lock(mutex);
        return static_cast<int>(std::count(executed.begin(), executed.end(), name));
    }
    void forget() {
        const std::lock_guard lock(mutex);
        executed.clear();
    }

    std::shared_ptr<const ToolSet> set = std::make_shared<ToolSet>();
    Script script;
    std::mutex mutex;
    std::vector<std::string> executed;
};

inline Task<ToolOutcome> good_outcome(ToolCall call, ProgressSink progress) {
    progress({0.5, "half"});
    ToolOutcome outcome;
    outcome.success = true;
    outcome.body = R"({"success":true,"data":")" + call.name + R"("})";
    outcome.summary = call.name + " is done";
    co_return outcome;
}

// Runs until somebody stops it; `begun` tells that it does.
inline ScriptedTools::Script until_stopped(OneShot<> begun) {
    return [begun](ToolCall call, ProgressSink) -> Task<ToolOutcome> {
        const OneShot<> stopped;
        const std::stop_callback on_stop(call.stop, [stopped] { stopped.set(); });
        begun.set();
        co_await stopped.wait();
        co_return failed_outcome(ToolErrorType::CancelledError, "The call was cancelled.", true);
    };
}

class TurnServiceTest : public testing::Test {
  protected:
    TurnServiceTest() {
        tools_.script = good_outcome;
        tools_.add("again", true);
        tools_.add("once", false);
        conversation_.id = ConversationId::make();
        conversation_.owner = "local";
        conversation_.created_at = conversation_.updated_at = now();
        io_.run(storage_->store().add_conversation(conversation_).committed());
        start_service();
    }
    ~TurnServiceTest() override { io_.run(service_->shut_down(std::chrono::seconds(0))); }

    void start_service() {
        if (service_) io_.run(service_->shut_down(std::chrono::seconds(0)));
        TurnServices services{storage_->store(), provider_,         tools_, contexts_, prompts_, facts_,
                              titles_,           storage_->usage(), budget_};
        services.shut_out = [this](const Owner&) { return shut_out_; };
        service_ = std::make_unique<TurnService>(io_.io, std::move(services));
    }
    TurnRequest request(const std::string& content) const {
        TurnRequest request;
        request.owner = "local";
        request.conversation = conversation_.id;
        request.content = content;
        return request;
    }
    TurnHandle begin(TurnRequest request) { return io_.run(service_->start(std::move(request))); }
    // The whole turn: its events, and how it ended.
    std::vector<TurnEventPtr> events_of(const TurnHandle& handle) { return io_.run(handle.feed->whole()); }
    Turn end_of(const TurnHandle& handle) {
        const auto events = events_of(handle);
        EXPECT_FALSE(events.empty());
        const auto* end = std::get_if<TurnEnded>(&events.back()->body);
        EXPECT_TRUE(end);
        return end ? *end->turn : Turn{};
    }
    Turn ask(const std::string& content) { return end_of(begin(request(content))); }
    std::vector<std::string> transcript() {
        std::vector<std::string> lines;
        for (const Message& message : io_.run(storage_->store().messages(conversation_.id, "", 100)).items) {
            std::string line = std::string(name_of(message.role)) + ":" + message.text();
            for (const ToolCallBlock& call : message.tool_calls()) line += " calls " + call.name;
            for (const Block& block : message.blocks)
                if (const auto* result = std::get_if<ToolResultBlock>(&block)) line += result->content;
            lines.push_back(line);
        }
        return lines;
    }

    std::vector<Citation> last_citations() {
        return io_.run(storage_->store().messages(conversation_.id, "", 100)).items.back().citations;
    }

    std::string shut_out_;  // why nobody's turns may run; set before the service starts
    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_ = store::open_store({folder_.path() / "state", false});
    Conversation conversation_;
    ScriptedProvider provider_;
    ScriptedTools tools_;
    ContextManager contexts_{storage_->store(), {}};
    const std::shared_ptr<const PromptBuilder> prompts_ =
        std::make_shared<const PromptBuilder>(built_in_prompts());
    TurnFacts facts_{storage_->projects()};
    TitleWriter titles_{io_.io.get_executor(), storage_->store(), provider_,
                        storage_->usage(),     prompts_,          {.by_model = false}};
    Budget budget_;
    std::unique_ptr<TurnService> service_;
};

}  // namespace assistd::core
