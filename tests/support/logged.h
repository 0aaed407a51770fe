#pragma once
// Takes the log's lines while it lives. Made before threads that log, and asked when they are gone.

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

namespace assistd::test {

class Logged {
  public:
    Logged()
        : before_(spdlog::default_logger()), sink_(std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_)) {
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink_));
    }
    ~Logged() { spdlog::set_default_logger(before_); }
    Logged(const Logged&) = delete;
    Logged& operator=(const Logged&) = delete;

    // Of those that have the text.
    int count(const std::string& text) const {
        int found = 0;
        std::istringstream lines(lines_.str());
        for (std::string line; std::getline(lines, line);)
            if (line.find(text) != std::string::npos) ++found;
        return found;
    }

  private:
    std::shared_ptr<spdlog::logger> before_;
    std::ostringstream lines_;
    std::shared_ptr<spdlog::sinks::ostream_sink_mt> sink_;
};

}  // namespace assistd::test
