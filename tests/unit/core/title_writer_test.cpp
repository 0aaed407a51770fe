// Titles by a model over the real store: whole turns, with a provider that tells titles from answers.

#include "core/title_writer.h"

#include "base/error.h"
#include "core/turn_service.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {
namespace {

// Answers each turn with "Hello."; what it says to requests for a title is the test's.
class TitlingProvider : public Provider, public Providers {
  public:
    Task<ProviderReply> generate(const ProviderRequest& request, TextSink sink) override {
        ProviderReply reply;
        reply.finish_reason = "stop";
        reply.usage.prompt_tokens = 10;
        if (!request.wants_prose) {
            sink("Hello.");
            reply.blocks.push_back(TextBlock{"Hello."});
            co_return reply;
        }
        EXPECT_FALSE(request.allow_tools);
        EXPECT_FALSE(request.tools);
        {
            const std::lock_guard lock(mutex);
            asked.push_back(request.messages.front()->text());
        }
        if (hangs) {
            const OneShot<> stopped;
            const std::stop_callback on_stop(request.stop, [stopped] { stopped.set(); });
            hanging.set();
            co_await stopped.wait();
            throw Error(ErrorCode::cancelled, "cancelled");
        }
        if (fails && request.lost_usage) request.lost_usage(reply.usage);
        if (fails) throw Error(ErrorCode::provider_failed, "The provider said no.");
        const OneShot<> gate = may_answer;
        if (waits) co_await gate.wait();
        reply.blocks.push_back(TextBlock{title});
        co_return reply;
    }
    ProviderChoice choose(const std::string&, const std::string&) const override {
        ProviderChoice choice;
        choice.provider =
            std::shared_ptr<Provider>(std::shared_ptr<void>(), const_cast<TitlingProvider*>(this));
        choice.provider_name = "main";
        choice.model = "test";
        choice.writes_prose = writes_prose;
        return choice;
    }
    std::size_t times_asked() {
        const std::lock_guard lock(mutex);
        return asked.size();
    }

    std::string title = "\"A polite greeting\"";
    std::atomic<bool> hangs = false;
    std::atomic<bool> fails = false;
    std::atomic<bool> waits = false;
    std::atomic<bool> writes_prose = true;
    OneShot<> hanging;
    OneShot<> may_answer;
    std::mutex mutex;
    std::vector<std::string> asked;
};

class NoTools : public Tools {
  public:
    std::shared_ptr<const ToolSet> all() const override { return std::make_shared<ToolSet>(); }
    std::vector<PluginStatus> plugins() const override { return {}; }
    Task<ToolOutcome> execute(ToolCall, ProgressSink) override {
        throw Error(ErrorCode::internal, "There are no tools.");
    }
};

class TitleWriterTest : public testing::Test {
  protected:
    TitleWriterTest() {
        conversation_.id = ConversationId::make();
        conversation_.owner = "local";
        conversation_.created_at = conversation_.updated_at = now();
        io_.run(storage_->store().add_conversation(conversation_).committed());
    }
    ~TitleWriterTest() override {
        io_.run(service_.shut_down(std::chrono::seconds(0)));
        settle();
    }

    // Waits until no title is being written: a service that is shut down begins no more.
    void settle() {
        if (provider_.waits) provider_.may_answer.set();
        io_.run(titles_->shut_down());
    }
    // One more turn; its events once it has ended.
    std::vector<TurnEventPtr> say(const std::string& text) {
        TurnRequest request;
        request.owner = "local";
        request.conversation = conversation_.id;
        request.content = text;
        const TurnHandle handle = io_.run(service_.start(request));
        return io_.run(handle.feed->whole());
    }
    Conversation read() { return io_.run(storage_->store().conversation("local", conversation_.id)); }
    std::vector<std::string> told(const std::vector<TurnEventPtr>& events) {
        std::vector<std::string> titles;
        for (const TurnEventPtr& event : events)
            if (const auto* title = std::get_if<TitleUpdated>(&event->body)) titles.push_back(title->title);
        return titles;
    }
    template <class Condition>
    void wait_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
        EXPECT_TRUE(condition());
    }
    bool is_settled() { return read().title_source == TitleSource::model; }

    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_ = store::open_store({folder_.path() / "state", false});
    Conversation conversation_;
    TitlingProvider provider_;
    NoTools tools_;
    ContextManager contexts_{storage_->store(), {}};
    const std::shared_ptr<const PromptBuilder> prompts_ =
        std::make_shared<const PromptBuilder>(built_in_prompts());
    TurnFacts facts_{storage_->projects()};
    std::unique_ptr<TitleWriter> titles_ = std::make_unique<TitleWriter>(
        io_.io.get_executor(), storage_->store(), provider_, storage_->usage(), prompts_, TitleSettings());
    TurnService service_{io_.io,
                         {storage_->store(), provider_, tools_, contexts_, prompts_, facts_, *titles_,
                          storage_->usage(), Budget()}};
};

TEST_F(TitleWriterTest, TheModelsTitleComesAfterTheReplyAndIsToldInTheNextTurn) {
    provider_.waits = true;
    EXPECT_THAT(told(say("Hi there")), testing::ElementsAre("Hi there"));  // nothing waited for a title
    EXPECT_EQ(read().title, "Hi there");
    provider_.may_answer.set();
    wait_until([&] { return is_settled(); });
    EXPECT_EQ(read().title, "A polite greeting");
    EXPECT_THAT(provider_.asked[0], testing::HasSubstr("<user>\nHi there\n</user>\n<assistant>\nHello.\n"));
    EXPECT_THAT(told(say("Again")), testing::ElementsAre("A polite greeting"));
    EXPECT_TRUE(told(say("And again")).empty());
    EXPECT_EQ(provider_.times_asked(), 1u);
}

TEST_F(TitleWriterTest, ATurnThatBeganBeforeTheTitleCameAsksForNoOther) {
    const TurnEventPtr end = say("Hi").back();
    wait_until([&] { return is_settled(); });
    titles_->write(*std::get<TurnEnded>(end->body).turn);
    io_.run(titles_->shut_down());
    EXPECT_EQ(provider_.times_asked(), 1u);
}

TEST_F(TitleWriterTest, WhatItCostIsInTheBook) {
    say("Hi");
    wait_until([&] { return is_settled(); });
    const auto today = std::chrono::floor<std::chrono::days>(now());
    const UsageQuery query{"local", today - std::chrono::days(1), today + std::chrono::days(2),
                           UsageGroup::model};
    const auto rows = io_.run(storage_->usage().sums(query));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].turns, 1);
    EXPECT_EQ(rows[0].requests, 2);
    EXPECT_EQ(rows[0].usage.prompt_tokens, 20);
}

TEST_F(TitleWriterTest, WhatItCostIsToldBeforeItIsBooked) {
    provider_.writes_prose = false;
    const TurnEventPtr end = say("Hi").back();
    provider_.writes_prose = true;
    const auto tokens = std::make_shared<std::atomic<std::int64_t>>(0);
    titles_->write(*std::get<TurnEnded>(end->body).turn,
                   [tokens](const Usage& usage) { *tokens = usage.total_tokens(); });
    wait_until([&] { return is_settled(); });
    EXPECT_EQ(*tokens, 10);
}

TEST_F(TitleWriterTest, WhatAFailureHadCostIsInTheBook) {
    provider_.fails = true;
    say("Hi");
    wait_until([&] { return provider_.times_asked() == 1; });
    settle();
    const auto today = std::chrono::floor<std::chrono::days>(now());
    const auto rows = io_.run(storage_->usage().sums(
        {"local", today - std::chrono::days(1), today + std::chrono::days(2), UsageGroup::model}));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].usage.prompt_tokens, 20);
    EXPECT_EQ(read().title, "Hi");
}

TEST_F(TitleWriterTest, ATitleThatTheUserGaveMeanwhileStays) {
    provider_.waits = true;
    say("Hi");
    wait_until([&] { return provider_.times_asked() == 1; });
    ConversationChange change;
    change.title = "Mine";
    io_.run(storage_->store().change_conversation("local", conversation_.id, change));
    provider_.may_answer.set();
    settle();
    EXPECT_EQ(read().title, "Mine");
}

TEST_F(TitleWriterTest, ARefusalKeepsTheFirstMessageAndIsNotAskedAgain) {
    provider_.title = "I'm sorry, but I cannot do that.";
    say("Hi");
    wait_until([&] { return is_settled(); });
    EXPECT_EQ(read().title, "Hi");
    EXPECT_TRUE(told(say("Again")).empty());
    EXPECT_EQ(provider_.times_asked(), 1u);
}

TEST_F(TitleWriterTest, AFailureIsAskedAgainAfterTheNextTurn) {
    provider_.fails = true;
    say("Hi");
    wait_until([&] { return provider_.times_asked() == 1; });
    provider_.fails = false;
    // The failed one may still be on its way out; then this turn's is left to the next.
    wait_until([&] {
        say("Again");
        return is_settled() || provider_.times_asked() > 1;
    });
    wait_until([&] { return is_settled(); });
    EXPECT_EQ(read().title, "A polite greeting");
}

TEST_F(TitleWriterTest, ConversationsWithANameAndBuiltInModelsAskNobody) {
    provider_.writes_prose = false;
    say("Hi");
    wait_until([&] { return service_.running() == 0; });
    provider_.writes_prose = true;
    ConversationChange change;
    change.title = "Mine";
    io_.run(storage_->store().change_conversation("local", conversation_.id, change));
    say("Again");
    settle();
    EXPECT_EQ(provider_.times_asked(), 0u);
}

TEST_F(TitleWriterTest, AShutdownDoesNotWaitForATitle) {
    provider_.hangs = true;
    say("Hi");
    io_.run(provider_.hanging.wait());
    io_.run(titles_->shut_down());  // would never return
    EXPECT_EQ(read().title, "Hi");
    EXPECT_EQ(read().title_source, TitleSource::first_message);
}

}  // namespace
}  // namespace assistd::core
