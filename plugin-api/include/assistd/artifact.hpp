#pragma once
// An artifact that an argument names, open for reading: whole, in pieces, as a stream or mapped into memory.
// Readers have positions of their own, so several threads may read one artifact. Valid during the call.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <istream>
#include <span>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "assistd/failure.hpp"

namespace assistd {

class ArtifactMap;
class ArtifactStream;

// A reference to what the host opened; cheap to copy. A default one names nothing and is empty.
class Artifact {
  public:
    Artifact() = default;
    explicit Artifact(const assistd_artifact& artifact) : artifact_(&artifact) {}

    std::string_view handle() const { return detail::from_c(artifact_->handle); }
    std::string_view kind() const { return detail::from_c(artifact_->kind); }
    std::string_view name() const { return detail::from_c(artifact_->name); }
    std::string_view media_type() const { return detail::from_c(artifact_->media_type); }
    Json metadata() const { return Json::parse(detail::from_c(artifact_->metadata)); }
    std::uint64_t size() const { return artifact_->size; }
    int fd() const { return artifact_->fd; }

    // All its bytes, or those from `offset` on that fill `buffer`. Throw when they cannot be read.
    std::string read_all() const {
        std::string bytes(artifact_->size, '\0');
        read_at(0, std::as_writable_bytes(std::span(bytes)));
        return bytes;
    }
    void read_at(std::uint64_t offset, std::span<std::byte> buffer) const {
        for (std::size_t at = 0; at < buffer.size();) {
            const ssize_t got =
                ::pread(fd(), buffer.data() + at, buffer.size() - at, static_cast<off_t>(offset + at));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw unreadable(std::strerror(errno));
            if (got == 0) throw unreadable("it ends after " + std::to_string(offset + at) + " bytes");
            at += static_cast<std::size_t>(got);
        }
    }
    // As a std::istream.
    ArtifactStream stream() const;
    // As memory, read from the disk where it is touched: for what is too large to copy.
    ArtifactMap map() const;

    Failure unreadable(const std::string& reason) const {
        return {"InternalError", "The artifact " + std::string(handle()) + " cannot be read: " + reason + ".",
                nullptr, false};
    }

  private:
    static constexpr assistd_artifact nothing{
        sizeof(assistd_artifact), {"", 0}, {"", 0}, {"", 0}, {"", 0}, {"{}", 2}, 0, -1};

    const assistd_artifact* artifact_ = &nothing;
};

// An artifact's bytes as read-only memory. Movable; the bytes stay where they are.
class ArtifactMap {
  public:
    explicit ArtifactMap(const Artifact& artifact) : size_(artifact.size()) {
        if (size_ == 0) return;  // the kernel maps nothing of no size
        void* memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, artifact.fd(), 0);
        if (memory == MAP_FAILED) throw artifact.unreadable(std::strerror(errno));
        data_ = static_cast<const std::byte*>(memory);
    }
    ~ArtifactMap() {
        if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
    }
    ArtifactMap(ArtifactMap&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    ArtifactMap& operator=(ArtifactMap&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }

    std::span<const std::byte> bytes() const { return {data_, size_}; }
    std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

  private:
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

namespace detail {

class ArtifactReadBuffer : public std::streambuf {
  public:
    explicit ArtifactReadBuffer(const Artifact& artifact) : artifact_(artifact) {}

  protected:
    int_type underflow() override {
        const auto size =
            std::min<std::uint64_t>(buffer_.size(), artifact_.size() - std::min(next_, artifact_.size()));
        if (size == 0) return traits_type::eof();
        artifact_.read_at(next_, std::as_writable_bytes(std::span(buffer_).first(size)));
        next_ += size;
        setg(buffer_.data(), buffer_.data(), buffer_.data() + size);
        return traits_type::to_int_type(buffer_.front());
    }
    pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override {
        const auto here = static_cast<off_type>(next_) - (egptr() - gptr());
        const auto base = from == std::ios_base::beg   ? 0
                          : from == std::ios_base::cur ? here
                                                       : static_cast<off_type>(artifact_.size());
        const off_type to = base + offset;
        if (to < 0 || to > static_cast<off_type>(artifact_.size())) return pos_type(off_type(-1));
        if (to == here) return to;
        setg(nullptr, nullptr, nullptr);
        next_ = static_cast<std::uint64_t>(to);
        return to;
    }
    pos_type seekpos(pos_type to, std::ios_base::openmode mode) override {
        return seekoff(to, std::ios_base::beg, mode);
    }

  private:
    Artifact artifact_;
    std::uint64_t next_ = 0;  // of the bytes that are not in the buffer yet
    std::array<char, 1 << 16> buffer_;
};

// A base, so that the buffer is there before the stream that needs it.
struct HoldsReadBuffer {
    ArtifactReadBuffer read_buffer_;
};

}  // namespace detail

// A seekable stream over an artifact; it throws when the bytes cannot be read, so only their end needs a
// look.
class ArtifactStream : private detail::HoldsReadBuffer, public std::istream {
  public:
    explicit ArtifactStream(const Artifact& artifact)
        : detail::HoldsReadBuffer{detail::ArtifactReadBuffer(artifact)}, std::istream(&read_buffer_) {
        exceptions(std::ios_base::badbit);
    }
};

inline ArtifactStream Artifact::stream() const {
    return ArtifactStream(*this);
}
inline ArtifactMap Artifact::map() const {
    return ArtifactMap(*this);
}

}  // namespace assistd
