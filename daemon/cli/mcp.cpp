// assistctl mcp: the daemon's tools for programs that start a server of the Model Context Protocol and speak
// with it on standard input and output.

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ostream>

#include "cli/commands.h"
#include "cli/mcp_bridge.h"

namespace assistd::cli {
namespace {

constexpr std::size_t longest_line = 16 << 20;

// Lines of standard input. A longer one than it may be comes as a broken message.
class Lines {
  public:
    explicit Lines(McpBridge& bridge) : bridge_(bridge) {}

    void feed(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            keep(bytes.substr(0, end));
            if (end == std::string_view::npos) return;
            bytes.remove_prefix(end + 1);
            this->end();
        }
    }
    void end() {
        if (line_.ends_with('\r')) line_.pop_back();
        if (!line_.empty()) bridge_.take(std::move(line_));
        line_.clear();
        too_long_ = false;
    }

  private:
    void keep(std::string_view bytes) {
        if (too_long_) return;
        too_long_ = line_.size() + bytes.size() > longest_line;
        if (too_long_)
            line_ = "[a line of more than 16 MiB]";  // which is no message
        else
            line_ += bytes;
    }

    McpBridge& bridge_;
    std::string line_;
    bool too_long_ = false;
};

}  // namespace

ExitCode serve_mcp(Context& context) {
    ::signal(SIGPIPE, SIG_IGN);  // who reads our output may leave first
    std::atomic<bool> is_read = true;
    McpBridge bridge(context.api.http(), [&](const std::string& message) {
        context.out << message << '\n';
        context.out.flush();
        if (!context.out) is_read = false;
    });
    Lines lines(bridge);
    std::string buffer(64 << 10, '\0');
    while (is_read) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        lines.feed(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
    }
    lines.end();
    bridge.finish();
    return ExitCode::good;
}

}  // namespace assistd::cli
