#include "http/pistache_handler.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/limit_rules.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "http/connection.h"

namespace assistd::http {
namespace {

constexpr const char* key = "assistd";
constexpr std::size_t share = 3;  // how many times as many as are free one client may have
// Beyond the limit, who are told so; the rest is closed without a word.
constexpr std::size_t turned_away_at_once = 256;

// Lives in the peer's data: its destructor is the one sign of the end that Pistache always gives.
struct PeerGuard {
    PeerGuard(std::shared_ptr<PeerCount> its_peers, std::string its_client, std::size_t limit, bool is_proxy)
        : peers(std::move(its_peers)),
          client(std::move(its_client)),
          entry(peers->add(client, limit, is_proxy)) {}
    ~PeerGuard() {
        if (connection) connection->on_peer_gone();
        connection.reset();
        peers->remove(client, entry);
    }
    PeerGuard(const PeerGuard&) = delete;
    PeerGuard& operator=(const PeerGuard&) = delete;

    std::shared_ptr<Connection> connection;  // null when the connection was closed at once
    const std::shared_ptr<PeerCount> peers;
    const std::string client;
    const PeerCount::Entry entry;
};

std::shared_ptr<PeerGuard> guard_of(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    return std::static_pointer_cast<PeerGuard>(peer->tryGetData(key));
}

}  // namespace

PeerCount::Entry PeerCount::add(const std::string& client, std::size_t limit, bool is_proxy) {
    const std::lock_guard lock(mutex_);
    const std::size_t turned_away = count_++ - let_in_;
    const auto found = of_client_.find(client);
    const std::size_t own = found == of_client_.end() ? 0 : found->second;
    const bool is_room = let_in_ < limit && (is_proxy || own < share * (limit - let_in_));
    if (!is_room) return turned_away < turned_away_at_once ? Entry::turned_away : Entry::shut_out;
    ++let_in_;
    ++of_client_[client];
    return Entry::let_in;
}

void PeerCount::remove(const std::string& client, Entry entry) {
    const std::lock_guard lock(mutex_);
    if (entry == Entry::let_in) {
        --let_in_;
        const auto found = of_client_.find(client);
        if (--found->second == 0) of_client_.erase(found);
    }
    if (--count_ == 0) none_.notify_all();
}

bool PeerCount::wait_until_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [this] { return count_ == 0; });
}

PistacheHandler::PistacheHandler(std::shared_ptr<const Service> service, std::shared_ptr<WriterLoop> loop,
                                 std::shared_ptr<PeerCount> peers, int max_connections, int first_duplicate)
    : service_(std::move(service)),
      loop_(std::move(loop)),
      peers_(std::move(peers)),
      max_connections_(max_connections),
      first_duplicate_(first_duplicate) {}

void PistacheHandler::onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    const std::string address = peer->address().host();
    const auto guard =
        std::make_shared<PeerGuard>(peers_, limited_address(address),
                                    static_cast<std::size_t>(max_connections_), service_->believes(address));
    // The duplicate's number is far from those of accepted sockets: Pistache picks a reactor by the number,
    // and alternating numbers would leave every second reactor without work.
    UniqueFd socket;
    if (guard->entry != PeerCount::Entry::shut_out)
        socket.reset(::fcntl(peer->fd(), F_DUPFD_CLOEXEC, first_duplicate_));
    if (socket) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        guard->connection = std::make_shared<Connection>(service_, loop_, std::move(socket), address);
        guard->connection->join_loop();
    }
    peer->putData(key, guard);
    if (!guard->connection)
        ::shutdown(peer->fd(), SHUT_RDWR);
    else if (guard->entry == PeerCount::Entry::turned_away)
        guard->connection->turn_away();
}

void PistacheHandler::onInput(const char* bytes, std::size_t size,
                              const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    // Pistache's threads end the process when an exception reaches them.
    try {
        const auto guard = guard_of(peer);
        if (guard && guard->connection) guard->connection->on_input({bytes, size});
    } catch (const std::exception& error) {
        log::error("a connection failed what={}", log::quoted(error.what()));
        ::shutdown(peer->fd(), SHUT_RDWR);
    }
}

void PistacheHandler::onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    const auto guard = guard_of(peer);
    if (guard && guard->connection) guard->connection->on_peer_gone();
}

}  // namespace assistd::http
