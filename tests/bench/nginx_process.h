#pragma once
// nginx as a plain proxy in front of the model server, without buffers: what passing a stream on costs at
// least. A child of the benchmark that ends with it.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace assistd::bench {

// The program as it was given, or where Debian puts it; nothing when it is not installed.
std::optional<std::filesystem::path> find_nginx(const std::filesystem::path& given);

class NginxProcess {
  public:
    // Returns once it takes connections. Everything it writes goes into `folder`.
    NginxProcess(const std::filesystem::path& program, const std::filesystem::path& folder,
                 std::uint16_t upstream_port);
    ~NginxProcess();
    NginxProcess(const NginxProcess&) = delete;
    NginxProcess& operator=(const NginxProcess&) = delete;

    std::uint16_t port() const { return port_; }

  private:
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace assistd::bench
