#pragma once
// Which system calls a plugin's process may make, by the kernel's seccomp filters: those that computing,
// threads and files need, and no others. One that is not allowed fails with EPERM.

namespace assistd::plugin_host {

// For good, and for every thread that this one starts. `network`: also sockets. False when the kernel has no
// filters.
bool confine_syscalls(bool network);

}  // namespace assistd::plugin_host
