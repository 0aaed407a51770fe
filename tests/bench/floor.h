#pragma once
// A bare loop that does what a turn cannot do without - the same socket calls and SQLite writes - and nothing
// else: the most that a daemon on this machine could reach.
//
// One thread: take the client's request, write, ask the model, write, ask the tool (another process, over a
// socket pair), write, ask the model again, write, reply. With one commit for each write, or with one commit
// for all writes that are due at the same time.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "floor_store.h"

namespace assistd::bench {

enum class Commit { each_write, group };

class FloorServer {
  public:
    FloorServer(const std::filesystem::path& folder, std::uint16_t upstream_port, int lanes, Commit commit);
    ~FloorServer();
    FloorServer(const FloorServer&) = delete;
    FloorServer& operator=(const FloorServer&) = delete;

    std::uint16_t port() const { return port_; }

  private:
    struct Lane;

    void start_tool_process(std::size_t lanes);
    void run();
    void accept_one();
    void on_event(std::size_t lane, int which);
    void on_client(Lane& lane);
    void on_upstream(Lane& lane);
    void on_tool(Lane& lane);
    template <class Write>
    void write_then_send(Write write, int fd, std::string bytes);

    const Commit commit_;
    FloorStore store_;
    UniqueFd listener_;
    UniqueFd epoll_;
    UniqueFd stop_;
    std::uint16_t port_ = 0;
    std::uint16_t upstream_port_;
    int tool_process_ = -1;
    std::vector<UniqueFd> tool_sockets_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    struct Due {
        int fd;
        std::string bytes;
    };
    std::vector<Due> due_;  // sent once the round's writes are committed
    bool in_transaction_ = false;
    std::thread thread_;
};

}  // namespace assistd::bench
