/* Preloaded into the daemon by tests: ends it, as kill -9 would, right after the n-th commit of the database.
 *
 * A commit is a sync of the write-ahead log. ASSISTD_TEST_KILL_AT is n, and counting begins once the file that
 * ASSISTD_TEST_KILL_FROM names is there. Only the daemon itself is touched, not what it starts. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long commits;

static int ends_with(const char* text, const char* end) {
    const size_t size = strlen(text);
    const size_t wanted = strlen(end);
    return size >= wanted && strcmp(text + size - wanted, end) == 0;
}

static int link_ends_with(const char* link, const char* end) {
    char target[4096];
    const ssize_t size = readlink(link, target, sizeof target - 1);
    if (size < 0) return 0;
    target[size] = '\0';
    return ends_with(target, end);
}

static void synced(int fd) {
    const char* at = getenv("ASSISTD_TEST_KILL_AT");
    const char* from = getenv("ASSISTD_TEST_KILL_FROM");
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (!at || !from || !link_ends_with("/proc/self/exe", "/assistd") || !link_ends_with(link, "-wal")) return;
    if (access(from, F_OK) != 0) return;
    if (atomic_fetch_add(&commits, 1) + 1 == atol(at)) kill(getpid(), SIGKILL);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) *(void**)&real = dlsym(RTLD_NEXT, "fdatasync");
    const int result = real(fd);
    synced(fd);
    return result;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) *(void**)&real = dlsym(RTLD_NEXT, "fsync");
    const int result = real(fd);
    synced(fd);
    return result;
}
