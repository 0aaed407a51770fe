#include "store/plugin_pins.h"

namespace assistd::store {

Task<std::vector<core::PluginPin>> SqlitePluginPins::all() {
    return readers_.read([](Database& db) {
        Rows rows = db.query("SELECT id, version, tools, at FROM plugin_pins ORDER BY id");
        std::vector<core::PluginPin> pins;
        while (rows.next()) pins.push_back({rows.text(0), rows.text(1), rows.text(2), rows.time(3)});
        return pins;
    });
}

core::Write SqlitePluginPins::put(const core::PluginPin& pin) {
    return core::Write(writer_.submit([pin](WriteScope& scope) {
        scope.db.run("INSERT OR REPLACE INTO plugin_pins (id, version, tools, at) VALUES (?1, ?2, ?3, ?4)",
                     pin.id, pin.version, pin.tools, pin.at);
    }));
}

}  // namespace assistd::store
