#pragma once
// Writes an archive of files into an open file: a tar archive compressed with Zstandard, with a seal at its
// end (base/seal.h), or a zip archive, which opens everywhere. One thread. Whoever gives up just lets it go.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"

namespace assistd::backup {

enum class ArchiveKind { sealed_tar_zstd, zip };

class ArchiveWriter {
  public:
    // `file` stays the caller's. `between` is called after each piece that is written and may throw.
    ArchiveWriter(int file, ArchiveKind kind, Timestamp time, std::function<void()> between);
    ~ArchiveWriter();

    // Throw Error{unavailable} when the archive cannot be written, with the reason.
    void add(const std::string& name, std::string_view content);
    // A file of this size, whose bytes `read` gives from beginning to end: as many as fit, none at the end.
    // Throws Error{unavailable} when there are not as many.
    using Read = std::function<std::size_t(char* to, std::size_t size)>;
    void add(const std::string& name, std::int64_t size, const Read& read);
    void finish();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace assistd::backup
