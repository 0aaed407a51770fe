#pragma once
// Makes a zip archive in memory with libarchive. The same files in the same order give the same bytes: there
// are no times and no owners in it.

#include <string>
#include <vector>

namespace assistd::exporting {

struct ZipFile {
    std::string name;  // its path in the archive
    std::string bytes;
};

// Throws Failure when libarchive refuses.
std::string zip_of(const std::vector<ZipFile>& files);

}  // namespace assistd::exporting
