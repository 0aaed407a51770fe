#pragma once
// Collects one request's body, in memory or in an unnamed file. Used under its connection's lock.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "http/chunked_decoder.h"
#include "http/router.h"

namespace assistd::http {

// How a request says that its body ends.
struct BodyFrame {
    bool chunked = false;
    std::int64_t content_length = 0;
};

class BodyReader {
  public:
    BodyReader() = default;  // for a request without a body
    // Throws Error{unavailable} when no file can be made in `upload_folder`.
    BodyReader(const BodyFrame& frame, const RouteOptions& options, const std::string& upload_folder);

    // Takes what belongs to the body from the front of `bytes`. Throws Error: payload_too_large, bad chunks,
    // or unavailable when the disk is full.
    void take(std::string_view& bytes);
    bool complete() const { return chunked_ ? decoder_.done() : received_ == expected_; }
    std::int64_t received() const { return received_; }

    // The collected body; once, when complete.
    std::string take_text() { return std::move(text_); }
    UniqueFd take_file();

  private:
    void store(std::string_view data);

    bool chunked_ = false;
    ChunkedDecoder decoder_;
    std::int64_t expected_ = 0;
    std::int64_t limit_ = 0;
    std::int64_t received_ = 0;
    std::string text_;
    UniqueFd file_;
};

Error body_too_large(std::int64_t limit);

}  // namespace assistd::http
