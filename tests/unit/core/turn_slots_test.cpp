// How many turns run at once, and who comes next. One thread, which runs what can be run after each step: who
// has no place then waits for one.

#include "core/turn_slots.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

namespace assistd::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

class TurnSlotsTest : public testing::Test {
  protected:
    using Place = TurnSlots::Place;

    // A turn that was asked for.
    struct Asked {
        std::optional<Place> place;  // it runs
        std::optional<Error> refusal;
    };
    using AskedPtr = std::shared_ptr<Asked>;

    TurnSlotsTest() {
        overload_.turns_at_once = 100;
        overload_.turns_waiting = 50;
        overload_.turn_wait = std::chrono::minutes(10);
        make();
    }
    void make() {
        slots_ = std::make_shared<TurnSlots>(
            [this](const Asker& asker) {
                return AllowedOfAll{allowed_of(asker.user), allowed_of(asker.by.key),
                                    allowed_of(asker.by.address)};
            },
            overload_, [this] { return now_; });
    }
    Allowed allowed_of(const std::string& name) const {
        Allowed allowed;
        allowed.turns_waiting = overload_.turns_waiting;
        const auto found = allowed_.find(name);
        return found == allowed_.end() ? allowed : found->second;
    }
    void make(int at_once, int waiting) {
        overload_.turns_at_once = at_once;
        overload_.turns_waiting = waiting;
        make();
    }
    // A user, a key or an address.
    void allow(const std::string& name, int at_once, int waiting) {
        allowed_[name].turns_at_once = at_once;
        allowed_[name].turns_waiting = waiting;
    }
    static Task<void> begin(Place place, std::stop_token gone, AskedPtr asked) {
        try {
            co_await place.begin(std::move(gone));
            asked->place = std::move(place);
        } catch (const Error& error) {
            asked->refusal = error;
        }
    }
    void settle() {
        io_.restart();
        io_.poll();
    }
    // Until it has its place or is refused.
    AskedPtr ask_and_wait(const Asker& asker) {
        const auto asked = std::make_shared<Asked>();
        asio::co_spawn(io_, begin(slots_->enter(asker), {}, asked), asio::detached);
        io_.restart();
        while (!asked->place && !asked->refusal && io_.run_one() > 0) {}
        return asked;
    }
    AskedPtr ask(const Asker& asker, std::stop_token gone = {}) {
        const auto asked = std::make_shared<Asked>();
        try {
            Place place = slots_->enter(asker);
            asio::co_spawn(io_, begin(std::move(place), std::move(gone), asked), asio::detached);
        } catch (const Error& error) {
            asked->refusal = error;
        }
        settle();
        return asked;
    }
    AskedPtr ask(const char* user, std::stop_token gone = {}) { return ask(Asker{user}, std::move(gone)); }
    std::vector<AskedPtr> ask(const char* user, int times) {
        std::vector<AskedPtr> all;
        for (int i = 0; i < times; ++i) all.push_back(ask(user));
        return all;
    }
    void end(const AskedPtr& asked) {
        asked->place.reset();
        settle();
    }
    static int running(const std::vector<AskedPtr>& all) {
        return static_cast<int>(std::count_if(all.begin(), all.end(),
                                              [](const AskedPtr& one) { return one->place.has_value(); }));
    }
    static int refused(const std::vector<AskedPtr>& all) {
        return static_cast<int>(std::count_if(all.begin(), all.end(),
                                              [](const AskedPtr& one) { return one->refusal.has_value(); }));
    }

    OverloadConfig overload_;
    std::map<std::string, Allowed> allowed_;
    std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
    asio::io_context io_{1};
    std::shared_ptr<TurnSlots> slots_;
};

TEST_F(TurnSlotsTest, OneMoreThanAUserMayHaveWaitsAndOneMoreIsRefusedAtOnce) {
    allow("alice", 2, 1);
    const auto alice = ask("alice", 4);
    EXPECT_EQ(running(alice), 2);
    ASSERT_TRUE(alice[3]->refusal);
    EXPECT_EQ(alice[3]->refusal->code(), ErrorCode::rate_limited);
    EXPECT_THAT(alice[3]->refusal->what(),
                HasSubstr("alice has 2 turns running and 1 waiting; 2 at once are allowed, and 1 may wait."));
    EXPECT_GE(alice[3]->refusal->retry_after().value(), std::chrono::seconds(1));
    EXPECT_TRUE(ask("bob")->place) << "the limit is each user's own";
    end(alice[0]);
    EXPECT_TRUE(alice[2]->place) << "who waited comes next";
    EXPECT_FALSE(ask("alice")->refusal);
    EXPECT_EQ(slots_->counts("alice").running, 2);
    EXPECT_EQ(slots_->counts("alice").waiting, 1);
}

TEST_F(TurnSlotsTest, WithoutWaitingTheRestIsRefused) {
    allow("alice", 1, 0);
    const auto alice = ask("alice", 3);
    EXPECT_EQ(running(alice), 1);
    EXPECT_EQ(refused(alice), 2);
    end(alice[0]);
    EXPECT_TRUE(ask("alice")->place);
}

TEST_F(TurnSlotsTest, ManyThatComeAtTheSameMomentDoNotAllPass) {
    allow("alice", 2, 1);
    std::vector<Place> entered;
    for (int i = 0; i < 3; ++i) entered.push_back(slots_->enter({"alice"}));
    EXPECT_THROW(slots_->enter({"alice"}), Error) << "although none of them runs yet";
    entered.clear();
    EXPECT_EQ(slots_->counts("alice").waiting, 0);
    EXPECT_NO_THROW(slots_->enter({"alice"}));
}

TEST_F(TurnSlotsTest, OneUserNeverHasAllPlaces) {
    make(16, 50);
    const auto flood = ask("mallory", 40);
    EXPECT_EQ(running(flood), 12) << "three quarters";
    EXPECT_EQ(refused(flood), 0);
    const auto alice = ask("alice", 2);
    EXPECT_EQ(running(alice), 2) << "there is room for who comes new, at once";
    // Two who want everything leave room as well.
    const auto second = ask("trudy", 40);
    EXPECT_EQ(running(second), 2);
    for (std::size_t i = 0; i < 12; ++i) end(flood[i]);
    EXPECT_LE(std::abs(slots_->counts("mallory").running - slots_->counts("trudy").running), 1)
        << "both have what is fair once the first has given back what he had";
    EXPECT_LT(slots_->counts().running, 16);
    EXPECT_TRUE(ask("bob")->place);
}

TEST_F(TurnSlotsTest, AFreePlaceGoesToWhoHasTheFewest) {
    make(4, 50);
    const auto flood = ask("mallory", 10);
    EXPECT_EQ(running(flood), 3);
    const auto alice = ask("alice");
    EXPECT_TRUE(alice->place);
    const auto bob = ask("bob");
    const auto second = ask("alice");
    EXPECT_FALSE(bob->place || second->place) << "there are no more";
    end(flood[0]);
    EXPECT_TRUE(bob->place) << "he has none, although mallory has waited longer";
    end(flood[1]);
    EXPECT_TRUE(flood[3]->place) << "both have one, and mallory has waited longer";
    EXPECT_FALSE(second->place);
    end(bob);
    EXPECT_TRUE(second->place) << "now mallory has two";
}

TEST_F(TurnSlotsTest, OfOneUserWhoCameFirstComesFirst) {
    allow("alice", 1, 10);
    const auto alice = ask("alice", 4);
    std::vector<std::size_t> order;
    for (int i = 0; i < 3; ++i) {
        end(alice[order.empty() ? 0 : order.back()]);
        for (std::size_t k = 1; k < 4; ++k)
            if (alice[k]->place) order.push_back(k);
    }
    EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST_F(TurnSlotsTest, WhoLeavesWhileHeWaitsTakesNoPlace) {
    allow("alice", 1, 10);
    const auto first = ask("alice");
    std::stop_source gone;
    const auto leaver = ask("alice", gone.get_token());
    const auto third = ask("alice");
    gone.request_stop();
    settle();
    ASSERT_TRUE(leaver->refusal);
    EXPECT_EQ(leaver->refusal->code(), ErrorCode::cancelled);
    EXPECT_EQ(slots_->counts("alice").waiting, 1);
    end(first);
    EXPECT_TRUE(third->place);
    end(third);
    EXPECT_EQ(slots_->counts().running, 0);
}

TEST_F(TurnSlotsTest, WhoWaitsTooLongIsToldSo) {
    overload_.turn_wait = std::chrono::milliseconds(0);
    make(1, 10);
    const auto first = ask("alice");
    const auto late = ask_and_wait({"bob"});
    ASSERT_TRUE(late->refusal);
    EXPECT_EQ(late->refusal->code(), ErrorCode::unavailable);
    EXPECT_TRUE(late->refusal->retry_after());
    end(first);
    EXPECT_EQ(slots_->counts().running, 0) << "no place was given to who had left";
    EXPECT_TRUE(ask("bob")->place);
}

TEST_F(TurnSlotsTest, WhoWaitsTooLongForHisOwnTurnsIsToldSo) {
    overload_.turn_wait = std::chrono::milliseconds(0);
    make(100, 10);
    allow("alice", 1, 1);
    allow("key_ci", 1, 1);
    const auto first = ask("alice");
    const auto by_key = ask(Asker{"bob", {"key_ci", ""}});
    const auto late = ask_and_wait({"alice"});
    ASSERT_TRUE(late->refusal);
    EXPECT_EQ(late->refusal->code(), ErrorCode::rate_limited);
    EXPECT_THAT(late->refusal->what(), HasSubstr("alice has 1 turn running; 1 at once are allowed"));
    EXPECT_TRUE(late->refusal->retry_after());
    const auto late_by_key = ask_and_wait(Asker{"bob", {"key_ci", ""}});
    ASSERT_TRUE(late_by_key->refusal);
    EXPECT_THAT(late_by_key->refusal->what(), HasSubstr("This key has 1 turn running"));
    EXPECT_EQ(slots_->counts().waiting, 0);
}

TEST_F(TurnSlotsTest, WhenTheDaemonIsFullTheRestIsToldThatItIsBusy) {
    make(1, 1);
    const auto first = ask("alice");
    const auto second = ask("bob");
    const auto third = ask("bob");
    EXPECT_FALSE(second->refusal);
    ASSERT_TRUE(third->refusal);
    EXPECT_EQ(third->refusal->code(), ErrorCode::unavailable);
    EXPECT_THAT(third->refusal->what(), HasSubstr("as many messages as it can"));
}

TEST_F(TurnSlotsTest, TurnsBeginAsOthersComeToRest) {
    overload_.turns_at_work = 8;
    overload_.turns_waiting = 2;
    make();
    const auto flood = ask("mallory", 30);
    EXPECT_EQ(running(flood), 6) << "three quarters of those that may be at work";
    EXPECT_EQ(refused(flood), 0) << "the others begin later, however many they are";
    const auto alice = ask("alice");
    EXPECT_TRUE(alice->place);
    std::vector<std::unique_ptr<TurnSlots::Resting>> resting;
    for (int i = 0; i < 4; ++i) resting.push_back(std::make_unique<TurnSlots::Resting>(slots_, "mallory"));
    settle();
    EXPECT_EQ(slots_->counts("mallory").running - slots_->counts("mallory").resting, 6);
    EXPECT_EQ(running(flood), 10);
    resting.clear();
    EXPECT_EQ(slots_->counts().resting, 0);
    const auto bob = ask("bob");
    EXPECT_FALSE(bob->place) << "all that have come back are at work";
    for (std::size_t i = 0; i < 4; ++i) end(flood[i]);
    EXPECT_TRUE(bob->place);
}

// One place, in which each turn takes two seconds: of those that come together, five are served in ten.
TEST_F(TurnSlotsTest, WhoWouldWaitTooLongIsToldSoWhenHeComes) {
    overload_.turn_wait = 10s;
    make(1, 50);
    for (int i = 0; i < 20; ++i) {
        const auto turn = ask("alice");
        ASSERT_TRUE(turn->place);
        now_ += 2s;
        end(turn);
    }
    const auto running_one = ask("alice");
    const auto flood = ask("mallory", 8);
    EXPECT_EQ(refused(flood), 3);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_FALSE(flood[i]->refusal) << i;
    EXPECT_EQ(flood[7]->refusal->code(), ErrorCode::unavailable);
    EXPECT_FALSE(ask("bob")->refusal) << "he comes before most of mallory's";
}

// As when their requests' bodies are still to be read.
TEST_F(TurnSlotsTest, WhoIsOnHisWayStandsBeforeWhoComesLater) {
    overload_.turn_wait = 10s;
    make(1, 50);
    for (int i = 0; i < 20; ++i) {
        const auto turn = ask("alice");
        now_ += 2s;
        end(turn);
    }
    const auto running_one = ask("alice");
    std::vector<Place> entered;
    for (int i = 0; i < 5; ++i) entered.push_back(slots_->enter({"mallory"}));
    EXPECT_THROW(slots_->enter({"mallory"}), Error);
    entered.back().stand_back();
    EXPECT_NO_THROW(slots_->enter({"mallory"})) << "who waits for his conversation is in nobody's way";
    entered.pop_back();
    EXPECT_NO_THROW(slots_->enter({"mallory"})) << "nor is who has left";
    EXPECT_EQ(slots_->counts("mallory").waiting, 4);
}

// Whoever was let in is not told later that it is too much.
TEST_F(TurnSlotsTest, WhoWasLetInWaits) {
    overload_.turn_wait = 10s;
    make(1, 50);
    const auto first = ask("alice");
    Place early = slots_->enter({"bob"});
    Place aside = slots_->enter({"carol"});
    aside.stand_back();
    now_ += 60s;
    const auto bob = std::make_shared<Asked>();
    asio::co_spawn(io_, begin(std::move(early), {}, bob), asio::detached);
    const auto carol = std::make_shared<Asked>();
    asio::co_spawn(io_, begin(std::move(aside), {}, carol), asio::detached);
    settle();
    EXPECT_FALSE(bob->refusal);
    EXPECT_TRUE(carol->refusal) << "others came first while she waited for her conversation";
    end(first);
    EXPECT_TRUE(bob->place);
}

TEST_F(TurnSlotsTest, WhenNothingEndsWhoComesLateIsToldSoAndWhoComesEarlyWaits) {
    overload_.turn_wait = 10s;
    make(1, 50);
    const auto stuck = ask("alice");
    now_ += 1s;
    EXPECT_FALSE(ask("bob")->refusal) << "nobody knows yet how long it takes";
    now_ += 20s;
    EXPECT_TRUE(ask("carol")->refusal);
    end(stuck);
    now_ += 1s;
    EXPECT_FALSE(ask("carol")->refusal) << "places become free again";
}

TEST_F(TurnSlotsTest, AUsersOwnTurnsSayHowLongHisNextOneWaits) {
    overload_.turn_wait = 10s;
    make();
    allow("alice", 2, 50);
    const auto alice = ask("alice", 2);
    now_ += 30s;
    const auto late = ask("alice");
    ASSERT_TRUE(late->refusal);
    EXPECT_EQ(late->refusal->code(), ErrorCode::rate_limited);
    EXPECT_THAT(late->refusal->what(),
                HasSubstr("alice has 2 turns running and 0 waiting; 2 at once are allowed, and as long as "
                          "they take one more would wait for more than 10 s."));
    EXPECT_TRUE(ask("bob")->place);
}

TEST_F(TurnSlotsTest, WhoCannotBeAtWorkSoonIsToldSo) {
    overload_.turn_wait = 1s;
    overload_.turns_at_work = 1;
    make();
    const auto first = ask("mallory");
    now_ += 3s;
    EXPECT_TRUE(ask("mallory")->refusal);
    {
        const TurnSlots::Resting resting(slots_, "mallory");
        EXPECT_TRUE(ask("mallory")->place) << "the first one waits for its model";
    }
    EXPECT_TRUE(first->place);
}

TEST_F(TurnSlotsTest, KeysAndAddressesHaveTheirOwnPlaces) {
    allow("key_ci", 1, 1);
    allow("192.0.2.1", 1, 0);
    const Asker by_key{"alice", {"key_ci", "192.0.2.7"}};
    const auto first = ask(by_key);
    const auto second = ask(by_key);
    const auto third = ask(by_key);
    EXPECT_TRUE(first->place);
    EXPECT_FALSE(second->place || second->refusal);
    ASSERT_TRUE(third->refusal);
    EXPECT_EQ(third->refusal->code(), ErrorCode::rate_limited);
    EXPECT_THAT(third->refusal->what(),
                HasSubstr("This key has 1 turn running and 1 waiting; 1 at once are allowed"));
    EXPECT_TRUE(ask(Asker{"alice", {"key_other", "192.0.2.7"}})->place)
        << "her other key's turn passes by the one that waits";
    EXPECT_EQ(slots_->counts_of_key("key_ci").waiting, 1);

    const auto here = ask(Asker{"bob", {"", "192.0.2.1"}});
    EXPECT_TRUE(here->place);
    EXPECT_THAT(ask(Asker{"carol", {"", "192.0.2.1"}})->refusal->what(),
                HasSubstr("This address has 1 turn"));
    EXPECT_EQ(slots_->counts_of_address("192.0.2.1").running, 1);
    end(here);
    EXPECT_TRUE(ask(Asker{"carol", {"", "192.0.2.1"}})->place);
    end(first);
    EXPECT_TRUE(second->place);
    EXPECT_EQ(slots_->counts_of_key("key_ci").running, 1);
}

TEST_F(TurnSlotsTest, WhoLeavesIsAheadOfNobody) {
    overload_.turn_wait = 10s;
    make(1, 50);
    allow("alice", 1, 50);
    const auto first = ask("alice");
    now_ += 4s;
    std::stop_source gone;
    const auto leavers = {ask("alice", gone.get_token()), ask("alice", gone.get_token())};
    EXPECT_TRUE(ask("alice")->refusal) << "two are ahead, and one has taken 4 s";
    gone.request_stop();
    settle();
    for (const AskedPtr& leaver : leavers) EXPECT_TRUE(leaver->refusal);
    const auto next = ask("alice");
    EXPECT_FALSE(next->refusal);
    end(first);
    EXPECT_TRUE(next->place);
}

TEST_F(TurnSlotsTest, WhatRanBeforeARestartGoesOnAndCounts) {
    allow("alice", 1, 0);
    std::vector<Place> resumed;
    for (int i = 0; i < 3; ++i) resumed.push_back(slots_->go_on("alice"));
    EXPECT_EQ(slots_->counts("alice").running, 3);
    EXPECT_TRUE(ask("alice")->refusal);
    resumed.clear();
    EXPECT_TRUE(ask("alice")->place);
}

TEST_F(TurnSlotsTest, WhoWaitsWhenTheDaemonEndsIsToldSo) {
    allow("alice", 1, 10);
    const auto first = ask("alice");
    const auto waiting = ask("alice");
    slots_->close();
    settle();
    ASSERT_TRUE(waiting->refusal);
    EXPECT_EQ(waiting->refusal->code(), ErrorCode::unavailable);
    EXPECT_TRUE(ask("bob")->refusal);
}

TEST_F(TurnSlotsTest, HigherLimitsLetInWhoWaits) {
    allow("alice", 1, 10);
    const auto alice = ask("alice", 5);
    EXPECT_EQ(running(alice), 1);
    allow("alice", 3, 10);
    slots_->change(overload_);
    settle();
    EXPECT_EQ(running(alice), 3);
}

}  // namespace
}  // namespace assistd::core
