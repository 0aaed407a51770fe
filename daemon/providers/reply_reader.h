#pragma once
// What takes a reply's body in, as it arrives. Belongs to one coroutine.

#include <string_view>

namespace assistd::providers {

// Everything may throw UpstreamError.
class ReplyReader {
  public:
    virtual ~ReplyReader() = default;
    virtual void feed(std::string_view bytes) = 0;  // of a stream
    virtual void end_of_stream() = 0;
    virtual void take_whole(std::string_view body) = 0;  // from a server that does not stream
    virtual bool done() const = 0;                       // nothing more is wanted
};

}  // namespace assistd::providers
