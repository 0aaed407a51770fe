#include "base/log_output.h"

#include <spdlog/sinks/base_sink.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>

#include "base/log_line.h"

namespace assistd::log {
namespace {

constexpr const char* journal_socket = "/run/systemd/journal/socket";

// In one piece, so that lines of several processes do not mix. There is nobody to tell when it fails.
void write_line(std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

bool send_to_journal(const Event& event) {
    const std::vector<std::string> fields = journal_fields(event);
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (const std::string& field : fields)
        parts.push_back({const_cast<char*>(field.data()), field.size()});  // NOLINT: the journal only reads
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

class Sink : public spdlog::sinks::base_sink<std::mutex> {
  public:
    Sink(bool json, bool journal) : json_(json), journal_(journal) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const Event event{message.time, message.level,
                          std::string_view(message.payload.data(), message.payload.size()), this_activity(),
                          present_fields()};
        // A line that the journal does not take, since it is just being restarted, is not lost.
        if (journal_ && send_to_journal(event)) return;
        write_line(json_ ? json_line(event) : text_line(event));
    }
    void flush_() override {}

  private:
    const bool json_;
    const bool journal_;
};

}  // namespace

void start(const Output& output) {
    const bool has_journal = ::access(journal_socket, W_OK) == 0;
    auto logger = std::make_shared<spdlog::logger>(
        "assistd", std::make_shared<Sink>(output.json, output.journal && has_journal));
    logger->set_level(spdlog::level::from_str(output.level));
    spdlog::set_default_logger(std::move(logger));
    if (output.journal && !has_journal)
        warn("There is no journal here ({} cannot be written to), so the log goes to standard error.",
             journal_socket);
}

}  // namespace assistd::log
