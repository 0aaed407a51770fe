#include "store/call_counts.h"

namespace assistd::store {
namespace {

std::int64_t number_of(std::chrono::sys_days day) {
    return day.time_since_epoch().count();
}

}  // namespace

core::Write SqliteCallCounts::count(const core::Owner& user, const std::string& tool,
                                    std::chrono::sys_days day) {
    return core::Write(writer_.submit([user, tool, day](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO call_counts (day, owner, tool, calls) VALUES (?1, ?2, ?3, 1) "
            "ON CONFLICT (day, owner, tool) DO UPDATE SET calls = calls + 1",
            number_of(day), user, tool);
    }));
}

Task<std::map<std::string, std::int64_t>> SqliteCallCounts::of(core::Owner user, std::chrono::sys_days day) {
    return readers_.read([user = std::move(user), day](Database& db) {
        std::map<std::string, std::int64_t> calls;
        Rows rows = db.query("SELECT tool, calls FROM call_counts WHERE day = ?1 AND owner = ?2",
                             number_of(day), user);
        while (rows.next()) calls[rows.text(0)] = rows.integer(1);
        return calls;
    });
}

Task<int> SqliteCallCounts::remove_before(std::chrono::sys_days day, int at_most) {
    return result_of(writer_.submit([day, at_most](WriteScope& scope) {
        return scope.db.run(
            "DELETE FROM call_counts WHERE (day, owner, tool) IN (SELECT day, owner, tool "
            "FROM call_counts WHERE day < ?1 ORDER BY day LIMIT ?2)",
            number_of(day), static_cast<std::int64_t>(at_most));
    }));
}

}  // namespace assistd::store
