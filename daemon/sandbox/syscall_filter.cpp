#include "sandbox/syscall_filter.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <span>
#include <vector>

#include "sandbox/compiled_filter.h"

namespace assistd::sandbox {
namespace {

#include "syscall_filters.inc"

static_assert(std::size(filters) == number_of_grants);

}  // namespace

bool confine_syscalls(const CallGrant& grant) {
    const std::span<const sock_filter> compiled = filters[number_of(grant)];
    std::vector<sock_filter> filter(compiled.begin(), compiled.end());
    for (sock_filter& instruction : filter)
        if (names_the_process(instruction)) instruction.k = static_cast<std::uint32_t>(::getpid());
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);  // without it only root may
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace assistd::sandbox
