// Turns that are refused, or wait, because of how many run and what was spent.

#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

class Refusals : public Meters {
  public:
    void turn_refused(TurnRefusal refusal) override { counts[refusal]++; }
    std::map<TurnRefusal, std::atomic<int>> counts;
};

class TurnLimitsTest : public TurnServiceTest {
  protected:
    TurnLimitsTest() {
        overload_.turn_wait = std::chrono::minutes(10);
        const auto allowed = [this](const Asker&) { return AllowedOfAll{allowed_, {}, of_address_}; };
        spending_ = std::make_unique<Spending>(storage_->usage(), storage_->key_spending(), allowed);
        io_.run(service_->shut_down(std::chrono::seconds(0)));
        start_limited();
        provider_.script = [this](int, const ProviderRequest& request) {
            hangs_ = request.messages.back()->text() == "wait";
            provider_.hangs = hangs_.load();
            return says("Hello.");
        };
    }
    void start_limited() {
        slots_ = std::make_shared<TurnSlots>(
            [this](const Asker&) {
                return AllowedOfAll{allowed_, {}, of_address_};
            },
            overload_);
        TurnServices services{storage_->store(), provider_,         tools_,  contexts_, prompts_, facts_,
                              titles_,           storage_->usage(), budget_, meters_};
        services.slots = slots_;
        services.spending = spending_.get();
        service_ = std::make_unique<TurnService>(io_.io, std::move(services));
    }
    // In a conversation of its own.
    TurnRequest elsewhere(const std::string& content) {
        Conversation conversation = conversation_;
        conversation.id = ConversationId::make();
        io_.run(storage_->store().add_conversation(conversation).committed());
        TurnRequest request = this->request(content);
        request.conversation = conversation.id;
        return request;
    }
    std::optional<Error> refusal(TurnRequest request) {
        try {
            begin(std::move(request));
        } catch (const Error& error) {
            return error;
        }
        return std::nullopt;
    }

    std::shared_ptr<Refusals> meters_ = std::make_shared<Refusals>();
    Allowed allowed_;
    Allowed of_address_;
    OverloadConfig overload_;
    std::atomic<bool> hangs_ = false;
    std::shared_ptr<TurnSlots> slots_;
    std::unique_ptr<Spending> spending_;
};

TEST_F(TurnLimitsTest, ARefusedTurnLeavesNothingAndTheNextOneBegins) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 0;
    const TurnHandle first = begin(request("wait"));
    io_.run(provider_.hanging.wait());
    TurnRequest second = elsewhere("Hi");
    const auto refused = refusal(second);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code(), ErrorCode::rate_limited);
    EXPECT_EQ(meters_->counts[TurnRefusal::at_once], 1);
    EXPECT_TRUE(io_.run(storage_->store().messages(second.conversation, "", 10)).items.empty());
    EXPECT_TRUE(refusal(request("Hi"))) << "also in the conversation that is answering";

    io_.run(service_->cancel("local", first.turn->id));
    // The place is given back when the turn has ended, a moment after that was told.
    while (slots_->counts().running > 0) {}
    EXPECT_EQ(end_of(begin(second)).state, TurnState::completed);
}

TEST_F(TurnLimitsTest, ATurnWaitsForAPlaceAndThenRuns) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 1;
    const TurnHandle first = begin(request("wait"));
    io_.run(provider_.hanging.wait());
    auto second = io_.start(service_->start(elsewhere("Hi")));
    while (slots_->counts("local").waiting == 0) {}
    EXPECT_TRUE(refusal(elsewhere("Hi")));
    io_.run(service_->cancel("local", first.turn->id));
    EXPECT_EQ(end_of(second.get()).state, TurnState::completed);
}

TEST_F(TurnLimitsTest, ARepeatedRequestIsToldItsTurnWhateverTheLimits) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 0;
    TurnRequest keyed = request("wait");
    keyed.idempotency_key = "once";
    const TurnHandle first = begin(keyed);
    io_.run(provider_.hanging.wait());
    EXPECT_EQ(begin(keyed).turn->id, first.turn->id);
}

TEST_F(TurnLimitsTest, ATurnOfWhichNothingIsKeptTakesAPlaceToo) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 0;
    const TurnHandle first = begin(request("wait"));
    io_.run(provider_.hanging.wait());
    UnkeptRequest unkept;
    unkept.owner = "local";
    Message hello;
    hello.role = Role::user;
    hello.blocks.push_back(TextBlock{"Hi"});
    unkept.messages.push_back(hello);
    EXPECT_THROW(io_.run(service_->answer_unkept(unkept)), Error);
    io_.run(service_->cancel("local", first.turn->id));
    while (slots_->counts().running > 0) {}
    EXPECT_EQ(end_of(io_.run(service_->answer_unkept(unkept)).turn).state, TurnState::completed);
}

TEST_F(TurnLimitsTest, WhatTurnsSpendUsesUpTheDay) {
    allowed_.tokens_per_day = 20;
    EXPECT_EQ(ask("Hi").usage.total_tokens(), 15);
    EXPECT_EQ(ask("Hi").state, TurnState::completed) << "5 are left";
    const auto refused = refusal(request("Hi"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code(), ErrorCode::rate_limited);
    EXPECT_EQ(meters_->counts[TurnRefusal::day], 1);
    EXPECT_EQ(slots_->counts("local").waiting, 0) << "and it takes no place";
    allowed_.tokens_per_day = 0;
    EXPECT_EQ(ask("Hi").state, TurnState::completed);
}

TEST_F(TurnLimitsTest, WhatWaitsForItsModelIsNotAtWork) {
    overload_.turns_at_work = 1;
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    start_limited();
    const TurnHandle first = begin(request("wait"));
    io_.run(provider_.hanging.wait());
    EXPECT_EQ(slots_->counts().resting, 1);
    EXPECT_EQ(end_of(begin(elsewhere("Hi"))).state, TurnState::completed) << "so another one is";
    io_.run(service_->cancel("local", first.turn->id));
    while (slots_->counts().running > 0) {}
    EXPECT_EQ(slots_->counts().resting, 0);
}

// Whoever reads what is left when he is told the end.
TEST_F(TurnLimitsTest, WhatATurnSpentIsKnownWhenItsEndIsTold) {
    allowed_.tokens_per_day = 100;
    of_address_.tokens_per_day = 20;
    TurnRequest from = request("Hi");
    from.by.address = "192.0.2.1";
    for (const std::int64_t spent : {15, 30}) {
        end_of(begin(from));
        EXPECT_EQ(spending_->last_known({"local", from.by}).user->tokens, spent);
        EXPECT_EQ(spending_->last_known({"local", from.by}).address->tokens, spent);
    }
    EXPECT_THAT(refusal(from)->what(), testing::HasSubstr("This address has used 30 of the 20 tokens"));
    from.by.address = "192.0.2.2";
    EXPECT_EQ(end_of(begin(from)).state, TurnState::completed) << "of another one they are not";
}

TEST_F(TurnLimitsTest, ATurnOfWhichNothingIsKeptIsCountedToo) {
    of_address_.tokens_per_day = 10;
    UnkeptRequest unkept;
    unkept.owner = "local";
    unkept.by.address = "192.0.2.1";
    Message hello;
    hello.role = Role::user;
    hello.blocks.push_back(TextBlock{"Hi"});
    unkept.messages.push_back(hello);
    EXPECT_EQ(end_of(io_.run(service_->answer_unkept(unkept)).turn).state, TurnState::completed);
    EXPECT_THROW(io_.run(service_->answer_unkept(unkept)), Error);
}

TEST_F(TurnLimitsTest, TheDaemonsEndDoesNotWaitForWhoWaits) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 5;
    begin(request("wait"));
    io_.run(provider_.hanging.wait());
    auto second = io_.start(service_->start(elsewhere("Hi")));
    while (slots_->counts("local").waiting == 0) {}
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    EXPECT_THROW(second.get(), Error);
}

TEST_F(TurnLimitsTest, TurnsThatGoOnAfterARestartHaveTheirPlaces) {
    allowed_.turns_at_once = 1;
    allowed_.turns_waiting = 0;
    begin(request("wait"));
    io_.run(provider_.hanging.wait());
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    provider_.hanging = {};
    start_limited();
    io_.run(service_->resume());
    io_.run(provider_.hanging.wait());
    EXPECT_EQ(slots_->counts("local").running, 1);
    EXPECT_TRUE(refusal(elsewhere("Hi")));
}

}  // namespace
}  // namespace assistd::core
