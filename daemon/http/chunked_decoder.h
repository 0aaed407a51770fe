#pragma once
// Takes the chunked coding off a request's body, piece by piece as it arrives. Used under its connection's
// lock.

#include <cstdint>
#include <string>
#include <string_view>

namespace assistd::http {

class ChunkedDecoder {
  public:
    // Takes the next piece from the front of `bytes`. What of it belongs to the body is returned, as a view
    // into `bytes`; nothing when the coding's own lines were read, more bytes are needed or the body is done.
    // Call it until `bytes` is empty or done(). Throws Error{invalid_request} on anything that is not exact.
    std::string_view take(std::string_view& bytes);
    bool done() const { return part_ == Part::done; }

  private:
    enum class Part { size, data, data_end, trailer, done };

    bool take_line(std::string_view& bytes);
    void read_size();

    Part part_ = Part::size;
    std::string line_;  // the present line, as far as it has arrived
    std::int64_t left_ = 0;
    std::size_t trailer_bytes_ = 0;
};

}  // namespace assistd::http
