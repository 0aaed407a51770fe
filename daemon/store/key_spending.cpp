#include "store/key_spending.h"

namespace assistd::store {
namespace {

// A clock that is set back finds what was spent again.
constexpr std::chrono::days kept{7};

std::int64_t number_of(std::chrono::sys_days day) {
    return day.time_since_epoch().count();
}

}  // namespace

core::Write SqliteKeySpending::add(const std::string& key, const core::Owner& owner,
                                   std::chrono::sys_days day, core::SpentToday spent) {
    return core::Write(writer_.submit([key, owner, day, spent](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO key_spending (day, key, owner, tokens, cost) VALUES (?1, ?2, ?3, ?4, ?5) "
            "ON CONFLICT (day, key) DO UPDATE SET tokens = tokens + ?4, cost = cost + ?5",
            number_of(day), key, owner, spent.tokens, spent.cost);
        scope.db.run("DELETE FROM key_spending WHERE day < ?1", number_of(day - kept));
    }));
}

Task<core::SpentToday> SqliteKeySpending::of(std::string key, std::chrono::sys_days day) {
    return readers_.read([key = std::move(key), day](Database& db) {
        core::SpentToday spent;
        Rows rows = db.query("SELECT tokens, cost FROM key_spending WHERE day = ?1 AND key = ?2",
                             number_of(day), key);
        if (rows.next()) spent = {rows.integer(0), rows.real(1)};
        return spent;
    });
}

}  // namespace assistd::store
