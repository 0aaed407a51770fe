// A database of every earlier schema, with what that schema could hold, opened by today's program: the ports
// tell of all of it.

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/sha256.h"
#include "core/account.h"
#include "sqlite/migrate.h"
#include "sqlite/snapshot.h"
#include "store/migrations.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// What a program of that schema would have written, once the database has it.
struct Written {
    int version;
    const char* script;
    Lines seen;  // of it, today
};

const std::string content = "x,y\n1,2\n";

const Written written[] = {
    {1,
     R"sql(
INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, metadata, archived, created_at,
                           updated_at, last_sequence, message_count, last_message_preview)
    VALUES (x'00000000000000000000000000000001', 'local', 'Soot', 'A lantern', 'main', 'm', '', '{"a":1}', 0,
            1000000, 2000000, 4, 4, 'It glows.'),
           (x'00000000000000000000000000000002', 'local', '', 'Put away', '', '', '', '{}', 1, 1000001, 2000001, 0, 0, ''),
           (x'00000000000000000000000000000003', 'other', '', 'Not mine', '', '', '', '{}', 0, 1000002, 2000002, 0, 0, '');
INSERT INTO title_search (rowid, title) SELECT key, title FROM conversations;
INSERT INTO turns (id, conversation, owner, state, project_id, request_hash, created_at, finished_at, error_code,
                   error_message, prompt_tokens, completion_tokens, cached_tokens, cost, rounds, event_id)
    VALUES (x'00000000000000000000000000000011', x'00000000000000000000000000000001', 'local', 'completed', 'Soot', '',
            1000010, 1000020, '', '', 100, 20, 30, 0.5, 2, 9),
           (x'00000000000000000000000000000012', x'00000000000000000000000000000002', 'local', 'failed', '', '', 1000011,
            1000021, 'provider_failed', 'It broke.', 1, 0, 0, 0, 1, 3);
INSERT INTO messages (id, conversation, turn, sequence, role, blocks, created_at, model, finish_reason, prompt_tokens,
                      completion_tokens, cached_tokens, cost, event_id)
    VALUES (x'00000000000000000000000000000021', x'00000000000000000000000000000001', x'00000000000000000000000000000011',
            1, 'user', '[{"type":"text","text":"What does it do?"}]', 1000010, '', '', 0, 0, 0, 0, 1),
           (x'00000000000000000000000000000022', x'00000000000000000000000000000001', x'00000000000000000000000000000011',
            2, 'assistant', '[{"type":"tool_call","call_id":"c1","name":"look","arguments":"{\"at\":\"lantern\"}"}]',
            1000011, 'm', 'tool_calls', 50, 10, 0, 0.2, 2),
           (x'00000000000000000000000000000023', x'00000000000000000000000000000001', x'00000000000000000000000000000011',
            3, 'tool', '[{"type":"tool_result","call_id":"c1","name":"look","content":"{}","success":true}]',
            1000012, '', '', 0, 0, 0, 0, 3),
           (x'00000000000000000000000000000024', x'00000000000000000000000000000001', x'00000000000000000000000000000011',
            4, 'assistant', '[{"type":"text","text":"It glows in the harbour."}]', 1000013, 'm', 'stop', 50, 10, 30, 0.3, 4);
INSERT INTO message_search (rowid, text) VALUES (1, 'What does it do?'), (4, 'It glows in the harbour.');
INSERT INTO tool_calls (turn, call_id, sequence, position, name, arguments, started_at, finished_at, success)
    VALUES (x'00000000000000000000000000000011', 'c1', 2, 0, 'look', '{"at":"lantern"}', 1000011, 1000012, 1);
INSERT INTO jobs (id, owner, conversation, turn, call_id, project_id, tool, arguments, state, fraction, note, result,
                  summary, created_at, finished_at)
    VALUES (x'00000000000000000000000000000031', 'local', NULL, NULL, '', 'Soot', 'grow', '{}', 'completed', 1, '', '{}',
            'Grown.', 1000030, 1000040);
INSERT INTO artifacts (id, owner, handle, kind, name, media_type, size, sha256, project_id, conversation, turn, call_id,
                       tool, plugin, parameters, seed, parents, metadata, created_at)
    VALUES (x'00000000000000000000000000000041', 'local', 'table-3', 'table', 't.csv', 'text/csv', 8, 'CONTENT', 'Soot',
            x'00000000000000000000000000000001', x'00000000000000000000000000000011', 'c1', 'look', 'org.example 1', '{}',
            '7', '["file-1"]', '{}', 1000012);
INSERT INTO artifact_numbers VALUES ('local', 'table', 3);
)sql",
     {"conversation A lantern main m {\"a\":1} messages=4 archived=0 project=Soot: It glows.",
      "conversation Put away   {} messages=0 archived=1 project=: ", "message user What does it do?",
      "message assistant look {\"at\":\"lantern\"}", "message tool ",
      "message assistant It glows in the harbour.", "found by harbour: A lantern",
      "found by lantern: A lantern", "turn completed 100 20 30 0.5", "turn failed 1 0 0 0 It broke.",
      "job grow completed Grown. project=Soot", "artifact table-3 t.csv 7 file-1 project=Soot: x,y\n1,2\n",
      "usage m cost=0.5", "project Soot"}},
    {2, "UPDATE turns SET provider = 'main', model = 'm' WHERE state = 'completed'", {}},
    {3,
     "INSERT INTO summaries VALUES (x'00000000000000000000000000000001', "
     "x'00000000000000000000000000000011', 'In short.', "
     "1000050)",
     {"summary In short."}},
    {4,
     R"sql(
INSERT INTO projects (id, owner, name, description, facts, metadata, archived, created_at, updated_at)
    VALUES (x'00000000000000000000000000000051', 'local', 'Later', 'd', '{"t":1}', '{}', 0, 1000060, 1000060);
INSERT INTO project_search (rowid, text) SELECT key, 'Later' || char(10) || 'd' FROM projects WHERE name = 'Later';
INSERT INTO usage (turn, owner, at, purpose, outcome, provider, model, prompt_tokens, completion_tokens, cached_tokens, cost,
                   requests, tool_calls)
    VALUES (NULL, 'local', 1000061, 'title', '', 'main', 'titles', 5, 1, 0, 0.01, 1, 0);
)sql",
     {"project Later", "found project Later", "usage titles cost=0.01"}},
    {5,
     "INSERT INTO approvals VALUES (x'00000000000000000000000000000011', 'c1', 'destructive', 'May it "
     "look?', 2, 'allowed', "
     "'yes', 1000011, 1000012)",
     {"approval May it look? yes"}},
    {6, "UPDATE turns SET restarts = 1 WHERE state = 'failed'", {}},
    {7, "UPDATE messages SET provider = 'main' WHERE role = 'assistant'", {}},
    {8,
     "INSERT INTO audit (at, owner, tool, plugin, plugin_version, project_id, conversation, turn, call_id, "
     "job, "
     "arguments_sha256, outcome, duration_us, result_bytes, artifacts) VALUES (1000012, 'local', 'look', "
     "'org.example', '1', "
     "'', NULL, NULL, 'c1', NULL, 'ab', 'success', 5, 2, 1)",
     {"audit look success"}},
    {9,
     R"sql(
INSERT INTO studies (key, id, owner, project_id, conversation, name, tool, then_tool, base_parameters, parameter_grid,
                     seeds_per_combination, first_seed, runs, state, completed, failed, artifact, created_at, finished_at)
    VALUES (1, x'00000000000000000000000000000061', 'local', '', NULL, 'Sticking', 'grow', '', '{}', '{}', 1, 5, 1,
            'completed', 1, 0, 'table-3', 1000070, 1000080);
INSERT INTO study_runs (study, number, state, parameters, error_type, summary, metrics, artifacts, result, started_at,
                        finished_at)
    VALUES (1, 1, 'completed', '{}', '', 'done', '{"df":1.7}', '[]', '{}', 1000071, 1000079);
)sql",
     {"study Sticking completed", "run 1 {\"df\":1.7}"}},
    {10, "INSERT INTO plugin_pins VALUES ('org.example', '1', '{}', 1000000)", {"pin org.example 1"}},
    {11, "INSERT INTO call_counts VALUES (20000, 'local', 'look', 4)", {"calls look 4"}},
    {12, "UPDATE jobs SET cpu_us = 7", {}},
    {13,
     "UPDATE turns SET metadata = '{\"k\":\"v\"}' WHERE state = 'completed'",
     {"turn metadata {\"k\":\"v\"}"}},
    {14,
     "INSERT INTO assistants (id, owner, name, description, model, instructions, tools, tool_resources, "
     "metadata, "
     "temperature, top_p, response_format, reasoning_effort, created_at) VALUES "
     "(x'00000000000000000000000000000071', "
     "'local', 'Lab', '', 'offline', 'Be brief.', '[]', '{}', '{}', -1, -1, '', '', 1000090)",
     {"assistant Lab Be brief."}},
    {15,
     "INSERT INTO files (artifact, owner, purpose, status, created_at, expires_at) VALUES "
     "(x'00000000000000000000000000000041', 'local', 'assistants', 'processed', 1000012, NULL)",
     {"file t.csv assistants"}},
    {16, "UPDATE messages SET feedback = 'positive' WHERE sequence = 4", {"feedback positive"}},
    {17,
     "INSERT INTO users VALUES ('ann', 'admin', 'made', 0, '', 1000100, NULL); "
     "INSERT INTO api_keys VALUES (x'00000000000000000000000000000081', 'ann', 'laptop', 'h', 'ak_x', 'read "
     "write', "
     "1000101, NULL, NULL, NULL); INSERT INTO login_sessions VALUES ('s', 'ann', NULL, 1000102, "
     "99999999999999, "
     "1000102)",
     {"user ann", "key laptop of ann", "session of ann"}},
    {18, "UPDATE usage SET duration_us = 1000000 WHERE purpose = 'turn'", {}},
    // And what an administrator had done by then, in columns of calls.
    {19,
     "INSERT INTO key_spending VALUES (20000, 'key_1', 'local', 12, 0.5); INSERT INTO audit (at, owner, "
     "tool, "
     "plugin, plugin_version, project_id, conversation, turn, call_id, job, arguments_sha256, outcome, "
     "duration_us, "
     "result_bytes, artifacts, decided_by) VALUES (1000013, 'local', 'keys.create', '(administration)', '', "
     "'key_7', NULL, NULL, 'bob', NULL, '', 'success', 0, 0, 0, 'key_9')",
     {"key_1 spent 12 0.5", "audit keys.create success", "deed about bob: key_7 by key_9"}},
    {20,
     "UPDATE audit SET is_deed = 1, whom = 'ann', details = 'key_1', credential = 'key_2' WHERE key = "
     "(SELECT "
     "min(key) FROM audit)",
     {"deed about ann: key_1 by key_2"}},
    // And of a job, which had a row for its beginning and one for its end.
    {21,
     "UPDATE artifacts SET idempotency_key = 'once' WHERE key = (SELECT min(key) FROM artifacts); INSERT "
     "INTO audit (at, owner, tool, plugin, plugin_version, project_id, call_id, job, arguments_sha256, "
     "outcome, duration_us, result_bytes, artifacts) VALUES (1000014, 'local', 'grow', 'org.example', '1', "
     "'', '', x'00000000000000000000000000000098', '', 'job', 5, 2, 0), (1000015, 'local', 'grow', "
     "'org.example', '1', '', '', x'00000000000000000000000000000098', '', 'success', 5, 2, 0)",
     {"uploaded under once", "audit grow success"}},
    // A call that was lost; and what runs warned of, which was in their results alone: a tool's own list
    // may hold anything.
    {22,
     R"sql(
INSERT INTO audit (at, owner, tool, plugin, plugin_version, project_id, call_id, arguments_sha256, outcome, duration_us,
                   result_bytes, artifacts)
    VALUES (1000016, 'local', 'cut', 'org.example', '1', '', '', '', 'lost', 0, 0, 0);
INSERT INTO study_runs (study, number, state, parameters, error_type, summary, metrics, artifacts, result, started_at,
                        finished_at)
    VALUES (1, 2, 'completed', '{}', '', 'done', '{}', '[]', '{"data":{"warnings":["Beware.",{"odd":1}]}}', 1000072, 1000079),
           (1, 3, 'completed', '{}', '', 'done', '{}', '[]', '{"data":{"warnings":"Beware."}}', 1000073, 1000079),
           (1, 4, 'running', '{}', '', '', '{}', '[]', '', 1000074, 0);
)sql",
     {"audit cut lost", "run 2 {}", "run 2 warns: Beware.", "run 3 {}", "run 4 {}"}},
    {23, "UPDATE study_runs SET warnings = '[\"Look.\"]' WHERE number = 1", {"run 1 warns: Look."}},
};

class EveryUpgrade : public StoreTest, public testing::WithParamInterface<int> {
  protected:
    // A state folder as a program of that schema would have left it.
    void make_version(int version) {
        storage_.reset();
        fs::remove_all(folder_.path() / "state");
        fs::create_directories(folder_.path() / "state/artifacts" / sha256(content).substr(0, 2));
        write_file(
            folder_.path() / "state/artifacts" / sha256(content).substr(0, 2) / sha256(content).substr(2),
            content);
        const auto all = all_migrations();
        for (int step = 1; step <= version; ++step) {
            sqlite::Database db(database(), sqlite::Database::Mode::create);
            if (step == 1)
                db.script(
                    fmt::format("PRAGMA journal_mode = WAL; PRAGMA application_id = {}", application_id));
            sqlite::migrate(db, database(), all.first(static_cast<std::size_t>(step)));
            for (const Written& one : written) {
                if (one.version != step) continue;
                std::string script = one.script;
                if (const auto at = script.find("CONTENT"); at != std::string::npos)
                    script.replace(at, 7, sha256(content));
                db.script(script);
            }
        }
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path() / "state"))
            if (entry.path().string().find(".version-") != std::string::npos) fs::remove(entry.path());
    }

    std::string name_of_project(const std::string& id) {
        if (id.empty()) return "";
        return run(projects().find("local", *ProjectId::parse(id))).name;
    }

    Lines seen() {
        Lines lines;
        see_conversations(lines);
        see_turns(lines);
        for (const auto& job : run(store().jobs({.owner = "local"})).items)
            lines.push_back(fmt::format("job {} {} {} project={}", job.tool, core::name_of(job.state),
                                        job.summary, name_of_project(job.project_id)));
        for (const auto& one : run(artifacts().list({.owner = "local"})).items) {
            const UniqueFd file = run(artifacts().open(one));
            std::string bytes(static_cast<std::size_t>(one.size), '\0');
            EXPECT_EQ(::pread(file.get(), bytes.data(), bytes.size(), 0), one.size);
            lines.push_back(fmt::format("artifact {} {} {} {} project={}: {}", one.handle, one.name, one.seed,
                                        fmt::join(one.parents, ","), name_of_project(one.project_id), bytes));
        }
        see_the_rest(lines);
        return lines;
    }

    void see_conversations(Lines& lines) {
        for (const auto& one : run(store().conversations({.owner = "local"})).items) {
            lines.push_back(fmt::format("conversation {} {} {} {} messages={} archived={} project={}: {}",
                                        one.title, one.provider, one.model, one.metadata, one.message_count,
                                        int{one.archived}, name_of_project(one.project_id),
                                        one.last_message_preview));
            for (const auto& message : run(store().messages(one.id, "", 100)).items) {
                std::string text = message.text();
                for (const auto& call : message.tool_calls()) text += call.name + " " + call.arguments;
                lines.push_back(fmt::format("message {} {}", core::name_of(message.role), text));
                if (!message.feedback.empty()) lines.push_back("feedback " + message.feedback);
            }
            if (const auto summary = run(store().summary(one.id)))
                lines.push_back("summary " + summary->text);
        }
        for (const char* word : {"harbour", "lantern"})
            for (const auto& one : run(store().conversations({.owner = "local", .search = word})).items)
                lines.push_back(fmt::format("found by {}: {}", word, one.title));
    }

    void see_turns(Lines& lines) {
        for (const char* id :
             {"turn_00000000000000000000000000000011", "turn_00000000000000000000000000000012"}) {
            const core::Turn turn = run(store().turn("local", *TurnId::parse(id)));
            std::string line =
                fmt::format("turn {} {} {} {} {}", core::name_of(turn.state), turn.usage.prompt_tokens,
                            turn.usage.completion_tokens, turn.usage.cached_tokens, turn.usage.cost);
            if (!turn.error_message.empty()) line += " " + turn.error_message;
            lines.push_back(line);
            if (turn.metadata != "{}") lines.push_back("turn metadata " + turn.metadata);
            for (const auto& approval : run(store().approvals(turn.id)))
                lines.push_back("approval " + approval.sentence + " " + approval.reason);
        }
    }

    void see_the_rest(Lines& lines) {
        for (const auto& row : run(usage().sums({"local", at(0), at(1'000'000), core::UsageGroup::model})))
            if (row.usage.cost > 0)
                lines.push_back(
                    fmt::format("usage {} cost={}", row.model.empty() ? "m" : row.model, row.usage.cost));
        for (const auto& one : run(projects().list({.owner = "local"})).items)
            lines.push_back("project " + one.name);
        for (const auto& one : run(projects().list({.owner = "local", .search = "later"})).items)
            lines.push_back("found project " + one.name);
        for (const auto& one : run(storage_->audit().list({.owner = "local"})).items) {
            EXPECT_NE(one.outcome, "job") << "that one has ended";
            lines.push_back("audit " + one.tool + " " + one.outcome);
            if (const auto& deed = one.deed)
                lines.push_back("deed about " + deed->whom + ": " + deed->details + " by " +
                                deed->credential);
        }
        for (const auto& one : run(storage_->studies().list({.owner = "local"})).items) {
            lines.push_back(fmt::format("study {} {}", one.name, core::name_of(one.state)));
            for (const auto& each :
                 run(storage_->studies().runs({.owner = "local", .study = one.id})).items) {
                lines.push_back(fmt::format("run {} {}", each.number, each.metrics));
                for (const std::string& warning : each.warnings)
                    lines.push_back(fmt::format("run {} warns: {}", each.number, warning));
            }
        }
        for (const auto& pin : run(storage_->plugin_pins().all()))
            lines.push_back("pin " + pin.id + " " + pin.version);
        const std::chrono::sys_days day{std::chrono::days(20'000)};
        for (const auto& [tool, calls] : run(storage_->call_counts().of("local", day)))
            lines.push_back(fmt::format("calls {} {}", tool, calls));
        if (const auto spent = run(storage_->key_spending().of("key_1", day)); spent.tokens > 0)
            lines.push_back(fmt::format("key_1 spent {} {}", spent.tokens, spent.cost));
        for (const auto& one : run(storage_->assistants().list("local", {})).items)
            lines.push_back("assistant " + one.name + " " + one.instructions);
        const core::StoredAccounts accounts = run(storage_->accounts().all());
        for (const auto& one : accounts.users) lines.push_back("user " + one.name);
        for (const auto& one : accounts.keys) lines.push_back("key " + one.name + " of " + one.owner);
        for (const auto& one : accounts.sessions) lines.push_back("session of " + one.owner);
        for (const auto& one : run(storage_->files().list({.owner = "local"})).items)
            lines.push_back("file " + one.artifact.name + " " + one.purpose);
        sqlite::Database db(database(), sqlite::Database::Mode::read_only);
        sqlite::Rows keys =
            db.query("SELECT idempotency_key FROM artifacts WHERE idempotency_key IS NOT NULL");
        while (keys.next()) lines.push_back("uploaded under " + keys.text(0));
    }
};

TEST_P(EveryUpgrade, NothingIsLost) {
    const int version = GetParam();
    make_version(version);
    Lines expected;
    for (const Written& one : written)
        if (one.version <= version) expected.insert(expected.end(), one.seen.begin(), one.seen.end());
    open();
    Lines found = seen();
    std::ranges::sort(expected);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected);

    // It is sound, and goes on.
    {
        sqlite::Database db(database(), sqlite::Database::Mode::read_only);
        EXPECT_EQ(sqlite::faults_of(db, {}), Lines{});
        EXPECT_EQ(sqlite::schema_version(db), all_migrations().back().version);
    }
    begun_turn(
        run(store().conversation("local", *ConversationId::parse("conv_00000000000000000000000000000001"))));
    EXPECT_EQ(run(store().conversations({.owner = "local", .search = "Run it"})).items.size(), 1u);
}

TEST_P(EveryUpgrade, TheCopyOfBeforeIsWholeAndItsOwnersAlone) {
    const int version = GetParam();
    make_version(version);
    open();
    const fs::path copy = database().string() + fmt::format(".version-{}", version);
    if (version == all_migrations().back().version) {
        EXPECT_FALSE(fs::exists(copy));
        return;
    }
    struct stat about {};
    ASSERT_EQ(::stat(copy.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    sqlite::Database db(copy, sqlite::Database::Mode::read_only);
    EXPECT_EQ(sqlite::schema_version(db), version);
    EXPECT_EQ(sqlite::faults_of(db, {}), Lines{});
    sqlite::Rows rows = db.query("SELECT count(*) FROM messages");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.integer(0), 4);
}

INSTANTIATE_TEST_SUITE_P(From, EveryUpgrade, testing::Range(1, all_migrations().back().version + 1));

// Who adds a schema adds what it can hold, or a line that says that there is nothing.
TEST(EveryUpgrades, HaveTheirData) {
    int expected = 1;
    for (const Written& one : written) EXPECT_EQ(one.version, expected++);
    EXPECT_EQ(expected - 1, all_migrations().back().version)
        << "the newest schema has no entry above: what can it hold that none before it could?";
}

}  // namespace
}  // namespace assistd::store
