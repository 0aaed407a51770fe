#pragma once
// Which system calls a process may make, by the kernel's seccomp filters: those that computing, threads and
// files need, and no others. One that is not allowed fails with EPERM.

namespace assistd::sandbox {

struct CallGrant {
    bool network = false;   // sockets
    bool become = false;    // another program, which has the same filter; but start none beside itself
    bool children = false;  // wait for those that it has already
};

// For good, and for every thread that this one starts. False when the kernel has no filters.
bool confine_syscalls(const CallGrant& grant);

}  // namespace assistd::sandbox
