#include "base/log_output.h"

#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>

#include "base/journal.h"
#include "base/log_line.h"

namespace assistd::log {
namespace {

// In one piece, so that lines of several processes do not mix. There is nobody to tell when it fails.
void write_line(std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

class Sink : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit Sink(Output output) : output_(std::move(output)) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const Event event{message.time, message.level,
                          std::string_view(message.payload.data(), message.payload.size()), this_activity(),
                          present_fields()};
        // A line that the journal does not take, since it is just being restarted, is not lost.
        if (output_.journal && send_to_journal(journal_fields(event))) return;
        if (output_.json)
            write_line(json_line(event));
        else
            write_line(output_.error_is_journal ? journal_line(event) : text_line(event));
    }
    void flush_() override {}

  private:
    const Output output_;
};

}  // namespace

void start(Output output) {
    const bool missing = output.journal && !has_journal();
    if (missing) output.journal = false;
    const std::string level = output.level;
    auto logger = std::make_shared<spdlog::logger>("assistd", std::make_shared<Sink>(std::move(output)));
    logger->set_level(spdlog::level::from_str(level));
    spdlog::set_default_logger(std::move(logger));
    if (missing)
        warn(
            "There is no journal here, or assistd was built without libsystemd, so the log goes to standard "
            "error.");
}

}  // namespace assistd::log
