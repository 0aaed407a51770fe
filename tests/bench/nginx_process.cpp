#include "nginx_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "base/unique_fd.h"
#include "load.h"

namespace assistd::bench {
namespace {

namespace fs = std::filesystem;

// One that was free a moment ago.
std::uint16_t free_port() {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "bind");
    return ntohs(address.sin_port);
}

fs::path write_config(const fs::path& folder, std::uint16_t port, std::uint16_t upstream_port) {
    const fs::path file = folder / "nginx.conf";
    const std::string temporary = folder.string();
    std::ofstream(file) << fmt::format(
        "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/nginx.log;\n"
        "events {{ worker_connections 4096; }}\n"
        "http {{\n"
        "  access_log off;\n"
        "  client_body_temp_path {0}/nginx-body;\n  proxy_temp_path {0}/nginx-proxy;\n"
        "  fastcgi_temp_path {0}/nginx-fastcgi;\n  uwsgi_temp_path {0}/nginx-uwsgi;\n"
        "  scgi_temp_path {0}/nginx-scgi;\n"
        "  keepalive_requests 1000000;\n"
        "  upstream model {{ server 127.0.0.1:{2}; keepalive 64; keepalive_requests 1000000; }}\n"
        "  server {{\n"
        "    listen 127.0.0.1:{1};\n"
        "    location / {{\n"
        "      proxy_pass http://model;\n      proxy_http_version 1.1;\n"
        "      proxy_set_header Connection \"\";\n      proxy_buffering off;\n    }}\n  }}\n}}\n",
        temporary, port, upstream_port);
    return file;
}

bool takes_connections(std::uint16_t port) {
    try {
        connect_to(port);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

}  // namespace

std::optional<fs::path> find_nginx(const fs::path& given) {
    if (!given.empty()) {
        if (!fs::exists(given)) throw std::runtime_error("There is no " + given.string() + ".");
        return given;
    }
    for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx"})
        if (fs::exists(path)) return path;
    return std::nullopt;
}

NginxProcess::NginxProcess(const fs::path& program, const fs::path& folder, std::uint16_t upstream_port)
    : port_(free_port()) {
    const std::string config = write_config(folder, port_, upstream_port).string();
    const UniqueFd log(::open((folder / "nginx-start.log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("nginx cannot be started.");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(log.get(), STDOUT_FILENO);
        ::dup2(log.get(), STDERR_FILENO);
        ::execl(program.c_str(), program.c_str(), "-p", folder.c_str(), "-c", config.c_str(), nullptr);
        ::_exit(127);
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!takes_connections(port_)) {
        const bool ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (!ended && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        if (!ended) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        throw std::runtime_error("nginx did not start.");
    }
}

NginxProcess::~NginxProcess() {
    ::kill(pid_, SIGKILL);  // it has nothing to finish
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace assistd::bench
