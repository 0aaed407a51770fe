#include "plugin_host/daemon.h"

#include <unistd.h>

namespace assistd::plugin_host {

void Daemon::send(HostFrame kind, const std::string& payload, std::vector<int> files) {
    const std::lock_guard lock(mutex_);
    frames_.queue(kind, payload, std::move(files));
    if (frames_.flush() != SocketState::done) ::_exit(0);
}

void Daemon::progress(const HostProgress& progress) {
    send(host_frame_progress, encode(progress));
}

std::optional<Frame> Daemon::receive() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (auto frame = frames_.take()) return frame;
        }
        // Waits without the lock: a thread of the plugin may want to log meanwhile, and only sends.
        if (frames_.fill() == SocketState::closed) return std::nullopt;
    }
}

bool Daemon::cancel_has_come(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (frames_.fill(false) == SocketState::closed) ::_exit(0);
    while (const auto frame = frames_.take()) {
        HostCancel cancel;
        if (frame->kind == host_frame_cancel) decode(frame->payload, cancel);
        if (cancel.number == number) return true;
    }
    return false;
}

}  // namespace assistd::plugin_host
