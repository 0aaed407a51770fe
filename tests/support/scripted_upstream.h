#pragma once
// A model server for tests and benchmarks: it listens on a real socket and answers every request as a script
// says, well or badly. One thread serves all connections; the script runs on it. Cheap enough to stand on the
// same two cores as what is measured.
//
//     ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
//         return ScriptedUpstream::stream({chunk_text("Hello"), chunk_end("stop"), "[DONE]"});
//     });
//     … upstream.url() …

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/unique_fd.h"

namespace assistd::test {

class ScriptedUpstream {
  public:
    struct Request {
        std::string_view method;
        std::string_view target;
        std::string_view head;  // request line and header lines
        std::string_view body;
        std::uint64_t connection = 0;                        // counts up from 1
        std::uint64_t number = 0;                            // of the request, from 1
        bool has_header(std::string_view line_start) const;  // "Authorization: Bearer x", as it was sent
    };

    // What a reply consists of, in order. A reply without Close leaves the connection open.
    struct Send {
        std::shared_ptr<const std::string> bytes;
    };
    struct Pause {
        std::chrono::milliseconds time;
    };
    struct Hang {};  // nothing more comes, the connection stays open
    struct Close {};
    struct Reset {};  // the peer sees ECONNRESET
    using Step = std::variant<Send, Pause, Hang, Close, Reset>;
    using Reply = std::vector<Step>;
    using Script = std::function<Reply(const Request&)>;

    explicit ScriptedUpstream(Script script);
    ~ScriptedUpstream();
    ScriptedUpstream(const ScriptedUpstream&) = delete;
    ScriptedUpstream& operator=(const ScriptedUpstream&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url() const;                                 // "http://127.0.0.1:PORT/v1"
    std::uint64_t connections() const { return accepted_; }  // ever made
    std::uint64_t open_connections() const { return open_; }
    std::uint64_t requests() const { return requests_; }

    static Step send(std::string bytes);
    static Reply raw(std::string bytes);  // a whole HTTP reply as it stands
    static Reply json(int status, std::string_view body, std::string_view more_headers = {});
    // A text/event-stream with a "data:" event for each text, chunked, complete.
    static Reply stream(const std::vector<std::string>& events);
    // Its pieces, for replies that break off.
    static std::string stream_head();
    static std::string http_chunk(std::string_view bytes);
    static std::string event(std::string_view data);  // as an HTTP chunk
    static std::string stream_end();

  private:
    struct Connection;

    void run();
    void accept_all();
    void on_readable(Connection& connection);
    bool take_request(Connection& connection);
    void go_on(Connection& connection);
    bool flush(Connection& connection);
    void drop(Connection& connection, bool reset);
    int next_pause_ms();

    const Script script_;
    UniqueFd listener_;
    UniqueFd epoll_;
    UniqueFd stop_;
    std::uint16_t port_ = 0;
    std::unordered_map<int, std::unique_ptr<Connection>> open_ones_;
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<std::uint64_t> open_{0};
    std::atomic<std::uint64_t> requests_{0};
    std::size_t pausing_ = 0;
    std::thread thread_;
};

// The data of chat completion chunks.
std::string chunk_text(std::string_view text);
std::string chunk_call(int index, std::string_view id, std::string_view name, std::string_view arguments);
std::string chunk_end(std::string_view finish_reason);
std::string chunk_usage(int prompt_tokens, int completion_tokens, int cached_tokens = 0);

}  // namespace assistd::test
