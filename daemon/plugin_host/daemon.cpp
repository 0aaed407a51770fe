#include "plugin_host/daemon.h"

#include <poll.h>
#include <unistd.h>

namespace assistd::plugin_host {

void Daemon::send(HostFrame kind, const std::string& payload, std::vector<int> files) {
    const std::lock_guard lock(sending_);
    frames_.queue(kind, payload, std::move(files));
    if (frames_.flush() != SocketState::done) ::_exit(0);
}

void Daemon::progress(const HostProgress& progress) {
    send(host_frame_progress, encode(progress));
}

void Daemon::began_artifact(std::uint64_t number, int fd) {
    send(host_frame_output, encode(HostOutput{number}), {fd});
}

std::optional<Frame> Daemon::receive() {
    for (;;) {
        {
            const std::lock_guard lock(reading_);
            if (auto frame = frames_.take()) return frame;
        }
        // Waits without the lock: a thread of the plugin may want to log meanwhile, and only sends.
        if (frames_.fill() == SocketState::closed) return std::nullopt;
    }
}

// Whichever thread looks first takes what is there, for all of them.
void Daemon::read_what_has_come() {
    if (frames_.fill(false) == SocketState::closed) ::_exit(0);
    while (auto frame = frames_.take()) {
        if (frame->kind == host_frame_cancel) {
            HostCancel cancel;
            decode(frame->payload, cancel);
            cancelled_ = cancel.number;
        } else if (frame->kind == host_frame_answer) {
            HostReply& reply = answers_.emplace_back();
            decode(frame->payload, reply.answer);
            reply.files = std::move(frame->files);
        }
    }
}

bool Daemon::cancel_has_come(std::uint64_t number) {
    const std::lock_guard lock(reading_);
    read_what_has_come();
    return cancelled_ == number;
}

std::optional<HostReply> Daemon::ask(const HostQuestion& question) {
    // Another thread may have taken the answer while this one waited for it.
    constexpr int look_again_ms = 20;
    if (cancel_has_come(question.number)) return std::nullopt;
    send(host_frame_question, encode(question));
    for (;;) {
        {
            const std::lock_guard lock(reading_);
            read_what_has_come();
            while (!answers_.empty()) {
                HostReply reply = std::move(answers_.front());
                answers_.pop_front();
                if (reply.answer.number == question.number) return reply;
            }
            if (cancelled_ == question.number) return std::nullopt;
        }
        pollfd socket{frames_.fd(), POLLIN, 0};
        ::poll(&socket, 1, look_again_ms);
    }
}

}  // namespace assistd::plugin_host
