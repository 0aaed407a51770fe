#pragma once
// A log line with named values beside its sentence, which stay apart from it in JSON and in the journal. Any
// thread.

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/logging.h"

namespace assistd::log {

struct Field {
    std::string_view name;  // small letters and underscores
    std::variant<std::string_view, std::int64_t, double> value;
};

using Level = spdlog::level::level_enum;

bool shows(Level level);
void line(Level level, std::string_view sentence, std::span<const Field> fields);

// Those of the line that this thread is writing.
std::span<const Field> present_fields();

}  // namespace assistd::log
