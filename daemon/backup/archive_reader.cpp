#include "backup/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <vector>

#include "base/error.h"

namespace assistd::backup {
namespace {

constexpr std::size_t piece_size = 1 << 18;

struct ArchiveEnd {
    void operator()(archive* a) const { archive_read_free(a); }
};

[[noreturn]] void refuse(std::string_view reason) {
    throw Error(ErrorCode::invalid_request, fmt::format("The backup cannot be read: {}.", reason));
}

}  // namespace

struct ArchiveReader::Parts {
    std::unique_ptr<archive, ArchiveEnd> in{archive_read_new()};

    [[noreturn]] void refuse_error() const {
        const char* reason = archive_error_string(in.get());
        refuse(reason ? reason : "no reason is known");
    }
};

ArchiveReader::ArchiveReader(int file) : parts_(std::make_unique<Parts>()) {
    archive* a = parts_->in.get();
    archive_read_support_format_tar(a);
    archive_read_support_filter_zstd(a);
    if (::lseek(file, 0, SEEK_SET) != 0) refuse("it is no file that can be read twice");
    if (archive_read_open_fd(a, file, piece_size) != ARCHIVE_OK) parts_->refuse_error();
}

ArchiveReader::~ArchiveReader() = default;

bool ArchiveReader::next(std::string& name) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(parts_->in.get(), &entry);
    if (code == ARCHIVE_EOF) return false;
    if (code != ARCHIVE_OK) parts_->refuse_error();
    const char* path = archive_entry_pathname_utf8(entry);
    if (path == nullptr) refuse("a file in it has no name");
    name = path;
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
        refuse(name + " in it is no plain file");
    return true;
}

void ArchiveReader::read(const std::function<void(std::string_view)>& sink) {
    std::vector<char> piece(piece_size);
    for (;;) {
        const la_ssize_t got = archive_read_data(parts_->in.get(), piece.data(), piece.size());
        if (got < 0) parts_->refuse_error();
        if (got == 0) return;
        sink({piece.data(), static_cast<std::size_t>(got)});
    }
}

}  // namespace assistd::backup
