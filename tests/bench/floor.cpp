#include "floor.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "http_text.h"
#include "load.h"

namespace assistd::bench {
namespace {

enum Which { client = 0, upstream = 1, tool = 2 };
constexpr std::uint64_t listening = UINT64_MAX;
constexpr std::uint64_t stopping = UINT64_MAX - 1;

void watch(int epoll, int fd, std::uint64_t key) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = key}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

bool receive(int fd, std::string& in) {
    std::array<char, 16 << 10> bytes;
    const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count > 0) in.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

// The size of what the daemon sends: a system prompt, one tool, the messages.
std::string model_request(std::string_view content, std::string_view result) {
    static const std::string system(900, 's');
    static const std::string tool_text(400, 't');
    std::string body = fmt::format(
        R"({{"model":"bench","stream":true,"stream_options":{{"include_usage":true}},"tools":"{}","messages":[{{"role":"system","content":"{}"}},{{"role":"user","content":"{}"}})",
        tool_text, system, content);
    if (!result.empty()) body += fmt::format(R"(,{{"role":"tool","content":"{}"}})", result);
    body += "]}";
    return post_request("/v1/chat/completions", body);
}

// Sends back whatever comes, on every socket of the list. Runs in a process of its own, which began as a fork
// of one with threads: system calls only.
[[noreturn]] void echo_for_ever(const std::vector<int>& sockets) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int epoll = ::epoll_create1(0);
    for (const int fd : sockets) watch(epoll, fd, static_cast<std::uint64_t>(fd));
    epoll_event events[64];
    char bytes[8192];
    while (true) {
        const int count = ::epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < count; ++i) {
            const int fd = static_cast<int>(events[i].data.u64);
            const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
            if (size <= 0) ::_exit(0);
            if (::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) != size) ::_exit(1);
        }
    }
}

}  // namespace

struct FloorServer::Lane {
    int number = 0;
    UniqueFd client;
    UniqueFd upstream;
    UniqueFd tool;
    std::string from_client;
    std::string from_upstream;
    std::string content;
    std::string result;
};

FloorServer::FloorServer(const std::filesystem::path& folder, std::uint16_t upstream_port, int lanes,
                         Commit commit)
    : commit_(commit), store_(folder / "floor.db", lanes), upstream_port_(upstream_port) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 1024) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
        throw std::runtime_error("The floor's server cannot listen.");
    }
    port_ = ntohs(address.sin_port);
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    stop_.reset(::eventfd(0, EFD_CLOEXEC));
    watch(epoll_.get(), listener_.get(), listening);
    watch(epoll_.get(), stop_.get(), stopping);
    start_tool_process(static_cast<std::size_t>(lanes));
    thread_ = std::thread([this] { run(); });
}

FloorServer::~FloorServer() {
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
    ::kill(tool_process_, SIGKILL);
    ::waitpid(tool_process_, nullptr, 0);
}

void FloorServer::start_tool_process(std::size_t lanes) {
    std::vector<UniqueFd> ends;
    std::vector<int> theirs;
    for (std::size_t i = 0; i < lanes; ++i) {
        std::array<int, 2> pair{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
            throw std::runtime_error("socketpair");
        tool_sockets_.emplace_back(pair[0]);
        ends.emplace_back(pair[1]);
        theirs.push_back(pair[1]);
    }
    tool_process_ = ::fork();
    if (tool_process_ < 0) throw std::runtime_error("The floor's tool process cannot be started.");
    if (tool_process_ == 0) echo_for_ever(theirs);
}

void FloorServer::run() {
    std::array<epoll_event, 256> events;
    while (true) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        for (int i = 0; i < count; ++i) {
            const std::uint64_t key = events[static_cast<std::size_t>(i)].data.u64;
            if (key == stopping) return;
            if (key == listening)
                accept_one();
            else
                on_event(static_cast<std::size_t>(key / 4), static_cast<int>(key % 4));
        }
        if (std::exchange(in_transaction_, false)) store_.commit();
        for (const auto& [fd, bytes] : due_) ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        due_.clear();
    }
}

void FloorServer::accept_one() {
    // Lanes are used again: a later client takes the place of one that left.
    std::size_t place = 0;
    while (place < lanes_.size() && lanes_[place]->client) ++place;
    if (place == lanes_.size()) lanes_.push_back(std::make_unique<Lane>());
    Lane& lane = *lanes_[place];
    lane.client.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const int on = 1;
    ::setsockopt(lane.client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    lane.from_client.clear();
    watch(epoll_.get(), lane.client.get(), place * 4 + client);
    if (lane.upstream) return;
    lane.number = static_cast<int>(place);
    lane.upstream = connect_to(upstream_port_);
    watch(epoll_.get(), lane.upstream.get(), place * 4 + upstream);
    lane.tool = std::move(tool_sockets_.at(place));
    watch(epoll_.get(), lane.tool.get(), place * 4 + tool);
}

void FloorServer::on_event(std::size_t place, int which) {
    Lane& lane = *lanes_[place];
    if (which == client)
        on_client(lane);
    else if (which == upstream)
        on_upstream(lane);
    else
        on_tool(lane);
}

template <class Write>
void FloorServer::write_then_send(Write write, int fd, std::string bytes) {
    if (commit_ == Commit::each_write) {
        store_.begin();
        write();
        store_.commit();
        ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return;
    }
    if (!std::exchange(in_transaction_, true)) store_.begin();
    write();
    due_.push_back({fd, std::move(bytes)});
}

void FloorServer::on_client(Lane& lane) {
    if (!receive(lane.client.get(), lane.from_client)) {
        lane.client.reset();
        return;
    }
    const HttpText request = parse_http(lane.from_client);
    if (request.size == 0) return;
    constexpr std::string_view key = R"("content":")";
    const std::string_view rest = request.body.substr(request.body.find(key) + key.size());
    lane.content = rest.substr(0, rest.find('"'));
    lane.result.clear();
    lane.from_client.erase(0, request.size);
    const auto write = [&] { store_.begin_turn(lane.number, lane.content); };
    write_then_send(write, lane.upstream.get(), model_request(lane.content, ""));
}

void FloorServer::on_upstream(Lane& lane) {
    if (!receive(lane.upstream.get(), lane.from_upstream)) throw std::runtime_error("The upstream left.");
    if (!lane.from_upstream.ends_with("0\r\n\r\n")) return;
    if (lane.result.empty()) {
        const std::string arguments = fmt::format(R"({{"text":"{}"}})", lane.content);
        const auto write = [&] { store_.add_call(lane.number, arguments); };
        write_then_send(write, lane.tool.get(), lane.content);
    } else {
        // Two chunks hold the sentence's halves; the floor reads them as cheaply as it can.
        constexpr std::string_view key = R"("content":")";
        std::string sentence;
        for (std::size_t at = lane.from_upstream.find(key); at != std::string::npos;
             at = lane.from_upstream.find(key, at + 1)) {
            const std::size_t begin = at + key.size();
            sentence.append(lane.from_upstream, begin, lane.from_upstream.find('"', begin) - begin);
        }
        const std::string body = fmt::format(R"({{"role":"assistant","content":"{}"}})", sentence);
        std::string reply = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
        const auto write = [&] { store_.end_turn(lane.number, sentence); };
        write_then_send(write, lane.client.get(), std::move(reply));
    }
    lane.from_upstream.clear();
}

void FloorServer::on_tool(Lane& lane) {
    if (!receive(lane.tool.get(), lane.result)) throw std::runtime_error("The tool process left.");
    const auto write = [&] { store_.add_result(lane.number, lane.result); };
    write_then_send(write, lane.upstream.get(), model_request(lane.content, lane.result));
}

}  // namespace assistd::bench
