#pragma once
// SHA-256 by OpenSSL. One thread for each object.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace assistd {

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(const char* data, std::size_t size);
    std::string hex();  // 64 digits; nothing can be added afterwards

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

std::string sha256(std::string_view text);

}  // namespace assistd
