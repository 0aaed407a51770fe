#include "report/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "assistd/failure.hpp"

namespace assistd::exporting {
namespace {

struct FreeArchive {
    void operator()(archive* archive) const { archive_write_free(archive); }
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void check(archive* archive, la_ssize_t result) {
    if (result < 0)
        throw Failure("InternalError",
                      std::string("The archive cannot be made: ") + archive_error_string(archive) + ".");
}

}  // namespace

std::string zip_of(const std::vector<ZipFile>& files) {
    std::string bytes;
    const std::unique_ptr<archive, FreeArchive> zip(archive_write_new());
    check(zip.get(), archive_write_set_format_zip(zip.get()));
    // Without padding to whole blocks at the end.
    check(zip.get(), archive_write_set_bytes_in_last_block(zip.get(), 1));
    check(zip.get(), archive_write_open(zip.get(), &bytes, nullptr, append, nullptr));
    for (const ZipFile& file : files) {
        const std::unique_ptr<archive_entry, FreeArchive> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), file.name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        check(zip.get(), archive_write_header(zip.get(), entry.get()));
        check(zip.get(), archive_write_data(zip.get(), file.bytes.data(), file.bytes.size()));
    }
    check(zip.get(), archive_write_close(zip.get()));
    return bytes;
}

}  // namespace assistd::exporting
