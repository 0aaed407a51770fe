#pragma once
// A value that a result carries. Views into the messages of one request, used while it lasts.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

struct Told {
    const GrammarTool* tool = nullptr;  // that measured it
    const Property* property = nullptr;
    const nlohmann::json* data = nullptr;
    std::vector<std::string> handles;  // what the result is about, and what it made

    explicit operator bool() const { return property != nullptr; }
    // The exact one ("df_ideal") where the result has one beside what was measured.
    double value() const { return (exact() ? *exact() : (*data)[property->key]).get<double>(); }
    const nlohmann::json* exact() const;
    // What grew the thing tells its own value; what was measured of it later stands beside that.
    bool is_own() const;
    // The standard error that the result tells beside it; 0 when it tells none.
    double error() const;
};

// The value that the call tells by this name, in stems; false when it tells none.
Told told_by(const Call& call, const Grammar& grammar, const std::vector<std::string>& name);

// "fractal dimension 2.48 ± 0.01 (DLA simulation)", with what to mind. A length is told in `unit`, which may
// be the particles' radius ("a"); without one in its own. `asks_error`: says so when there is none.
std::string value_of(const Told& told, const std::string& unit = "", bool asks_error = false);

}  // namespace assistd::providers::offline
