// assistd-plugin-valgrind-host: runs the calls of one plugin as assistd-plugin-host does, but outside the
// sandbox, whose walls valgrind could not work behind. assistd-plugin-check starts it under valgrind. Not for
// people.
//
//     assistd-plugin-valgrind-host LIBRARY [WORD…]
//
// What follows LIBRARY is what the daemon's code tells every host of its limits, of which there are none
// here. The scratch folder is TMPDIR.

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "base/host_protocol.h"
#include "plugin_abi/host_table.h"
#include "plugin_abi/library.h"
#include "plugin_abi/running_call.h"
#include "plugin_abi/scratch.h"
#include "plugin_host/daemon.h"

namespace assistd::plugin_host {
namespace {

using plugin_abi::HostTable;
using plugin_abi::Instance;
using plugin_abi::Library;
using plugin_abi::LoadFailure;
using plugin_abi::RunningCall;
using plugin_abi::Scratch;

// An exception that leaves the plugin ends the process, as it ends a plugin host.
void run(Instance& plugin, Frame frame, Daemon& daemon, Scratch& scratch) noexcept {
    HostCall call;
    decode(frame.payload, call);
    RunningCall running(std::move(call), std::move(frame.files), daemon, scratch);
    const HostCall& asked = running.call();
    const assistd_status status =
        plugin.call({asked.tool.data(), asked.tool.size()}, {asked.arguments.data(), asked.arguments.size()},
                    running.table());
    const HostResult result = running.result(status);
    scratch.empty();
    daemon.send(host_frame_result, encode(result), running.output_files());
}

int serve(const char* file, const char* scratch_folder) {
    Daemon daemon{UniqueFd(host_socket_fd)};
    Scratch scratch(scratch_folder);
    // What it logs is of no interest here.
    const HostTable host(scratch.path(), [](assistd_log_level, std::string_view) {});
    std::unique_ptr<Instance> plugin;
    try {
        // By its name, unlike the daemon: valgrind reads names and lines from the file.
        plugin = std::make_unique<Instance>(Library(file), host);
    } catch (const LoadFailure& failure) {
        HostReady refused;
        refused.reason = failure.reason;
        daemon.send(host_frame_ready, encode(refused));
        return 0;
    }
    HostReady ready;
    ready.ok = true;
    daemon.send(host_frame_ready, encode(ready));
    while (auto frame = daemon.receive())
        if (frame->kind == host_frame_call) run(*plugin, std::move(*frame), daemon, scratch);
    return 0;
}

}  // namespace
}  // namespace assistd::plugin_host

int main(int count, char** arguments) {
    const char* scratch = std::getenv("TMPDIR");
    if (count < 2 || !scratch) {
        std::fputs("assistd-plugin-valgrind-host is started by assistd-plugin-check, not by hand.\n", stderr);
        return 2;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int result = assistd::plugin_host::serve(arguments[1], scratch);
    std::fflush(stdout);
    ::_exit(result);
}
