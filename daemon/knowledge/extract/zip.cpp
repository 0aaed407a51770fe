#include "knowledge/extract/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <memory>

#include "knowledge/extract/failure.h"

namespace assistd::extract {
namespace {

constexpr int most_parts = 20'000;
constexpr const char* damaged =
    "is damaged: its parts cannot be unpacked; perhaps its upload was not complete";

void check_protection(archive* reader, archive_entry* entry) {
    if (::archive_entry_is_encrypted(entry) != 0 || ::archive_read_has_encrypted_entries(reader) > 0)
        invalid("is protected by a password; upload it without one");
}

}  // namespace

void read_zip(const InputFile& file, std::uint64_t most_bytes, const ZipListener& listener) {
    const std::unique_ptr<archive, int (*)(archive*)> reader(::archive_read_new(), ::archive_read_free);
    if (!reader) throw std::bad_alloc();
    ::archive_read_support_format_zip(reader.get());
    if (::lseek(file.fd(), 0, SEEK_SET) != 0 ||
        ::archive_read_open_fd(reader.get(), file.fd(), Blocks::block_bytes) != ARCHIVE_OK)
        invalid(damaged);
    std::uint64_t unpacked = 0;
    archive_entry* entry = nullptr;
    for (int parts = 0;; ++parts) {
        const int state = ::archive_read_next_header(reader.get(), &entry);
        if (state == ARCHIVE_EOF) return;
        if (state != ARCHIVE_OK && state != ARCHIVE_WARN) invalid(damaged);
        if (parts == most_parts) invalid("is no document: it has more than 20000 parts");
        const char* name = ::archive_entry_pathname_utf8(entry);
        check_protection(reader.get(), entry);
        if (name == nullptr || !listener.wants(name)) continue;
        const void* data = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        int read = 0;
        while ((read = ::archive_read_data_block(reader.get(), &data, &size, &offset)) == ARCHIVE_OK) {
            unpacked += size;
            if (unpacked > most_bytes)
                invalid("unpacks to more than " + std::to_string(most_bytes >> 20) + " MiB");
            listener.block({static_cast<const char*>(data), size});
        }
        if (read != ARCHIVE_EOF) invalid(damaged);
        listener.end_of_part();
    }
}

}  // namespace assistd::extract
