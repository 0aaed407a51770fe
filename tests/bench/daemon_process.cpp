#include "daemon_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "http_text.h"
#include "load.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

double megabytes(const std::string& status, const std::string& key) {
    const std::size_t at = status.find(key + ":");
    if (at == std::string::npos) return 0;
    return std::strtod(status.c_str() + at + key.size() + 1, nullptr) / 1024;
}

struct Stat {
    pid_t parent = 0;
    std::chrono::microseconds cpu{0};
};

// Fields 4, 14 and 15 of /proc/PID/stat; the name before them may hold blanks.
Stat stat_of(const std::filesystem::path& folder) {
    const std::string text = content_of(folder / "stat");
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream fields(text.substr(name_end + 2));
    std::vector<std::string> all;
    for (std::string field; fields >> field;) all.push_back(field);
    if (all.size() < 14) return {};
    const long ticks = std::stol(all[11]) + std::stol(all[12]);
    return {static_cast<pid_t>(std::stol(all[1])),
            std::chrono::microseconds(ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK))};
}

ProcessFigures figures_of(const std::filesystem::path& folder) {
    const std::string status = content_of(folder / "status");
    return {megabytes(status, "VmRSS"), megabytes(status, "VmHWM"), megabytes(status, "RssAnon"),
            stat_of(folder).cpu};
}

}  // namespace

DaemonProcess::DaemonProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                             const std::filesystem::path& log) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    output_.reset(pipe[0]);
    const UniqueFd write_end(pipe[1]);
    const UniqueFd log_file(::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    std::string name = program.string();
    std::vector<std::string> texts = arguments;
    std::vector<char*> argv{name.data()};
    for (auto& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);

    const auto begun = Clock::now();
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("The daemon's process cannot be started.");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(write_end.get(), STDOUT_FILENO);
        ::dup2(log_file.get(), STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    wait_until_it_listens(log);
    Asker asker(port_);
    if (!asker.ask(get_request("/livez")).success)
        throw std::runtime_error("The daemon does not answer GET /livez.");
    time_to_first_answer_ = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
}

void DaemonProcess::wait_until_it_listens(const std::filesystem::path& log) {
    constexpr std::string_view before = "listening on http://127.0.0.1:";
    std::string said;
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    while (Clock::now() < deadline) {
        pollfd wait{.fd = output_.get(), .events = POLLIN, .revents = 0};
        ::poll(&wait, 1, 100);
        if (wait.revents == 0) continue;
        std::array<char, 4096> bytes;
        const ssize_t count = ::read(output_.get(), bytes.data(), bytes.size());
        if (count <= 0) break;
        said.append(bytes.data(), static_cast<std::size_t>(count));
        const std::size_t at = said.find(before);
        if (at == std::string::npos || said.find('\n', at) == std::string::npos) continue;
        const char* number = said.c_str() + at + before.size();
        std::from_chars(number, said.c_str() + said.size(), port_);
        return;
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    throw std::runtime_error(fmt::format("The daemon did not start. It said:\n{}{}", said, content_of(log)));
}

DaemonProcess::~DaemonProcess() {
    ::kill(pid_, SIGTERM);
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    while (Clock::now() < deadline) {
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

ProcessFigures DaemonProcess::figures() const {
    return figures_of(fmt::format("/proc/{}", pid_));
}

ProcessFigures DaemonProcess::host_figures() const {
    ProcessFigures sum;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (stat_of(entry.path()).parent != pid_) continue;
        const ProcessFigures one = figures_of(entry.path());
        sum.rss_mb += one.rss_mb;
        sum.peak_rss_mb += one.peak_rss_mb;
        sum.cpu += one.cpu;
    }
    return sum;
}

std::chrono::microseconds own_cpu() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& time) { return time.tv_sec * 1'000'000L + time.tv_usec; };
    return std::chrono::microseconds(micros(usage.ru_utime) + micros(usage.ru_stime));
}

}  // namespace assistd::bench
