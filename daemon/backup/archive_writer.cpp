#include "backup/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/seal.h"
#include "base/sha256.h"

namespace assistd::backup {
namespace {

constexpr std::size_t piece_size = 1 << 20;

struct ArchiveEnd {
    void operator()(archive* a) const { archive_write_free(a); }
};
struct EntryEnd {
    void operator()(archive_entry* e) const { archive_entry_free(e); }
};

// Where the bytes go; what goes wrong there is kept for whoever is told by libarchive that something did.
struct Target {
    int file;
    Sha256 hash;
    std::string failure;

    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t put = ::write(file, bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) {
                failure = std::strerror(errno);
                return false;
            }
            hash.add(bytes.data(), static_cast<std::size_t>(put));
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        return true;
    }
};

la_ssize_t write_some(archive* a, void* target, const void* bytes, std::size_t size) {
    auto& to = *static_cast<Target*>(target);
    if (to.write({static_cast<const char*>(bytes), size})) return static_cast<la_ssize_t>(size);
    archive_set_error(a, EIO, "%s", to.failure.c_str());
    return -1;
}

}  // namespace

struct ArchiveWriter::Parts {
    Target target;
    ArchiveKind kind;
    Timestamp time;
    std::function<void()> between;
    std::unique_ptr<archive, ArchiveEnd> out{archive_write_new()};
    std::vector<char> piece = std::vector<char>(piece_size);

    void check(int code) const {
        if (code == ARCHIVE_OK) return;
        const char* reason = archive_error_string(out.get());
        throw Error(ErrorCode::unavailable, fmt::format("The archive cannot be written: {}.",
                                                        reason ? reason : "no reason is known"));
    }

    void begin() {
        archive* a = out.get();
        if (kind == ArchiveKind::zip) {
            check(archive_write_set_format_zip(a));
        } else {
            check(archive_write_set_format_pax_restricted(a));
            check(archive_write_add_filter_zstd(a));
            check(archive_write_set_bytes_in_last_block(a, 1));
        }
        check(archive_write_open(a, &target, nullptr, write_some, nullptr));
    }

    void begin_file(const std::string& name, std::int64_t size) const {
        const std::unique_ptr<archive_entry, EntryEnd> entry(archive_entry_new());
        archive_entry_set_pathname_utf8(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_size(entry.get(), size);
        archive_entry_set_mtime(entry.get(), std::chrono::system_clock::to_time_t(time), 0);
        check(archive_write_header(out.get(), entry.get()));
    }

    void write(const char* bytes, std::size_t size) const {
        if (archive_write_data(out.get(), bytes, size) < 0) check(ARCHIVE_FATAL);
        if (between) between();
    }
};

ArchiveWriter::ArchiveWriter(int file, ArchiveKind kind, Timestamp time, std::function<void()> between)
    : parts_(new Parts{{file, {}, {}}, kind, time, std::move(between)}) {
    parts_->begin();
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, std::string_view content) {
    parts_->begin_file(name, static_cast<std::int64_t>(content.size()));
    parts_->write(content.data(), content.size());
}

void ArchiveWriter::add(const std::string& name, std::int64_t size, const Read& read) {
    parts_->begin_file(name, size);
    std::int64_t left = size;
    while (left > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(left, piece_size));
        const std::size_t got = read(parts_->piece.data(), wanted);
        if (got == 0)
            throw Error(ErrorCode::unavailable,
                        fmt::format("{} became shorter while it was put into the archive.", name));
        parts_->write(parts_->piece.data(), got);
        left -= static_cast<std::int64_t>(got);
    }
}

void ArchiveWriter::finish() {
    parts_->check(archive_write_close(parts_->out.get()));
    if (parts_->kind == ArchiveKind::sealed_tar_zstd &&
        !parts_->target.write(seal_of(parts_->target.hash.hex())))
        throw Error(ErrorCode::unavailable,
                    fmt::format("The archive cannot be written: {}.", parts_->target.failure));
}

}  // namespace assistd::backup
