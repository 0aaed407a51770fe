#include "cli/mcp_transfer.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "cli/failure.h"
#include "cli/sse_reader.h"

namespace assistd::cli {
namespace {

struct GivenUp {};

}  // namespace

McpTransfer::McpTransfer(std::chrono::seconds patience)
    : deadline_(std::chrono::steady_clock::now() + patience),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!wake_) throw Failure(ExitCode::failed, "The system has no descriptor left for another request.");
}

void McpTransfer::give_up() {
    given_up_ = true;
    const std::uint64_t one = 1;
    // Full means that it is awake already.
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

HttpReply McpTransfer::send(const HttpClient& http, HttpRequest request,
                            const std::function<void(const std::string& message)>& take) {
    SseReader events([&](const Event& event) {
        if (!event.id.empty()) last_event_ = event.id;
        if (!event.data.empty()) take(event.data);
    });
    bool is_stream = false;
    std::string whole;
    request.head = [&](const HttpHeaders& headers) {
        const auto type = headers.find("content-type");
        is_stream = type != headers.end() && type->second.starts_with("text/event-stream");
    };
    request.sink = [&](std::string_view bytes) {
        if (is_stream)
            events.feed(bytes);
        else
            whole += bytes;
    };
    request.tick = [this] {
        if (given_up_ || std::chrono::steady_clock::now() > deadline_) throw GivenUp();
    };
    request.wake_fd = wake_.get();
    HttpReply reply;
    try {
        reply = http.send(std::move(request));
    } catch (const GivenUp&) {
        return {};
    }
    if (!whole.empty() && reply.complete) take(whole);
    return reply;
}

}  // namespace assistd::cli
