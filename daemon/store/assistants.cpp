#include "store/assistants.h"

#include "base/error.h"
#include "core/metadata.h"
#include "store/windows.h"

namespace assistd::store {
namespace {

#define ASSISTANT_COLUMNS                                                                               \
    "id, owner, name, description, model, instructions, tools, tool_resources, metadata, temperature, " \
    "top_p, response_format, reasoning_effort, created_at"

constexpr double not_given = -1;

std::optional<double> setting(double stored) {
    if (stored < 0) return std::nullopt;
    return stored;
}

core::Assistant assistant_at(const Rows& row) {
    core::Assistant assistant;
    assistant.id = {row.uuid(0)};
    assistant.owner = row.text(1);
    assistant.name = row.text(2);
    assistant.description = row.text(3);
    assistant.model = row.text(4);
    assistant.instructions = row.text(5);
    assistant.tools = row.text(6);
    assistant.tool_resources = row.text(7);
    assistant.metadata = row.text(8);
    assistant.temperature = setting(row.real(9));
    assistant.top_p = setting(row.real(10));
    assistant.response_format = row.text(11);
    assistant.reasoning_effort = row.text(12);
    assistant.created_at = row.time(13);
    return assistant;
}

void insert(WriteScope& scope, const core::Assistant& assistant) {
    scope.db.run("INSERT INTO assistants (" ASSISTANT_COLUMNS
                 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                 assistant.id, assistant.owner, assistant.name, assistant.description, assistant.model,
                 assistant.instructions, assistant.tools, assistant.tool_resources, assistant.metadata,
                 assistant.temperature.value_or(not_given), assistant.top_p.value_or(not_given),
                 assistant.response_format, assistant.reasoning_effort, assistant.created_at);
}

core::Assistant read(Database& db, const core::Owner& owner, AssistantId id) {
    Rows rows =
        db.query("SELECT " ASSISTANT_COLUMNS " FROM assistants WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such assistant.");
    return assistant_at(rows);
}

core::Assistant update(WriteScope& scope, const core::Owner& owner, AssistantId id,
                       const core::AssistantChange& change) {
    const core::Assistant before = read(scope.db, owner, id);
    std::optional<std::string> metadata;
    if (change.metadata) metadata = core::merged_metadata(before.metadata, *change.metadata);
    std::optional<double> temperature;
    if (change.temperature) temperature = change.temperature->value_or(not_given);
    std::optional<double> top_p;
    if (change.top_p) top_p = change.top_p->value_or(not_given);
    scope.db.run(
        "UPDATE assistants SET name = coalesce(?2, name), description = coalesce(?3, description), "
        "model = coalesce(?4, model), instructions = coalesce(?5, instructions), tools = coalesce(?6, "
        "tools), "
        "tool_resources = coalesce(?7, tool_resources), metadata = coalesce(?8, metadata), "
        "temperature = coalesce(?9, temperature), top_p = coalesce(?10, top_p), "
        "response_format = coalesce(?11, response_format), "
        "reasoning_effort = coalesce(?12, reasoning_effort) WHERE id = ?1",
        id, change.name, change.description, change.model, change.instructions, change.tools,
        change.tool_resources, metadata, temperature, top_p, change.response_format, change.reasoning_effort);
    return read(scope.db, owner, id);
}

// Who deletes what is listed while the list is paged names one that is gone: its id tells when it was made.
std::optional<Place> place_of(Database& db, const core::Owner& owner, AssistantId id, core::Order order) {
    Rows rows = db.query("SELECT created_at, key FROM assistants WHERE id = ?1 AND owner = ?2", id, owner);
    if (rows.next()) return Place{rows.integer(0), rows.integer(1)};
    const auto made = made_at(id.uuid);
    if (!made) return std::nullopt;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    // Those of the same millisecond are told once more rather than not at all.
    return order == core::Order::descending ? Place{*made + 999, most} : Place{*made - 1, most};
}

#define ASSISTANTS_BETWEEN                                                \
    "SELECT " ASSISTANT_COLUMNS                                           \
    " FROM assistants WHERE owner = ?1 AND (created_at, key) > (?2, ?3) " \
    "AND (created_at, key) < (?4, ?5) ORDER BY "

core::Slice<core::Assistant> read_all(Database& db, const core::Owner& owner,
                                      const core::ListRange<AssistantId>& range) {
    check_limit(range.limit);
    const auto place = [&](AssistantId id) { return place_of(db, owner, id, range.order); };
    const Window window = window_of(range, place);
    const char* const literal = window.from_above ? ASSISTANTS_BETWEEN "created_at DESC, key DESC LIMIT ?6"
                                                  : ASSISTANTS_BETWEEN "created_at, key LIMIT ?6";
    std::vector<core::Assistant> assistants;
    Rows rows = db.query(literal, owner, window.above.order, window.above.key, window.below.order,
                         window.below.key, static_cast<std::int64_t>(range.limit) + 1);
    while (rows.next()) assistants.push_back(assistant_at(rows));
    return slice_of(std::move(assistants), range.limit, window);
}

}  // namespace

Task<void> SqliteAssistants::add(core::Assistant assistant) {
    auto work = [assistant = std::move(assistant)](WriteScope& scope) { insert(scope, assistant); };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::Assistant> SqliteAssistants::find(core::Owner owner, AssistantId id) {
    return readers_.read([owner = std::move(owner), id](Database& db) { return read(db, owner, id); });
}

Task<core::Slice<core::Assistant>> SqliteAssistants::list(core::Owner owner,
                                                          core::ListRange<AssistantId> range) {
    return readers_.read(
        [owner = std::move(owner), range](Database& db) { return read_all(db, owner, range); });
}

Task<core::Assistant> SqliteAssistants::change(core::Owner owner, AssistantId id,
                                               core::AssistantChange change) {
    auto work = [owner = std::move(owner), id, change = std::move(change)](WriteScope& scope) {
        return update(scope, owner, id, change);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<void> SqliteAssistants::remove(core::Owner owner, AssistantId id) {
    auto work = [owner = std::move(owner), id](WriteScope& scope) {
        if (scope.db.run("DELETE FROM assistants WHERE id = ?1 AND owner = ?2", id, owner) == 0)
            throw Error(ErrorCode::not_found, "There is no such assistant.");
    };
    return result_of(writer_.submit(std::move(work)));
}

}  // namespace assistd::store
