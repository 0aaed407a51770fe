#include "app/service_manager.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdlib>

#include "base/error.h"
#include "base/utf8.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void refuse_socket(const std::string& why) {
    throw Error(
        ErrorCode::unavailable,
        "assistd.socket " + why + "; it takes one ListenStream= with a TCP address, such as 127.0.0.1:8080.");
}

std::string address_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    char text[INET6_ADDRSTRLEN] = "";
    if (address.ss_family == AF_INET6) {
        const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
        ::inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
        return "[" + std::string(text) + "]:" + std::to_string(ntohs(six.sin6_port));
    }
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    return std::string(text) + ":" + std::to_string(ntohs(four.sin_port));
}

bool is_listening_tcp(int socket) {
    for (const int family : {AF_INET, AF_INET6})
        if (::sd_is_socket(socket, family, SOCK_STREAM, 1) > 0) return true;
    return false;
}

// A line break would begin another field.
std::string field(const char* name, std::string line) {
    for (char& c : line)
        if (c == '\n' || c == '\r') c = ' ';
    return std::string("\n") + name + "=" + line;
}

std::string extension(std::chrono::seconds at_most) {
    return "EXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds(at_most).count());
}

long long now_us() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace

// What systemd passed is this process's alone: its variables are not for plugins and programs.
ServiceManager::ServiceManager() {
    const int count = ::sd_listen_fds(1);
    if (count > 1) refuse_socket("gives " + std::to_string(count) + " sockets");
    if (count < 1) return;
    socket_.reset(SD_LISTEN_FDS_START);
    if (!is_listening_tcp(socket_.get()))
        refuse_socket("gives something else than a TCP socket that listens");
    socket_address_ = address_of(socket_.get());
}

void ServiceManager::status(const std::string& line) const {
    ::sd_notify(0, field("STATUS", line).c_str() + 1);
}

void ServiceManager::starting(const std::string& line, std::chrono::seconds at_most) const {
    ::sd_notify(0, (extension(at_most) + field("STATUS", line)).c_str());
}

void ServiceManager::ready(const std::string& line) const {
    ::sd_notify(0, ("READY=1" + field("STATUS", with_refusal(line))).c_str());
}

void ServiceManager::reloading() const {
    ::sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now_us()) +
                    field("STATUS", "Reading the configuration again"))
                       .c_str());
}

// systemd drops a message that is long.
void ServiceManager::refused(const std::string& why) const {
    constexpr std::size_t most_bytes = 1'000;
    const std::lock_guard lock(mutex_);
    refusal_ = whole_characters(why, most_bytes);
}

std::string ServiceManager::with_refusal(const std::string& line) const {
    const std::lock_guard lock(mutex_);
    return refusal_.empty() ? line : line + "; the new configuration was refused: " + refusal_;
}

void ServiceManager::stopping(const std::string& line, std::chrono::seconds at_most) const {
    ::sd_notify(0, ("STOPPING=1\n" + extension(at_most) + field("STATUS", line)).c_str());
}

std::optional<std::chrono::microseconds> ServiceManager::watchdog() const {
    std::uint64_t limit_us = 0;
    if (::sd_watchdog_enabled(0, &limit_us) <= 0) return std::nullopt;
    return std::chrono::microseconds(limit_us);
}

void ServiceManager::still_alive(const std::string& line) const {
    ::sd_notify(0, ("WATCHDOG=1" + field("STATUS", with_refusal(line))).c_str());
}

bool ServiceManager::logs_to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat file {};
    if (!stream || ::fstat(STDERR_FILENO, &file) != 0) return false;
    return std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino) == stream;
}

}  // namespace assistd::app
