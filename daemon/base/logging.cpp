#include "base/logging.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace assistd::log {

void start(const std::string& level) {
    auto logger = spdlog::stderr_color_mt("assistd");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(level));
    spdlog::set_default_logger(std::move(logger));
}

void set_level(const std::string& level) {
    spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace assistd::log
