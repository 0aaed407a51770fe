#pragma once
// What a handler answers: a status with a body that is text, a file or a stream. A value; the connection
// writes it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "base/unique_fd.h"

namespace assistd::http {

// Where a streaming reply is written. Usable from any thread; never blocks.
class StreamWriter {
  public:
    virtual ~StreamWriter() = default;
    // False once the client is gone or so slow that its queue is full: stop producing.
    virtual bool write(std::string_view bytes) = 0;
    // The last piece, behind which the body returns soon: it is sent together with the reply's end.
    virtual bool write_last(std::string_view bytes) { return write(bytes); }
    virtual bool alive() const = 0;
};

// Server-sent events on a StreamWriter. `data` may have several lines; an empty name or id leaves that line
// out.
bool write_event(StreamWriter& out, std::string_view name, std::string_view data, std::string_view id = {});

// Bytes of an open file from `offset` on.
struct FileBody {
    std::shared_ptr<UniqueFd> file;
    std::int64_t offset = 0;
    std::int64_t length = 0;
};

// Runs on the io_context after the head is sent; the reply ends when it returns. Comment lines that keep
// proxies from closing a quiet event stream are sent by the connection.
using StreamBody = std::function<Task<void>(std::shared_ptr<StreamWriter>)>;

struct Reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;  // besides those the connection adds
    std::variant<std::string, FileBody, StreamBody> body;

    static Reply json(std::string body, int status = 200);
    static Reply text(std::string body, std::string content_type, int status = 200);
    static Reply empty(int status = 204);
    static Reply file(FileBody body, std::string content_type);
    static Reply event_stream(StreamBody body);
    Reply& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

// The error shape of our own doors: {"error": {"type", "code", "message", "details"?, "request_id"}}, with
// Retry-After and Allow where they belong. `internal` errors get a general sentence.
Reply error_reply(const Error& error, std::string_view request_id);
// When the client may ask again, where the error says so or is one that passes.
void add_retry_after(Reply& reply, const Error& error);

}  // namespace assistd::http
