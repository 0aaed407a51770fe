// Turns that answer a conversation as it stands: what clients put there before, and what they bring with the
// turn itself.

#include "core/tokens.h"
#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

class AsItStandsTest : public TurnServiceTest {
  protected:
    AsItStandsTest() {
        provider_.script = [this](int, const ProviderRequest& asked) {
            told_.clear();
            tokens_ = 0;
            for (const auto& message : asked.messages) {
                told_.push_back(message->text());
                tokens_ += estimate_tokens(*message);
            }
            return says("Answer.");
        };
    }
    Message said(const std::string& text, Role role = Role::user) const {
        Message message;
        message.id = MessageId::make();
        message.conversation = conversation_.id;
        message.role = role;
        message.created_at = now();
        message.blocks.push_back(TextBlock{text});
        return message;
    }
    void append(std::vector<Message> messages) {
        io_.run(storage_->threads().append("local", conversation_.id, std::move(messages)));
    }
    TurnRequest as_it_stands(std::vector<Message> more = {}, int last_messages = 0) const {
        TurnRequest wanted = request("");
        wanted.as_it_stands = true;
        wanted.said = std::move(more);
        wanted.wait = false;
        TurnOptions options;
        options.last_messages = last_messages;
        wanted.options = std::make_shared<const TurnOptions>(options);
        return wanted;
    }
    ErrorCode refusal_of(TurnRequest wanted) {
        try {
            auto held = io_.run(service_->hold(conversation_.id, {}));
            io_.run(service_->start_in(held, std::move(wanted)));
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::internal;
    }

    std::vector<std::string> told_;
    std::int64_t tokens_ = 0;
};

TEST_F(AsItStandsTest, WhatComesWithTheTurnIsSaidWithIt) {
    append({said("Before")});
    const Turn turn = end_of(begin(as_it_stands({said("One"), said("Two", Role::assistant), said("Three")})));
    EXPECT_THAT(told_, testing::ElementsAre("Before", "One", "Two", "Three"));
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Before", "user:One", "assistant:Two", "user:Three",
                                                   "assistant:Answer."));
    const auto own = io_.run(storage_->store().messages_of_turn(turn.id));
    ASSERT_EQ(own.size(), 2u);
    EXPECT_EQ(own[0].text(), "Three");
    EXPECT_EQ(own[0].id, turn.user_message);
    // The next one finds what was said as it was told.
    end_of(begin(as_it_stands({said("Four")})));
    EXPECT_THAT(told_, testing::ElementsAre("Before", "One", "Two", "Three", "Answer.", "Four"));
}

TEST_F(AsItStandsTest, ATurnThatIsRefusedSaysNothing) {
    append({said("Before")});
    EXPECT_EQ(refusal_of(as_it_stands({said("One"), said(std::string(200'000, 'x'))})),
              ErrorCode::validation);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Before"));
    provider_.hangs = true;
    const TurnHandle running = begin(as_it_stands({said("Two")}));
    EXPECT_EQ(refusal_of(as_it_stands({said("Three")})), ErrorCode::conflict);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Before", "user:Two"));
    io_.run(service_->cancel("local", running.turn->id));
}

// Each holds the conversation for a moment before its turn begins; one begins, all others have said nothing.
TEST_F(AsItStandsTest, OfManyAtOnceOneIsTakenAndTheOthersSayNothing) {
    provider_.hangs = true;
    const auto attempt = [this](int number) -> Task<bool> {
        try {
            auto held = co_await service_->hold(conversation_.id, {});
            TurnRequest wanted = as_it_stands({said("Says " + std::to_string(number))});
            co_await service_->start_in(held, std::move(wanted));
            co_return true;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::conflict) << error.what();
        }
        co_return false;
    };
    std::vector<std::future<bool>> all;
    for (int i = 0; i < 40; ++i) all.push_back(io_.start(attempt(i)));
    int taken = 0;
    for (auto& one : all) taken += one.get() ? 1 : 0;
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(transcript().size(), 1u);
    io_.run(service_->cancel_all("local", conversation_.id));
}

TEST_F(AsItStandsTest, TenThousandUnansweredMessagesAreCutToTheWindow) {
    std::vector<Message> many;
    for (int i = 0; i < 10'000; ++i) many.push_back(said("Message " + std::to_string(i)));
    append(std::move(many));
    const Turn turn = end_of(begin(as_it_stands()));
    EXPECT_EQ(turn.state, TurnState::completed) << turn.error_message;
    EXPECT_EQ(told_.back(), "Message 9999");
    EXPECT_GT(told_.size(), 100u);
    EXPECT_LE(tokens_, contexts_.usable_tokens(provider_.choose("", "")));
    EXPECT_EQ(told_.front(), "Message " + std::to_string(10'000 - told_.size()));
    end_of(begin(as_it_stands({said("More")})));
    EXPECT_EQ(told_.back(), "More");
    EXPECT_LE(tokens_, contexts_.usable_tokens(provider_.choose("", "")));
}

TEST_F(AsItStandsTest, OnlySoManyOfThemAreToldWhereThatIsWanted) {
    append({said("One"), said("Two"), said("Three"), said("Four")});
    end_of(begin(as_it_stands({said("Five")}, 3)));
    EXPECT_THAT(told_, testing::ElementsAre("Three", "Four", "Five"));
    end_of(begin(as_it_stands({said("Six")}, 1)));
    EXPECT_THAT(told_, testing::ElementsAre("Six"));
}

}  // namespace
}  // namespace assistd::core
