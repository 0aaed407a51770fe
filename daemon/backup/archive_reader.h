#pragma once
// Reads an archive that ArchiveWriter wrote, file by file. One thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace assistd::backup {

class ArchiveReader {
  public:
    explicit ArchiveReader(int file);  // open for reading; stays the caller's
    ~ArchiveReader();

    // Goes to the next file and gives its name; false behind the last one. Throws Error{invalid_request} for
    // what is no such archive, or is damaged, and for entries that are no plain files.
    bool next(std::string& name);
    // The content of that file, piece by piece.
    void read(const std::function<void(std::string_view)>& sink);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace assistd::backup
