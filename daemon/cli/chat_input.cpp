#include "cli/chat_input.h"

#include <poll.h>
#include <unistd.h>

#include <utility>

namespace assistd::cli {

ChatInput::ChatInput(Interrupts& interrupts, bool person, LineEditor::Helpers helpers)
    : interrupts_(interrupts),
      editor_(person ? std::make_unique<LineEditor>(interrupts, history_file(), std::move(helpers))
                     : nullptr) {}

ChatInput::Got ChatInput::read(const std::string& prompt, std::string& line) {
    return editor_ ? editor_->read(prompt, line) : read_pipe(line);
}

ChatInput::Got ChatInput::read_pipe(std::string& line) {
    while (true) {
        const std::size_t end = buffer_.find('\n');
        if (end != std::string::npos) {
            line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return Got::line;
        }
        if (!at_end_) {
            if (fill() == Got::interrupt) return Got::interrupt;
            continue;
        }
        line = std::exchange(buffer_, {});
        return line.empty() ? Got::end : Got::line;
    }
}

ChatInput::Got ChatInput::fill() {
    pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {interrupts_.fd(), POLLIN, 0}};
    ::poll(fds, 2, -1);
    if (interrupts_.take()) return Got::interrupt;
    if (fds[0].revents == 0) return Got::line;
    char bytes[4096];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0)
        buffer_.append(bytes, static_cast<std::size_t>(got));
    else
        at_end_ = true;
    return Got::line;
}

}  // namespace assistd::cli
