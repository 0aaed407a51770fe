#include "tools/plugins/folder_watch.h"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "base/logging.h"

namespace assistd::tools {

namespace fs = std::filesystem;

namespace {

// Long enough that what is copied together is looked at together.
constexpr std::chrono::milliseconds quiet{60};
constexpr std::chrono::milliseconds at_least_every{1'500};
constexpr std::uint32_t changes_of_files =
    IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
constexpr std::uint32_t changes_of_folder = IN_DELETE_SELF | IN_MOVE_SELF;

// The folder, or the nearest one above it that is there.
fs::path nearest(fs::path folder) {
    std::error_code failure;
    folder = fs::absolute(folder, failure);
    while (!fs::is_directory(folder, failure) && folder.has_relative_path()) folder = folder.parent_path();
    return folder;
}

}  // namespace

struct FolderWatch::State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, std::vector<fs::path> all, std::function<void()> then)
        : strand(asio::make_strand(context)),
          events(strand),
          timer(strand),
          regular(strand),
          folders(std::move(all)),
          changed(std::move(then)) {}

    // Adding a watch that is there already changes nothing.
    void watch_all() {
        if (!events.is_open()) return;
        for (const fs::path& folder : folders)
            ::inotify_add_watch(events.native_handle(), nearest(folder).c_str(),
                                changes_of_files | changes_of_folder | IN_ONLYDIR);
    }

    void wait() {
        events.async_read_some(
            asio::buffer(buffer),
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                if (error) return;
                self->settle();
                self->wait();
            });
    }

    // What the events were does not matter: all is looked at. Not later for further events: they may never
    // end.
    void settle() {
        if (std::exchange(settling, true)) return;
        timer.expires_after(quiet);
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->tell();
        });
    }

    // What no event tells of is seen all the same: links that lead elsewhere, other machines' changes.
    void look_regularly() {
        regular.expires_after(at_least_every);
        regular.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (error) return;
            self->tell();
            self->look_regularly();
        });
    }

    void tell() {
        settling = false;
        // Before the look: what changes after it comes as an event.
        watch_all();
        const std::lock_guard lock(mutex);
        if (changed) changed();
    }

    Executor strand;
    asio::posix::stream_descriptor events;
    asio::steady_timer timer;
    asio::steady_timer regular;
    bool settling = false;  // on the strand
    const std::vector<fs::path> folders;
    std::string problem;  // before anybody asks
    std::mutex mutex;
    std::function<void()> changed;  // empty once it was stopped
    alignas(inotify_event) std::array<char, 4'096> buffer{};
};

FolderWatch::FolderWatch(asio::io_context& context, std::vector<fs::path> folders,
                         std::function<void()> changed)
    : state_(std::make_shared<State>(context, std::move(folders), std::move(changed))) {
    const int events = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (events < 0) {
        state_->problem = fmt::format(
            "Changes in the plugin folders are looked for each {:.1f} s only, as inotify is not to be had: "
            "{}. "
            "The kernel's fs.inotify.max_user_instances may be too low.",
            std::chrono::duration<double>(at_least_every).count(), std::strerror(errno));
        log::warn("{}", state_->problem);
    } else {
        state_->events.assign(events);
        state_->watch_all();
        state_->wait();
    }
    state_->look_regularly();
}

FolderWatch::~FolderWatch() {
    stop();
}

const std::string& FolderWatch::problem() const {
    return state_->problem;
}

void FolderWatch::look_now() {
    asio::post(state_->strand, [state = state_] { state->tell(); });
}

void FolderWatch::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->changed = nullptr;
    }
    asio::post(state_->strand, [state = state_] {
        boost::system::error_code ignored;
        state->events.close(ignored);
        state->timer.cancel();
        state->regular.cancel();
    });
}

}  // namespace assistd::tools
