#pragma once
// Collects one request's body, in memory, in an unnamed file or as a form. Used under its connection's lock.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/chunked_decoder.h"
#include "http/form_reader.h"
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
    // Throws Error: unavailable when no file can be made in `upload_folder`, invalid_request when a form is
    // wanted and the Content-Type is another one.
    BodyReader(const BodyFrame& frame, const RouteOptions& options, const std::string& upload_folder,
               std::string_view content_type);

    // Takes what belongs to the body from the front of `bytes`. Throws Error: payload_too_large, bad chunks,
    // a bad form, or unavailable when the disk is full.
    void take(std::string_view& bytes);
    bool complete() const { return chunked_ ? decoder_.done() : received_ == expected_; }
    std::int64_t received() const { return received_; }

    // When it is complete. Throws Error{invalid_request} for a form that has no end.
    void finish();
    // The collected body; once, when it is finished.
    std::string take_text() { return std::move(text_); }
    UniqueFd take_file() { return file_.take(); }
    Form take_form() { return std::move(form_); }

  private:
    void store(std::string_view data);

    bool chunked_ = false;
    ChunkedDecoder decoder_;
    std::int64_t expected_ = 0;
    std::int64_t limit_ = 0;
    std::int64_t received_ = 0;
    std::string text_;
    UnnamedFile file_;
    std::unique_ptr<FormReader> form_reader_;
    Form form_;
};

Error body_too_large(std::int64_t limit);

}  // namespace assistd::http
