#pragma once
// A file without a name that grows: it is gone with its last descriptor, also after a crash. One thread at a
// time.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace assistd::http {

class UnnamedFile {
  public:
    UnnamedFile() = default;  // none yet
    // Throws Error{unavailable} when none can be made in `folder`.
    explicit UnnamedFile(const std::string& folder);

    void append(std::string_view data);  // throws Error{unavailable} when the disk is full
    std::int64_t size() const { return size_; }
    explicit operator bool() const { return static_cast<bool>(file_); }
    UniqueFd take();  // to be read from its start

  private:
    UniqueFd file_;
    std::int64_t size_ = 0;
};

}  // namespace assistd::http
