#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/moment.h"
#include "api/query.h"
#include "api/whose.h"

namespace assistd::api::conversations {
namespace {

// A day of UTC stands for its beginning, or with `whole` for the beginning of the next.
std::optional<Timestamp> time_in(Query& query, std::string_view key, bool whole) {
    const auto text = query.text(key);
    if (!text) return std::nullopt;
    if (const auto day = parse_day(*text)) return Timestamp(*day + std::chrono::days(whole ? 1 : 0));
    const auto time = moment_in(*text);
    if (!time)
        query.wrong(key,
                    std::string(key) +
                        " must be a day such as 2026-03-01 or a time such as 2026-03-01T12:00:00Z; it is \"" +
                        text->substr(0, 80) + "\".");
    return time;
}

std::string outcome_in(Query& query) {
    using enum core::ToolErrorType;
    const auto wanted = query.text("outcome");
    if (!wanted) return {};
    std::string names;
    for (const char* name : {"success", "running", "job", "lost"}) {
        if (*wanted == name) return name;
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
    for (const core::ToolErrorType error :
         {ToolNotFoundError, ContextError, ValidationError, PermissionError, TimeoutError, PluginCrashedError,
          CancelledError, QuotaExceededError, InternalError}) {
        if (core::name_of(error) == *wanted) return *wanted;
        names += ", " + std::string(core::name_of(error));
    }
    query.wrong("outcome", "outcome must be one of " + names + "; it is \"" + wanted->substr(0, 80) + "\".");
    return {};
}

}  // namespace

// The calls of tools and what administrators did, newest first: ?tool=, ?outcome=, ?since=, ?until=, ?user=,
// ?all=.
Task<Reply> list_audit(const Services& services, Request request) {
    Query query(request);
    core::AuditQuery wanted;
    Whose whose = whose_in(query, request);
    wanted.owner = std::move(whose.owner);
    wanted.everybody = whose.everybody;
    wanted.tool = query.text("tool").value_or("");
    wanted.outcome = outcome_in(query);
    wanted.since = time_in(query, "since", false);
    wanted.before = time_in(query, "until", true);
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    if (wanted.since && wanted.before && *wanted.since >= *wanted.before)
        query.wrong("until", "until must be later than since.");
    query.finish();
    const core::Page<core::AuditEntry> page = co_await services.audit.list(std::move(wanted));
    co_return Reply::json(to_text(render_page("calls", page)));
}

}  // namespace assistd::api::conversations
