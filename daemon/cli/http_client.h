#pragma once
// Requests to the daemon over libcurl, with a way to do other things while an answer streams. One thread.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::cli {

using HttpHeaders = std::map<std::string, std::string>;  // by their names in small letters

struct FormPart {
    std::string name = {};
    std::string text = {};       // the content, or:
    std::string path = {};       // the file that has it, which is read while it is sent
    std::string file_name = {};  // empty: the part is no file
};

struct HttpRequest {
    std::string method = "GET";
    std::string path;  // with its query, escaped
    std::string body;  // JSON, or empty
    // Open for reading, at its beginning: the body instead, of this many bytes. Stays the caller's.
    int file = -1;
    long long file_bytes = 0;
    std::vector<FormPart> form;        // multipart/form-data, in place of the body
    std::vector<std::string> headers;  // "Name: value"
    // Where the bytes of a good answer (2xx) go as they come; without it they end up in HttpReply::body.
    std::function<void(std::string_view)> sink;
    // Called with the headers of a good answer, before its first byte goes to the sink.
    std::function<void(const HttpHeaders&)> head;
    // Called at least ten times a second while the request runs, and when `wake_fd` becomes readable. May
    // throw.
    std::function<void()> tick;
    int wake_fd = -1;
};

struct HttpReply {
    long status = 0;
    HttpHeaders headers;
    std::string body;
    bool complete = true;  // false: the connection broke in the middle of the answer
};

class HttpClient {
  public:
    // "http://127.0.0.1:8080", and the API key that every request carries; empty: none.
    explicit HttpClient(std::string server, std::string key = {});

    // Throws Unreachable when nothing answers, and Failure for an address or a key that is none.
    HttpReply send(HttpRequest request) const;
    const std::string& server() const { return server_; }
    const std::string& key() const { return key_; }

    static std::string escaped(const std::string& path_segment);

  private:
    std::string server_;
    std::string key_;
};

}  // namespace assistd::cli
