// assistd-plugin-host: loads one plugin and runs its calls, one at a time, for the daemon that started it.
//
//     assistd-plugin-host PARENT_PID MEMORY_MB ARTIFACT_BYTES SCRATCH_BYTES SCRATCH_FOLDER NETWORK
//     [READABLE…]
//
// ARTIFACT_BYTES and SCRATCH_BYTES are what a call may write at most.
// NETWORK is 1 for a plugin that may use the network, else 0; READABLE are files and folders that it may read
// beside the system's.
//
// The socket to the daemon is descriptor 3, the library descriptor 4 (base/host_protocol.h). Not for people.

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include "base/host_protocol.h"
#include "plugin_abi/host_table.h"
#include "plugin_abi/library.h"
#include "plugin_abi/running_call.h"
#include "plugin_abi/scratch.h"
#include "plugin_host/daemon.h"
#include "plugin_host/limits.h"
#include "sandbox/sandbox.h"

namespace assistd::plugin_host {
namespace {

using plugin_abi::HostTable;
using plugin_abi::Instance;
using plugin_abi::Library;
using plugin_abi::LoadFailure;
using plugin_abi::RunningCall;
using plugin_abi::Scratch;

// What a plugin works with from its first call to its last.
struct Workplace {
    Daemon& daemon;
    Scratch& scratch;
    const OwnProcess& process;
    const CallQuotas& quotas;
    CallLimits& limits;
};

// Where memory runs short the system ends this process rather than the daemon.
void end_me_first() {
    if (std::FILE* file = std::fopen("/proc/self/oom_score_adj", "w")) {
        std::fputs("500", file);
        std::fclose(file);
    }
}

// An exception that leaves the plugin ends the process: its state is unknown.
void run(Instance& plugin, Frame frame, Workplace& place) noexcept {
    HostCall call;
    decode(frame.payload, call);
    place.limits.begin(call.memory_bytes);
    place.process.forget_peak();
    const std::uint64_t cpu_before = OwnProcess::cpu_us();
    RunningCall running(std::move(call), std::move(frame.files), place.daemon, place.scratch);
    const HostCall& asked = running.call();
    const assistd_status status =
        plugin.call({asked.tool.data(), asked.tool.size()}, {asked.arguments.data(), asked.arguments.size()},
                    running.table());
    running.check_quotas(place.quotas);
    HostResult result = running.result(status);
    result.cpu_us = OwnProcess::cpu_us() - cpu_before;
    result.peak_memory_bytes = place.process.peak_memory_bytes();
    // What cannot be removed must not reach the next call.
    const bool emptied = place.scratch.empty();
    result.left_behind = emptied ? place.limits.left_behind(running.files_held())
                                 : "files in its scratch folder that cannot be removed";
    place.daemon.send(host_frame_result, encode(result), running.output_files());
}

int serve(sandbox::Grant grant, const Limits& limits_of_calls) {
    Daemon daemon{UniqueFd(host_socket_fd)};
    Scratch scratch(grant.scratch);
    const HostTable host(scratch.path(), [&daemon](assistd_log_level level, std::string_view line) {
        const HostLog entry{static_cast<std::uint32_t>(level), std::string(line)};
        daemon.send(host_frame_log, encode(entry));
    });
    const OwnProcess process;
    // What is opened without a folder belongs there, and where the daemon works is nobody's business.
    end_me_first();
    if (::chdir(scratch.path().c_str()) != 0) return 1;
    grant.limits = limits_of_loading(limits_of_calls, process);
    const std::string missing = sandbox::enter(grant);
    std::unique_ptr<Instance> plugin;
    try {
        // What its code throws here ends the process too: nobody else catches it.
        const Library library("/proc/self/fd/" + std::to_string(host_library_fd));
        plugin = std::make_unique<Instance>(library, host);
    } catch (const LoadFailure& failure) {
        daemon.send(host_frame_ready,
                    encode(HostReady{false, failure.reason, missing, OwnProcess::cpu_us()}));
        return 0;
    }
    ::close(host_library_fd);
    CallLimits limits(limits_of_calls, process);
    Workplace place{daemon, scratch, process, limits_of_calls.quotas, limits};
    daemon.send(host_frame_ready, encode(HostReady{true, {}, missing, OwnProcess::cpu_us()}));
    while (auto frame = daemon.receive()) {
        if (frame->kind != host_frame_call) continue;  // a cancel that came too late
        run(*plugin, std::move(*frame), place);
    }
    return 0;
}

}  // namespace
}  // namespace assistd::plugin_host

int main(int count, char** arguments) {
    using namespace assistd::plugin_host;
    if (count < 7) {
        std::fputs("assistd-plugin-host is started by assistd, not by hand.\n", stderr);
        return 2;
    }
    if (!assistd::sandbox::die_with_parent(std::atoi(arguments[1]))) return 0;
    ::mallopt(M_ARENA_MAX,
              1);  // each further one would reserve 64 to 128 MiB of the memory that a call may have
    std::setvbuf(stdout, nullptr, _IOLBF,
                 4096);  // what a plugin printed is in the log also when it crashes next
    Limits limits;
    limits.memory_bytes = std::strtoull(arguments[2], nullptr, 10) << 20;
    limits.quotas.artifact_bytes = std::strtoull(arguments[3], nullptr, 10);
    limits.quotas.scratch_bytes = std::strtoull(arguments[4], nullptr, 10);
    assistd::sandbox::Grant grant;
    grant.file = assistd::host_library_fd;
    grant.scratch = arguments[5];
    grant.calls.network = std::string_view(arguments[6]) == "1";
    grant.readable.assign(arguments + 7, arguments + count);
    const int result = serve(std::move(grant), limits);
    std::fflush(stdout);
    // The plugin's exit handlers are not worth waiting for.
    ::_exit(result);
}
