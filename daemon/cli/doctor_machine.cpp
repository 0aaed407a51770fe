#include <fmt/format.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "cli/findings.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;
using enum Level;

constexpr double little_memory_gb = 0.5;
constexpr auto tolerable_lead = std::chrono::minutes(5);

void look_at_kernel(Findings& findings) {
    constexpr unsigned ask_for_version = 1;
    const long landlock = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
    if (landlock >= 1)
        findings.push_back(
            {good, "kernel",
             fmt::format("Landlock, version {}: plugins see their own files only.", landlock)});
    else
        findings.push_back(
            {problem, "kernel",
             "There is no Landlock: a plugin can read and write every file that the daemon's user can.",
             "Start the kernel (5.13 or later) with landlock in its parameter lsm=, or run only "
             "plugins that you trust."});
    unsigned action = SECCOMP_RET_KILL_PROCESS;
    if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0)
        findings.push_back(
            {good, "kernel", "seccomp filters: plugins have no network and start no programs."});
    else
        findings.push_back(
            {problem, "kernel",
             "There are no seccomp filters: a plugin can open sockets and start other programs.",
             "Use a kernel with CONFIG_SECCOMP_FILTER; in a container, one whose own filter lets "
             "programs set theirs."});
}

// Tried in a child: it would be for good.
bool has_user_namespaces() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
    int status = 1;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

void look_at_namespaces(Findings& findings) {
    if (has_user_namespaces())
        findings.push_back({good, "kernel", "User namespaces can be made."});
    else
        findings.push_back(
            {note, "kernel",
             "User namespaces cannot be made. assistd does without them; MCP servers that bring a "
             "sandbox of their own (browsers do) may need them."});
}

// "MemAvailable:  123 kB" in GB; less than nothing when it is not told.
double available_memory_gb() {
    std::ifstream lines("/proc/meminfo");
    std::string name;
    double kib = 0;
    std::string unit;
    while (lines >> name >> kib) {
        std::getline(lines, unit);
        if (name == "MemAvailable:") return kib * 1024 / 1e9;
    }
    return -1;
}

void look_at_memory(Findings& findings) {
    const double gb = available_memory_gb();
    if (gb < 0) return;
    const bool little = gb < little_memory_gb;
    findings.push_back(
        {little ? problem : good, "memory", fmt::format("{:.1f} GB can be had.", gb),
         little ? "End other programs, or keep runs small: a plugin that finds none is ended." : ""});
}

// Not where the PATH says: the daemon starts the system's own (knowledge/extract/pdf.cpp).
void look_at_helpers(Findings& findings) {
    for (const char* folder : {"/usr/bin", "/usr/local/bin", "/bin"}) {
        const std::string program = std::string(folder) + "/pdftotext";
        if (::access(program.c_str(), X_OK) != 0) continue;
        findings.push_back({good, "documents", program + " reads PDF files."});
        return;
    }
    findings.push_back({problem, "documents",
                        "pdftotext is missing: PDF files that are added cannot be searched.",
                        "apt-get install poppler-utils"});
}

void look_at_clock(Findings& findings) {
    std::error_code error;
    // Nobody has this program before it was made.
    const auto made = fs::last_write_time("/proc/self/exe", error);
    if (!error && made > fs::file_time_type::clock::now() + tolerable_lead) {
        findings.push_back(
            {problem, "clock",
             "The clock is behind the day when this program was made: keys and certificates seem "
             "not to be valid yet, and conversations get wrong times.",
             "Set the clock: timedatectl set-ntp true"});
        return;
    }
    struct timex about {};
    const bool kept = ::adjtimex(&about) != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
    findings.push_back(kept ? Finding{good, "clock", "It is kept by a time server."}
                            : Finding{note, "clock", "No time server keeps it, as far as the kernel knows.",
                                      "On a machine of your own: timedatectl set-ntp true"});
}

}  // namespace

void look_at_machine(Findings& findings) {
    look_at_kernel(findings);
    look_at_namespaces(findings);
    look_at_memory(findings);
    look_at_helpers(findings);
    look_at_clock(findings);
}

}  // namespace assistd::cli
