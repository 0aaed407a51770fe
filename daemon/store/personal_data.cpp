#include "store/personal_data.h"

#include <algorithm>
#include <array>

#include "store/artifact_rows.h"
#include "store/conversations.h"
#include "store/projects.h"

namespace assistd::store {
namespace {

using sqlite::OtherTable;
using sqlite::PersonalTable;

#define OWNED(table) "SELECT * FROM " table " WHERE owner = ?1 ORDER BY "

constexpr std::array<PersonalTable, 21> personal = {{
    {"conversations", OWNED("conversations") "key", "conv_"},
    {"turns", OWNED("turns") "id", "turn_"},
    {"messages",
     "SELECT m.* FROM messages m JOIN conversations c ON c.id = m.conversation WHERE c.owner = ?1 "
     "ORDER BY c.key, m.sequence",
     "msg_"},
    {"tool_calls",
     "SELECT t.* FROM tool_calls t JOIN turns ON turns.id = t.turn WHERE turns.owner = ?1 "
     "ORDER BY t.turn, t.sequence, t.position",
     ""},
    {"approvals",
     "SELECT a.* FROM approvals a JOIN turns ON turns.id = a.turn WHERE turns.owner = ?1 ORDER BY a.turn",
     ""},
    {"summaries",
     "SELECT s.* FROM summaries s JOIN conversations c ON c.id = s.conversation WHERE c.owner = ?1 "
     "ORDER BY c.key",
     ""},
    {"projects", OWNED("projects") "key", "proj_"},
    {"assistants", OWNED("assistants") "key", "asst_"},
    {"artifacts", OWNED("artifacts") "key", "art_"},
    {"artifact_numbers", OWNED("artifact_numbers") "kind", ""},
    {"files", OWNED("files") "key", ""},
    {"jobs", OWNED("jobs") "key", "job_"},
    {"studies", OWNED("studies") "key", "study_"},
    {"study_runs",
     "SELECT s.id AS study_id, r.* FROM study_runs r JOIN studies s ON s.key = r.study WHERE s.owner = ?1 "
     "ORDER BY s.key, r.number",
     ""},
    {"usage", OWNED("usage") "key", ""},
    {"audit", OWNED("audit") "key", ""},
    {"call_counts", OWNED("call_counts") "day, tool", ""},
    {"key_spending", OWNED("key_spending") "day, key", ""},
    // Without what lets in whoever knows it, or could be worked out to that.
    {"users", "SELECT name, role, origin, disabled, created_at, last_seen_at FROM users WHERE name = ?1", ""},
    {"api_keys",
     "SELECT id, owner, name, hint, scopes, created_at, expires_at, revoked_at, last_used_at FROM api_keys "
     "WHERE owner = ?1 ORDER BY created_at",
     "key_"},
    {"login_sessions",
     "SELECT owner, created_at, expires_at, last_used_at FROM login_sessions WHERE owner = ?1 ORDER BY "
     "created_at",
     ""},
}};

// What count_rows_of() leaves out. A number of the next artifact may outlive all artifacts.
constexpr std::array<std::string_view, 10> parts_and_account = {
    "turns",       "tool_calls",       "approvals", "summaries", "study_runs",
    "call_counts", "artifact_numbers", "users",     "api_keys",  "login_sessions"};

constexpr std::array<OtherTable, 3> others = {{
    {"plugin_pins", "what plugins tell of themselves"},
    {"loose_files", "contents whose last artifact is gone, until their files are"},
    {"write_test", "when it was last tried whether the disk takes a write"},
}};

// What goes by rows; the rest follows these, or goes in a way of its own.
struct Removal {
    const char* table;
    const char* statement;  // ?1: the user, ?2: how many at most
};
constexpr std::array<Removal, 8> removals = {{
    // One by one: each may have 10,000 runs.
    {"studies",
     "DELETE FROM studies WHERE key IN (SELECT key FROM studies WHERE owner = ?1 LIMIT min(?2, 1))"},
    {"jobs", "DELETE FROM jobs WHERE key IN (SELECT key FROM jobs WHERE owner = ?1 LIMIT ?2)"},
    {"assistants",
     "DELETE FROM assistants WHERE key IN (SELECT key FROM assistants WHERE owner = ?1 LIMIT ?2)"},
    {"usage", "DELETE FROM usage WHERE key IN (SELECT key FROM usage WHERE owner = ?1 LIMIT ?2)"},
    {"call_counts",
     "DELETE FROM call_counts WHERE owner = ?1 AND (day, tool) IN (SELECT day, tool FROM call_counts "
     "WHERE owner = ?1 LIMIT ?2)"},
    {"key_spending",
     "DELETE FROM key_spending WHERE owner = ?1 AND (day, key) IN (SELECT day, key FROM key_spending "
     "WHERE owner = ?1 LIMIT ?2)"},
    {"artifact_numbers",
     "DELETE FROM artifact_numbers WHERE owner = ?1 AND kind IN (SELECT kind FROM artifact_numbers "
     "WHERE owner = ?1 LIMIT ?2)"},
    {"files", "DELETE FROM files WHERE key IN (SELECT key FROM files WHERE owner = ?1 LIMIT ?2)"},
}};

int remove_artifacts(WriteScope& scope, const core::Owner& user, int at_most) {
    scope.db.run(
        "INSERT INTO loose_files (sha256) SELECT sha256 FROM artifacts WHERE key IN (SELECT key FROM "
        "artifacts "
        "WHERE owner = ?1 ORDER BY key LIMIT ?2)",
        user, at_most);
    return scope.db.run(
        "DELETE FROM artifacts WHERE key IN (SELECT key FROM artifacts WHERE owner = ?1 ORDER BY key LIMIT "
        "?2)",
        user, at_most);
}

int remove_projects(WriteScope& scope, const core::Owner& user, int at_most) {
    std::vector<ProjectId> projects;
    {
        Rows rows = scope.db.query("SELECT id FROM projects WHERE owner = ?1 LIMIT ?2", user, at_most);
        while (rows.next()) projects.push_back({rows.uuid(0)});
    }
    for (const ProjectId project : projects) remove_project(scope, user, project, true);
    return static_cast<int>(projects.size());
}

// What administrators did about the user. It stays, as what they did about others does.
int rename_in_deeds(WriteScope& scope, const core::Owner& user, AuditOfRemoved audit,
                    const std::string& alias, int at_most) {
    if (audit == AuditOfRemoved::keep) return 0;
    return scope.db.run(
        "UPDATE audit SET whom = ?3, details = '' WHERE key IN (SELECT key FROM audit WHERE is_deed = 1 "
        "AND whom = ?1 LIMIT ?2)",
        user, at_most, alias);
}

// Calls, and what the user did about nobody else. An administrator's deeds stay: nobody takes his own traces
// out of what was done to others and to the service.
#define OF_THE_USER_ALONE "owner = ?1 AND (is_deed = 0 OR whom = ?1)"

// What was called and what came of it stays; whose it was, and of which conversation, does not.
int treat_audit(WriteScope& scope, const core::Owner& user, AuditOfRemoved audit, const std::string& alias,
                int at_most) {
    switch (audit) {
        case AuditOfRemoved::keep:
            return 0;
        case AuditOfRemoved::anonymise:
            return scope.db.run(
                "UPDATE audit SET owner = ?3, project_id = '', conversation = NULL, turn = NULL, job = NULL, "
                "call_id = '', arguments_sha256 = '', details = '', credential = '', "
                "decided_by = CASE decided_by WHEN ?1 THEN ?3 ELSE decided_by END "
                "WHERE key IN (SELECT key FROM audit WHERE " OF_THE_USER_ALONE " LIMIT ?2)",
                user, at_most, alias);
        case AuditOfRemoved::remove:
            return scope.db.run(
                "DELETE FROM audit WHERE key IN (SELECT key FROM audit WHERE " OF_THE_USER_ALONE " LIMIT ?2)",
                user, at_most);
    }
    return 0;
}

}  // namespace

std::span<const PersonalTable> personal_tables() {
    return personal;
}

std::span<const OtherTable> other_tables() {
    return others;
}

int remove_some_conversations_of(WriteScope& scope, const core::Owner& user, int at_most) {
    std::vector<ConversationId> conversations;
    {
        Rows rows = scope.db.query("SELECT id FROM conversations WHERE owner = ?1 LIMIT ?2", user, at_most);
        while (rows.next()) conversations.push_back({rows.uuid(0)});
    }
    for (const ConversationId conversation : conversations) remove_conversation(scope, user, conversation);
    return static_cast<int>(conversations.size());
}

std::map<std::string, std::int64_t> remove_some_rows_of(WriteScope& scope, const core::Owner& user,
                                                        AuditOfRemoved audit, const std::string& alias,
                                                        int at_most) {
    std::map<std::string, std::int64_t> removed;
    int left = at_most;
    const auto note = [&](const char* table, int rows) {
        if (rows > 0) removed[table] += rows;
        left -= rows;
    };
    for (const Removal& one : removals)
        if (left > 0) note(one.table, scope.db.run(one.statement, user, left));
    if (left > 0) note("artifacts", remove_artifacts(scope, user, left));
    if (left > 0) note("projects", remove_projects(scope, user, left));
    if (left > 0) note("audit", treat_audit(scope, user, audit, alias, left));
    if (left > 0) note("audit", rename_in_deeds(scope, user, audit, alias, left));
    return removed;
}

std::map<std::string, std::int64_t> count_rows_of(Database& db, const core::Owner& user) {
    std::map<std::string, std::int64_t> counts;
    for (const PersonalTable& table : personal) {
        if (std::ranges::find(parts_and_account, table.name) != parts_and_account.end()) continue;
        const std::int64_t rows = sqlite::count_personal_rows(db, table, user);
        if (rows > 0) counts.emplace(table.name, rows);
    }
    return counts;
}

}  // namespace assistd::store
