// Runs the plugin host as on a kernel that has no Landlock: under a filter that hides its system call.

#include <seccomp.h>
#include <unistd.h>

#include <cerrno>

int main(int, char** arguments) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == nullptr ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0) != 0 ||
        seccomp_load(filter) != 0)
        return 1;
    ::execv(PLUGIN_HOST, arguments);
    return 1;
}
