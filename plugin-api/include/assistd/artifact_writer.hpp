#pragma once
// Writes an artifact piece by piece, as a std::ostream over the descriptor that the host gave. One thread.
//
//     assistd::ArtifactWriter table = call.artifact_writer("table", "growth.csv", "text/csv");
//     table << "n,rg\n";
//     for (…) table << n << ',' << rg << '\n';
//     table.finish({{"rows", rows}});

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "assistd/failure.hpp"

namespace assistd {

namespace detail {

inline Failure unwritable(const std::string& name, int error) {
    std::string reason = std::strerror(error);
    if (error == EFBIG) reason = "it is larger than an artifact may be";
    if (error == ENOSPC || error == EDQUOT) reason = "there is no room left for it";
    return {"QuotaExceededError", "The artifact " + name + " cannot be written: " + reason + "."};
}

inline void write_artifact_bytes(int fd, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) throw unwritable(name, put < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

class ArtifactWriteBuffer : public std::streambuf {
  public:
    ArtifactWriteBuffer(int fd, std::string name) : fd_(fd), name_(std::move(name)) { empty(); }

    int fd() const { return fd_; }
    const std::string& name() const { return name_; }
    std::uint64_t size() const { return written_ + static_cast<std::uint64_t>(pptr() - pbase()); }

  protected:
    int_type overflow(int_type next) override {
        write_out();
        return traits_type::eq_int_type(next, traits_type::eof()) ? traits_type::not_eof(next)
                                                                  : sputc(traits_type::to_char_type(next));
    }
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        // What would not fit goes out as it is, without another copy.
        if (count > epptr() - pptr()) write_out();
        if (count < epptr() - pptr()) return std::streambuf::xsputn(bytes, count);
        put({bytes, static_cast<std::size_t>(count)});
        return count;
    }
    int sync() override {
        write_out();
        return 0;
    }

  private:
    void write_out() {
        const std::string_view waiting(pbase(), static_cast<std::size_t>(pptr() - pbase()));
        empty();
        put(waiting);
    }
    void put(std::string_view bytes) {
        write_artifact_bytes(fd_, bytes, name_);
        written_ += bytes.size();
    }
    void empty() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

    int fd_;
    std::string name_;
    std::uint64_t written_ = 0;
    std::array<char, 1 << 16> buffer_;
};

// A base, so that the buffer is there before the stream that needs it.
struct HoldsWriteBuffer {
    ArtifactWriteBuffer write_buffer_;
};

}  // namespace detail

// Every failure to write throws at once, with a sentence for people. What a writer still holds when it goes
// out of scope is written then; when that fails, the call fails.
class ArtifactWriter : private detail::HoldsWriteBuffer, public std::ostream {
  public:
    // `fd` as create_artifact gave it.
    ArtifactWriter(assistd_call& call, int fd, std::string name)
        : detail::HoldsWriteBuffer{{fd, std::move(name)}}, std::ostream(&write_buffer_), call_(&call) {
        exceptions(std::ios_base::badbit | std::ios_base::failbit);
    }
    ~ArtifactWriter() override {
        if (std::uncaught_exceptions() > exceptions_before_) return;  // the call fails and keeps no artifact
        try {
            flush();
        } catch (const Failure& refused) {
            call_->emit_error(call_, detail::to_c(refused.type()), detail::to_c(refused.what()), {}, 1);
        } catch (...) {
            call_->emit_error(call_, detail::to_c("InternalError"),
                              detail::to_c("An artifact cannot be written."), {}, 0);
        }
    }

    int fd() const { return write_buffer_.fd(); }
    // Bytes so far.
    std::uint64_t size() const { return write_buffer_.size(); }

    // Replaces what was said of the artifact when it was begun; may be called more than once.
    void set_metadata(const Json& metadata) {
        const std::string text = metadata.dump();
        if (call_->set_artifact_metadata(call_, fd(), detail::to_c(text)) != ASSISTD_OK)
            throw Failure("QuotaExceededError", "The metadata of the artifact " + write_buffer_.name() +
                                                    " is too large: it has " + std::to_string(text.size()) +
                                                    " bytes.");
    }
    // Writes what is left and sets the metadata, now that everything is known.
    void finish(const Json& metadata) {
        flush();
        set_metadata(metadata);
    }

  private:
    assistd_call* call_;
    int exceptions_before_ = std::uncaught_exceptions();
};

}  // namespace assistd
