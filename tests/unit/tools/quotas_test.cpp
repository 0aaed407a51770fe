#include "tools/quotas.h"

#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using namespace std::chrono_literals;
using core::CallRefusal;
using testing::HasSubstr;

class QuotasTest : public testing::Test {
  protected:
    ~QuotasTest() override { pool.join(); }

    void limit(CallLimit one) {
        one.place = "a.yaml:" + std::to_string(limits.size() + 1);
        limits.push_back(std::move(one));
    }
    void start() {
        const auto find = [](const std::string& name) { return spec(name); };
        const Quotas::Clock clock{[this] { return wall; }, [this] { return steady; }};
        quotas = std::make_shared<Quotas>(limits, counts, find, clock);
    }
    static std::shared_ptr<const core::ToolSpec> spec(const std::string& name) {
        auto made = std::make_shared<core::ToolSpec>();
        made->name = name;
        made->plugin = name == "list_artifacts" ? "assistd" : "org.example";
        return made;
    }
    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(asio::make_strand(pool.get_executor()), std::move(task), asio::use_future)
            .get();
    }
    Quotas::Taken take(const std::string& user, const std::string& tool = "grow") {
        return run(quotas->take({user, roles}, spec(tool)));
    }
    // A whole call; false when it was refused.
    bool call(const std::string& user, const std::string& tool = "grow") {
        Quotas::Taken taken = take(user, tool);
        taken.place.count();
        return !taken.refusal;
    }
    json refusal(const std::string& user, const std::string& tool = "grow") {
        const Quotas::Taken taken = take(user, tool);
        return taken.refusal ? json::parse(taken.refusal->body)["error"] : json();
    }
    std::vector<core::QuotaStatus> status(const std::string& user, const std::string& tool = "grow") {
        return run(quotas->status({user, roles}, spec(tool)));
    }
    void later(std::chrono::seconds time) {
        wall += time;
        steady += time;
    }

    asio::thread_pool pool{2};
    FakeCounts counts;
    std::vector<CallLimit> limits;
    std::vector<std::string> roles;
    Timestamp wall = *parse_iso8601("2026-03-01T12:00:00.000000Z");
    std::chrono::steady_clock::time_point steady{};
    std::shared_ptr<Quotas> quotas;
};

TEST_F(QuotasTest, SoManyCallsInAnyMinute) {
    limit({.per_minute = 2});
    start();
    EXPECT_TRUE(call("bob"));
    later(50s);
    EXPECT_TRUE(call("bob"));
    EXPECT_TRUE(call("alice")) << "each has his own";
    later(1s);
    const Quotas::Taken taken = take("bob");
    ASSERT_TRUE(taken.refusal);
    EXPECT_EQ(taken.refusal->refusal, CallRefusal::per_minute);
    EXPECT_EQ(taken.refusal->retry_after, 9s);
    EXPECT_EQ(taken.decided_by, "a.yaml:1");
    EXPECT_EQ(json::parse(taken.refusal->body)["error"], json::parse(R"({"error_type": "QuotaExceededError",
        "message": "bob has used up the limit of 2 calls a minute for all tools together (a.yaml:1); it is free again in 9 s, at 2026-03-01T12:01:00.000000Z.",
        "recoverable": true, "details": {"per": "minute", "limit": 2, "free_at": "2026-03-01T12:01:00.000000Z", "retry_after_s": 9}})"));
    later(9s);
    EXPECT_TRUE(call("bob")) << "as it had said";
    EXPECT_FALSE(call("bob"));
}

TEST_F(QuotasTest, TheDayEndsAtMidnightOfUtc) {
    limit({.per_day = 1});
    start();
    EXPECT_TRUE(call("bob"));
    later(11h + 59min + 59s);
    const json error = refusal("bob");
    EXPECT_EQ(error["details"]["retry_after_s"], 1);
    EXPECT_EQ(error["details"]["free_at"], "2026-03-02T00:00:00.000000Z");
    EXPECT_EQ(error["recoverable"], false);
    later(1s);
    EXPECT_TRUE(call("bob"));
    EXPECT_FALSE(call("bob"));
    EXPECT_EQ(counts.rows.size(), 2u) << "each call on its day";
}

TEST_F(QuotasTest, ADaysCountSurvivesARestart) {
    limit({.tools = {{ToolPattern::Kind::name, "grow"}}, .per_day = 2});
    start();
    EXPECT_TRUE(call("bob"));
    start();
    EXPECT_EQ(status("bob").at(0).used, 1);
    EXPECT_TRUE(call("bob"));
    start();
    EXPECT_FALSE(call("bob"));
    EXPECT_TRUE(call("alice"));
    EXPECT_TRUE(call("bob", "other"));
}

TEST_F(QuotasTest, TwoFirstCallsSideBySideReadTheDaysCountOnce) {
    limit({.per_day = 5});
    start();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(call("bob"));
    start();
    counts.reads = 0;
    const std::deque<OneShot<>> held(2);
    counts.held = held;
    std::vector<std::future<Quotas::Taken>> calls;
    for (int i = 0; i < 2; ++i)
        calls.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()),
                                       quotas->take({"bob", {}}, spec("grow")), asio::use_future));
    EXPECT_TRUE(eventually([&] { return counts.reads == 2; }));
    for (const OneShot<>& one : held) one.set();
    std::vector<Quotas::Taken> both;
    for (auto& one : calls) both.push_back(one.get());
    EXPECT_FALSE(both[0].refusal || both[1].refusal);
    EXPECT_EQ(status("bob").at(0).used, 5);
}

TEST_F(QuotasTest, AClockThatIsSetBackFindsItsDayAgain) {
    limit({.per_day = 1});
    start();
    EXPECT_TRUE(call("bob"));
    wall += 24h;
    EXPECT_TRUE(call("bob"));
    wall -= 24h;
    EXPECT_FALSE(call("bob"));
}

TEST_F(QuotasTest, SoManyCallsAtOnce) {
    limit({.at_once = 1});
    start();
    {
        const Quotas::Taken running = take("bob");
        EXPECT_FALSE(running.refusal);
        const json error = refusal("bob");
        EXPECT_EQ(error["message"],
                  "bob has 1 call running, which is the limit for all tools together (a.yaml:1); "
                  "it is free again as soon as one of them has ended.");
        EXPECT_EQ(error["details"]["retry_after_s"], 1);
        EXPECT_FALSE(take("alice").refusal);
    }
    EXPECT_TRUE(call("bob"));
}

TEST_F(QuotasTest, ACallThatNeverBeganCountsForNothing) {
    limit({.per_minute = 1, .per_day = 1, .at_once = 1});
    start();
    { const Quotas::Taken refused_by_a_person = take("bob"); }
    EXPECT_TRUE(counts.rows.empty());
    EXPECT_TRUE(call("bob"));
    EXPECT_FALSE(call("bob"));
}

TEST_F(QuotasTest, ACallThatGoesOnAfterARestartRunsAndIsNotCountedAgain) {
    limit({.per_minute = 5, .per_day = 1, .at_once = 1});
    start();
    EXPECT_TRUE(call("bob"));
    start();
    {
        Quotas::Place place = quotas->go_on({"bob", {}}, *spec("grow"));
        place.count();
        EXPECT_EQ(take("bob").refusal->refusal, CallRefusal::per_day);
        EXPECT_EQ(status("bob").at(0).used, 0);
        EXPECT_EQ(status("bob").at(2).used, 1);
    }
    EXPECT_EQ(counts.total(), 1);
    EXPECT_EQ(status("bob").at(2).used, 0);
}

TEST_F(QuotasTest, EveryLimitThatFitsMustHaveRoomOrNoneIsTaken) {
    limit({.tools = {{ToolPattern::Kind::name, "grow"}}, .per_day = 10});
    limit({.people = {{"bob"}, {}}, .per_minute = 1});
    limit({.people = {{}, {"staff"}}, .at_once = 1});
    start();
    EXPECT_TRUE(call("bob"));
    EXPECT_FALSE(call("bob"));
    EXPECT_EQ(status("bob").at(0).used, 1) << "the refused call did not count here";
    EXPECT_TRUE(call("alice"));
    EXPECT_TRUE(call("alice"));
    roles = {"staff"};
    const Quotas::Taken running = take("alice");
    EXPECT_EQ(take("alice").decided_by, "a.yaml:3");
}

TEST_F(QuotasTest, OfTwoThatAreUsedUpTheOneThatIsFreeLastIsTold) {
    limit({.per_minute = 1, .per_day = 1, .at_once = 1});
    start();
    Quotas::Taken running = take("bob");
    running.place.count();
    EXPECT_EQ(take("bob").refusal->refusal, CallRefusal::per_day);
}

TEST_F(QuotasTest, TheDaemonsOwnToolsCountOnlyWhereTheyAreNamed) {
    limit({.per_minute = 1});
    start();
    EXPECT_TRUE(call("bob", "list_artifacts"));
    EXPECT_TRUE(call("bob", "list_artifacts"));
    EXPECT_TRUE(call("bob"));
    limit({.tools = {{ToolPattern::Kind::name, "*"}}, .per_minute = 1});
    start();
    EXPECT_TRUE(call("bob", "list_artifacts"));
    EXPECT_FALSE(call("bob", "list_artifacts"));
}

TEST_F(QuotasTest, CallsSideBySideNeverExceedALimit) {
    limit({.per_minute = 40, .per_day = 30, .at_once = 16});
    start();
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    std::atomic<int> let_in = 0;
    const auto one = [&]() -> Task<void> {
        const std::shared_ptr<const core::ToolSpec> tool = spec("grow");
        const Caller caller{"bob", {}};
        Quotas::Taken taken = co_await quotas->take(caller, tool);
        if (taken.refusal) co_return;
        ++let_in;
        const int now_running = ++running;
        for (int seen = most; now_running > seen && !most.compare_exchange_weak(seen, now_running);) {}
        taken.place.count();
        co_await asio::post(asio::use_awaitable);
        --running;
    };
    std::vector<std::future<void>> calls;
    for (int i = 0; i < 500; ++i)
        calls.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()), one, asio::use_future));
    for (auto& call : calls) call.get();
    EXPECT_LE(let_in, 30);
    EXPECT_GE(let_in, 16);
    EXPECT_LE(most, 16);
    EXPECT_EQ(counts.total(), let_in);
}

TEST_F(QuotasTest, UsersWhoHaveNotCalledForAWhileAreForgotten) {
    limit({.per_day = 1});
    start();
    const Quotas::Taken running = take("runs");
    for (int i = 0; i < 3'000; ++i) {
        EXPECT_TRUE(call("user" + std::to_string(i)));
        later(1s);
    }
    EXPECT_LT(quotas->users(), 2'100u);
    EXPECT_FALSE(call("user0")) << "the store remembers";
    EXPECT_FALSE(call("runs"));
}

TEST_F(QuotasTest, CountsThatCannotBeReadRefuse) {
    limit({.per_day = 1});
    start();
    counts.fails = true;
    EXPECT_THROW(take("bob"), Error);
    counts.fails = false;
    EXPECT_TRUE(call("bob"));
}

TEST_F(QuotasTest, TellsWhatIsLeft) {
    limit({.tools = {{ToolPattern::Kind::name, "grow"}}, .per_minute = 1, .per_day = 3, .at_once = 2});
    start();
    EXPECT_TRUE(call("bob"));
    later(20s);
    const auto all = status("bob");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].per + all[1].per + all[2].per, "minutedayat_once");
    EXPECT_EQ(all[0].used, 1);
    EXPECT_EQ(all[0].free_at, wall + 40s);
    EXPECT_EQ(all[1].used, 1);
    EXPECT_FALSE(all[1].free_at);
    EXPECT_EQ(all[2].used, 0);
    EXPECT_EQ(all[2].tools, std::vector<std::string>{"grow"});
    EXPECT_TRUE(status("bob", "other").empty());
}

}  // namespace
}  // namespace assistd::tools
