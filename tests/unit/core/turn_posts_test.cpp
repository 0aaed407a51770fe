// More than one post to a conversation, the same one twice, other people's, and an ended turn told again.

#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

TEST_F(TurnServiceTest, ASecondMessageWaitsItsTurnOrIsRefused) {
    provider_.hangs = true;
    const TurnHandle first = begin(request("One"));
    io_.run(provider_.hanging.wait());
    TurnRequest impatient = request("Two");
    impatient.wait = false;
    try {
        begin(impatient);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
    auto second = io_.start(service_->start(request("Three")));
    provider_.hangs = false;
    io_.run(service_->cancel("local", first.turn->id));
    EXPECT_EQ(end_of(second.get()).state, TurnState::completed);
    EXPECT_THAT(transcript(),
                testing::ElementsAre("user:One", "assistant:Hello.", "user:Three", "assistant:Hello."));
}

TEST_F(TurnServiceTest, OneKeyIsOneTurn) {
    TurnRequest keyed = request("Once");
    keyed.idempotency_key = "key-1";
    const TurnHandle first = begin(keyed);
    const TurnHandle again = begin(keyed);
    EXPECT_EQ(end_of(first).id, end_of(again).id);
    EXPECT_EQ(begin(keyed).turn->id, first.turn->id);
    EXPECT_EQ(provider_.rounds, 1);
    EXPECT_EQ(transcript().size(), 2u);
    keyed.content = "Something else";
    EXPECT_THROW(begin(keyed), Error);
}

TEST_F(TurnServiceTest, ManyPostsOfOneKeyAtOnceAreOneTurn) {
    TurnRequest keyed = request("Once");
    keyed.idempotency_key = "key-2";
    std::vector<std::future<TurnHandle>> posts;
    for (int i = 0; i < 20; ++i) posts.push_back(io_.start(service_->start(keyed)));
    std::set<TurnId> turns;
    for (auto& post : posts) turns.insert(post.get().turn->id);
    EXPECT_EQ(turns.size(), 1u);
    EXPECT_EQ(provider_.rounds, 1);
}

TEST_F(TurnServiceTest, OthersConversationsAndTurnsAreNotFound) {
    const TurnHandle handle = begin(request("Mine"));
    end_of(handle);
    TurnRequest stranger = request("Yours");
    stranger.owner = "stranger";
    for (const auto& attempt : std::vector<std::function<void()>>{
             [&] { begin(stranger); }, [&] { io_.run(service_->find("stranger", handle.turn->id)); },
             [&] { io_.run(service_->cancel("stranger", handle.turn->id)); }}) {
        try {
            attempt();
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::not_found);
        }
    }
}

TEST_F(TurnServiceTest, AnEndedTurnIsToldAgainFromTheStoreWithTheSameIds) {
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"again", "once"}) : says("Done.");
    };
    const TurnHandle handle = begin(request("Go"));
    std::map<std::int64_t, std::size_t> live;  // id -> kind of event
    for (const auto& event : events_of(handle)) live[event->id] = event->body.index();

    start_service();  // one that remembers no turn
    const TurnHandle replay = io_.run(service_->find("local", handle.turn->id));
    const auto events = events_of(replay);
    ASSERT_GE(events.size(), 8u);
    std::string text;
    for (const auto& event : events) {
        EXPECT_EQ(live.at(event->id), event->body.index()) << event->id;
        if (const auto* delta = std::get_if<MessageDelta>(&event->body)) text += delta->text;
    }
    EXPECT_EQ(text, "Done.");
    EXPECT_EQ(end_of(replay).state, TurnState::completed);
}

}  // namespace
}  // namespace assistd::core
