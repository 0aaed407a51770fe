#include "core/audit.h"

#include "store/database.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

class AuditTest : public StoreTest {
  protected:
    void add(std::int64_t seconds, const std::string& tool = "grow", const core::Owner& owner = "local") {
        core::AuditEntry entry;
        entry.at = at(seconds);
        entry.owner = owner;
        entry.tool = tool;
        entry.outcome = "success";
        entry.decided_by = "assistd.yaml:7";
        commit(storage_->audit().add(entry));
    }
    std::vector<Timestamp> times(core::AuditQuery query) {
        query.owner = "local";
        std::vector<Timestamp> found;
        for (const core::AuditEntry& entry : run(storage_->audit().list(query)).items)
            found.push_back(entry.at);
        return found;
    }
    std::int64_t rows() {
        Database db(database(), Database::Mode::read_only);
        Rows all = db.query("SELECT count(*) FROM audit");
        all.next();
        return all.integer(0);
    }
};

TEST_F(AuditTest, SaysWhoDecided) {
    add(1);
    core::AuditQuery query;
    query.owner = "local";
    EXPECT_EQ(run(storage_->audit().list(query)).items.at(0).decided_by, "assistd.yaml:7");
}

TEST_F(AuditTest, FromOneMomentUpToAnother) {
    for (const int second : {10, 20, 30}) add(second);
    EXPECT_EQ(times({}), (std::vector{at(30), at(20), at(10)}));
    EXPECT_EQ(times({.since = at(20)}), (std::vector{at(30), at(20)}));
    EXPECT_EQ(times({.before = at(20)}), (std::vector{at(10)}));
    EXPECT_EQ(times({.since = at(11), .before = at(30)}), (std::vector{at(20)}));
    core::AuditQuery first{.owner = "local", .since = at(5), .limit = 1};
    first.cursor = run(storage_->audit().list(first)).next;
    EXPECT_EQ(times({.since = at(5), .limit = 1, .cursor = first.cursor}), (std::vector{at(20)}));
    core::AuditQuery other = first;
    other.since = at(6);
    EXPECT_EQ(error_of(storage_->audit().list(other)), ErrorCode::validation);
}

TEST_F(AuditTest, OfOneOrOfEverybody) {
    add(1, "grow", "ann");
    add(2, "grow", "bob");
    add(3, "cut", "ann");
    core::AuditQuery query{.limit = 1, .everybody = true};
    std::vector<std::string> found;
    do {
        const auto page = run(storage_->audit().list(query));
        for (const core::AuditEntry& entry : page.items) found.push_back(entry.owner + " " + entry.tool);
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(found, (std::vector<std::string>{"ann cut", "bob grow", "ann grow"}));
    core::AuditQuery of_ann{.owner = "ann"};
    EXPECT_EQ(run(storage_->audit().list(of_ann)).items.size(), 2u);
    // A page of everybody's is none of one's own.
    query.cursor = run(storage_->audit().list({.limit = 1, .everybody = true})).next;
    query.everybody = false;
    query.owner = "ann";
    EXPECT_EQ(error_of(storage_->audit().list(query)), ErrorCode::validation);
}

TEST_F(AuditTest, ADeedIsNoCall) {
    core::AuditEntry entry;
    entry.at = at(1);
    entry.owner = "root";
    entry.tool = "keys.create";
    entry.outcome = "success";
    entry.deed = core::Deed{"ann", "key_1", "key_0"};
    commit(storage_->audit().add(entry));
    add(2, "grow", "root");
    const auto found = run(storage_->audit().list({.owner = "root"})).items;
    ASSERT_EQ(found.size(), 2u);
    EXPECT_FALSE(found[0].deed);
    ASSERT_TRUE(found[1].deed);
    EXPECT_EQ(found[1].deed->whom, "ann");
    EXPECT_EQ(found[1].deed->details, "key_1");
    EXPECT_EQ(found[1].deed->credential, "key_0");
    EXPECT_EQ(found[1].plugin + found[1].call_id + found[1].project_id + found[1].decided_by, "");
    EXPECT_TRUE(run(storage_->reliability().of_tools({"root", at(0), at(9), true})).empty());
}

core::AuditEntry grow_call() {
    core::AuditEntry entry;
    entry.owner = "local";
    entry.tool = "grow";
    entry.plugin = "org.example";
    entry.decided_by = "assistd.yaml:7";
    return entry;
}

TEST_F(AuditTest, ACallIsOneEntryFromItsBeginningToItsEnd) {
    core::AuditEntry entry = grow_call();
    commit(storage_->audit().begin(entry));
    const auto entries = [&] { return run(storage_->audit().list({.owner = "local"})).items; };
    ASSERT_EQ(entries().size(), 1u);
    EXPECT_EQ(entries()[0].outcome, "running");
    entry.at = at(5);
    entry.outcome = "job";
    entry.job = JobId::make();
    commit(storage_->audit().add(entry));
    ASSERT_EQ(entries().size(), 1u);
    EXPECT_EQ(entries()[0].outcome, "job");
    EXPECT_EQ(entries()[0].job, entry.job);
    // Whoever ends a job may be the next daemon, which knows the job alone.
    core::AuditEntry end = grow_call();
    end.at = at(9);
    end.outcome = "success";
    end.job = entry.job;
    end.decided_by = "";
    end.artifacts = 2;
    commit(storage_->audit().add(end));
    ASSERT_EQ(entries().size(), 1u);
    EXPECT_EQ(entries()[0].outcome, "success");
    EXPECT_EQ(entries()[0].at, at(9));
    EXPECT_EQ(entries()[0].artifacts, 2);
    EXPECT_EQ(entries()[0].decided_by, "assistd.yaml:7");
    // The end of a job that no entry tells of is one.
    end.job = JobId::make();
    commit(storage_->audit().add(end));
    EXPECT_EQ(entries().size(), 2u);
}

TEST_F(AuditTest, WhatRanWhenTheDaemonDiedIsLost) {
    core::AuditEntry running = grow_call(), ended = grow_call();
    commit(storage_->audit().begin(running));
    commit(storage_->audit().begin(ended));
    ended.at = at(5);
    ended.outcome = "success";
    ended.duration = std::chrono::milliseconds(3);
    commit(storage_->audit().add(ended));
    reopen();
    commit(storage_->audit().lose_running());
    std::vector<std::string> outcomes;
    for (const auto& entry : run(storage_->audit().list({.owner = "local"})).items)
        outcomes.push_back(entry.outcome);
    EXPECT_EQ(outcomes, (std::vector<std::string>{"lost", "success"}));
    const auto rows = run(storage_->reliability().of_tools({"local", at(0), now() + days(1), false}));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].succeeded, 1);
    EXPECT_EQ(rows[0].failed, 1);
    EXPECT_EQ(rows[0].median, std::chrono::milliseconds(3)) << "nobody knows how long the other took";
}

TEST_F(AuditTest, EntriesOfOneMomentAreAllOnSomePage) {
    for (const char* tool : {"one", "two", "three", "four", "five"}) add(7, tool);
    core::AuditQuery query{.owner = "local", .limit = 2};
    std::vector<std::string> found;
    do {
        const auto page = run(storage_->audit().list(query));
        for (const core::AuditEntry& entry : page.items) found.push_back(entry.tool);
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(found, (std::vector<std::string>{"five", "four", "three", "two", "one"}));
}

TEST_F(AuditTest, OldEntriesGoAFewAtATime) {
    for (int second = 1; second <= 5; ++second) add(second, "grow", second % 2 ? "local" : "you");
    EXPECT_EQ(run(storage_->audit().remove_before(at(5), 3)), 3);
    EXPECT_EQ(rows(), 2);
    EXPECT_EQ(run(storage_->audit().remove_before(at(5), 3)), 1);
    EXPECT_EQ(run(storage_->audit().remove_before(at(5), 3)), 0);
    EXPECT_EQ(times({}), (std::vector{at(5)}));
}

TEST_F(AuditTest, CallsAreCountedByUserToolAndDay) {
    const sys_days today{days(20'000)};
    core::CallCounts& counts = storage_->call_counts();
    for (const char* tool : {"grow", "grow", "plot"}) commit(counts.count("local", tool, today));
    commit(counts.count("local", "grow", today - days(1)));
    commit(counts.count("you", "grow", today));
    reopen();
    using Counts = std::map<std::string, std::int64_t>;
    EXPECT_EQ(run(storage_->call_counts().of("local", today)), (Counts{{"grow", 2}, {"plot", 1}}));
    EXPECT_EQ(run(storage_->call_counts().of("you", today)), (Counts{{"grow", 1}}));
    EXPECT_EQ(run(storage_->call_counts().of("you", today + days(1))), Counts());
    EXPECT_EQ(run(storage_->call_counts().remove_before(today, 10)), 1);
    EXPECT_EQ(run(storage_->call_counts().remove_before(today, 10)), 0);
    EXPECT_EQ(run(storage_->call_counts().of("local", today)).size(), 2u);
}

}  // namespace
}  // namespace assistd::store
