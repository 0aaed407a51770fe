#include "report/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "assistd/failure.hpp"
#include "assistd/late_library.hpp"

namespace assistd::exporting {
namespace {

// What is used of libarchive, under its own names. Loaded by the first archive.
struct Library {
    LateLibrary library_{EXPORT_ARCHIVE_SONAME};
    ASSISTD_LATE(archive_error_string);
    ASSISTD_LATE(archive_write_new);
    ASSISTD_LATE(archive_write_free);
    ASSISTD_LATE(archive_write_set_format_zip);
    ASSISTD_LATE(archive_write_set_bytes_in_last_block);
    ASSISTD_LATE(archive_write_open);
    ASSISTD_LATE(archive_write_header);
    ASSISTD_LATE(archive_write_data);
    ASSISTD_LATE(archive_write_close);
    ASSISTD_LATE(archive_entry_new);
    ASSISTD_LATE(archive_entry_free);
    ASSISTD_LATE(archive_entry_set_pathname);
    ASSISTD_LATE(archive_entry_set_size);
    ASSISTD_LATE(archive_entry_set_filetype);
    ASSISTD_LATE(archive_entry_set_perm);
};

const Library& library() {
    static const Library loaded;
    return loaded;
}

struct FreeArchive {
    void operator()(archive* archive) const { library().archive_write_free(archive); }
    void operator()(archive_entry* entry) const { library().archive_entry_free(entry); }
};

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void check(archive* archive, la_ssize_t result) {
    if (result < 0)
        throw Failure("InternalError", std::string("The archive cannot be made: ") +
                                           library().archive_error_string(archive) + ".");
}

}  // namespace

std::string zip_of(const std::vector<ZipFile>& files) {
    std::string bytes;
    const std::unique_ptr<archive, FreeArchive> zip(library().archive_write_new());
    check(zip.get(), library().archive_write_set_format_zip(zip.get()));
    // Without padding to whole blocks at the end.
    check(zip.get(), library().archive_write_set_bytes_in_last_block(zip.get(), 1));
    check(zip.get(), library().archive_write_open(zip.get(), &bytes, nullptr, append, nullptr));
    for (const ZipFile& file : files) {
        const std::unique_ptr<archive_entry, FreeArchive> entry(library().archive_entry_new());
        library().archive_entry_set_pathname(entry.get(), file.name.c_str());
        library().archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
        library().archive_entry_set_filetype(entry.get(), AE_IFREG);
        library().archive_entry_set_perm(entry.get(), 0644);
        check(zip.get(), library().archive_write_header(zip.get(), entry.get()));
        check(zip.get(), library().archive_write_data(zip.get(), file.bytes.data(), file.bytes.size()));
    }
    check(zip.get(), library().archive_write_close(zip.get()));
    return bytes;
}

}  // namespace assistd::exporting
