#include "base/log_fields.h"

#include <utility>

namespace assistd::log {
namespace {

std::span<const Field>& fields_here() {
    static thread_local std::span<const Field> fields;
    return fields;
}

}  // namespace

void set_level(const std::string& level) {
    spdlog::set_level(spdlog::level::from_str(level));
}

bool shows(Level level) {
    return spdlog::should_log(level);
}

void line(Level level, std::string_view sentence, std::span<const Field> fields) {
    const auto outer = std::exchange(fields_here(), fields);
    spdlog::log(level, spdlog::string_view_t(sentence.data(), sentence.size()));
    fields_here() = outer;
}

std::span<const Field> present_fields() {
    return fields_here();
}

}  // namespace assistd::log
