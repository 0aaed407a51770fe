#pragma once
// Carries messages of the Model Context Protocol between a program that speaks it on lines and the daemon's
// /mcp: each request on a thread of its own, so that a long one holds up nothing. take() and finish() belong
// to one thread.

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/mcp_message.h"
#include "cli/mcp_transfer.h"

namespace assistd::cli {

class McpBridge {
  public:
    // `write` is called with one message at a time, from any thread.
    McpBridge(const HttpClient& http, std::function<void(const std::string& message)> write);
    ~McpBridge();
    McpBridge(const McpBridge&) = delete;
    McpBridge& operator=(const McpBridge&) = delete;

    void take(std::string line);
    // Nothing more comes: what is nearly done may end, the rest is given up, and the session ends.
    void finish();

  private:
    struct Running {
        McpMessage message;
        McpTransfer transfer;
        bool over = false;
        std::thread thread;
    };
    // What the daemon was agreed on with, for revisions with a handshake.
    struct Agreement {
        std::string session;
        std::string revision;
    };

    void tell(const std::string& message);
    void request(McpMessage message);
    std::string begin(std::unique_ptr<Running> made);
    void run(Running& running);
    HttpReply post(McpTransfer& transfer, const McpMessage& message, const Agreement& agreement,
                   const std::function<void(const std::string&)>& take) const;
    HttpReply post_in_session(McpTransfer& transfer, const McpMessage& message,
                              const std::function<void(const std::string&)>& take);
    void initialize(McpMessage message);
    void pass_on(const McpMessage& message);
    void cancel(const McpMessage& message);
    Agreement agreement() const;
    bool agree_again(const Agreement& old);
    void listen();
    void listen_to(const Agreement& agreed);
    void stop_listening();
    void forget_ended(std::unique_lock<std::mutex>& lock);

    const HttpClient& http_;
    const std::function<void(const std::string& message)> write_;
    std::mutex write_mutex_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::unique_ptr<Running>> running_;
    Agreement agreed_;
    std::string handshake_;   // the initialize that was agreed on
    std::mutex again_mutex_;  // one handshake at a time
    bool finishing_ = false;

    std::unique_ptr<McpTransfer> listening_;
    std::thread listener_;
};

}  // namespace assistd::cli
