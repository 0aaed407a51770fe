#include <spdlog/pattern_formatter.h>

#include "app/service_manager.h"
#include "base/logging.h"

namespace assistd::app {
namespace {

// As in syslog.h, which has macros by names that others use.
int priority_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::critical:
            return 2;
        case spdlog::level::err:
            return 3;
        case spdlog::level::warn:
            return 4;
        case spdlog::level::info:
            return 6;
        default:
            return 7;
    }
}

class Priority : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        fmt::format_to(std::back_inserter(out), "<{}>", priority_of(message.level));
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }
};

}  // namespace

void log_for_journal() {
    auto lines = std::make_unique<spdlog::pattern_formatter>();
    lines->add_flag<Priority>('*').set_pattern("%*%v");
    spdlog::default_logger()->set_formatter(std::move(lines));
}

}  // namespace assistd::app
