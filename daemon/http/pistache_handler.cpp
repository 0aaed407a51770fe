#include "http/pistache_handler.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/logging.h"
#include "http/connection.h"

namespace assistd::http {
namespace {

constexpr const char* key = "assistd";
constexpr std::size_t turned_away_at_once = 256;  // beyond the limit; the rest is closed without a word

// Lives in the peer's data: its destructor is the one sign of the end that Pistache always gives.
struct PeerGuard {
    PeerGuard(std::shared_ptr<Connection> its_connection, std::shared_ptr<PeerCount> its_peers)
        : connection(std::move(its_connection)), peers(std::move(its_peers)) {
        peers->add();
    }
    ~PeerGuard() {
        if (connection) connection->on_peer_gone();
        connection.reset();
        peers->remove();
    }
    PeerGuard(const PeerGuard&) = delete;
    PeerGuard& operator=(const PeerGuard&) = delete;

    std::shared_ptr<Connection> connection;  // null when the connection was closed at once
    const std::shared_ptr<PeerCount> peers;
};

std::shared_ptr<PeerGuard> guard_of(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    return std::static_pointer_cast<PeerGuard>(peer->tryGetData(key));
}

}  // namespace

void PeerCount::add() {
    const std::lock_guard lock(mutex_);
    ++count_;
}

void PeerCount::remove() {
    const std::lock_guard lock(mutex_);
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
    const std::size_t present = loop_->size();
    const auto limit = static_cast<std::size_t>(max_connections_);
    std::shared_ptr<Connection> connection;
    // The duplicate's number is far from those of accepted sockets: Pistache picks a reactor by the number,
    // and alternating numbers would leave every second reactor without work.
    UniqueFd socket;
    if (present < limit + turned_away_at_once)
        socket.reset(::fcntl(peer->fd(), F_DUPFD_CLOEXEC, first_duplicate_));
    if (socket) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connection = std::make_shared<Connection>(service_, loop_, std::move(socket), peer->address().host());
        connection->join_loop();
    }
    peer->putData(key, std::make_shared<PeerGuard>(connection, peers_));
    if (!connection)
        ::shutdown(peer->fd(), SHUT_RDWR);
    else if (present >= limit)
        connection->turn_away();
}

void PistacheHandler::onInput(const char* bytes, std::size_t size,
                              const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    // Pistache's threads end the process when an exception reaches them.
    try {
        const auto guard = guard_of(peer);
        if (guard && guard->connection) guard->connection->on_input({bytes, size});
    } catch (const std::exception& error) {
        log::error("a connection failed what=\"{}\"", error.what());
        ::shutdown(peer->fd(), SHUT_RDWR);
    }
}

void PistacheHandler::onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
    const auto guard = guard_of(peer);
    if (guard && guard->connection) guard->connection->on_peer_gone();
}

}  // namespace assistd::http
