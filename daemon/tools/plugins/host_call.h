#pragma once
// One call of a tool over one host process: sends it, follows what the host says, and turns every end, also
// the host's death, into a result. Runs on the caller's executor.

#include "tools/plugins/host_process.h"
#include "tools/source.h"

namespace assistd::tools {

struct HostCallEnd {
    SourceResult result;
    bool reusable = false;     // the host may serve another call
    std::string load_failure;  // a sentence when the host could not load the plugin at all
    std::string unprotected;   // sentences when the kernel lacks a part of the sandbox
};

// The process is the call's alone until this returns. Its deadline is watched by the pool.
Task<HostCallEnd> run_host_call(std::shared_ptr<HostProcess> process, SourceCall call,
                                core::ProgressSink progress, std::shared_ptr<PluginLog> log);

// Reads what an idle host has said meanwhile; false when it has ended or does not keep to the protocol.
bool settle(HostProcess& process, PluginLog& log);

}  // namespace assistd::tools
