#pragma once
// Where Pistache hands over: it accepts, polls and reads; each connection's bytes go to our Connection.
// Pistache clones the handler for each reactor thread.

#include <pistache/http.h>
#include <pistache/peer.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/service.h"
#include "http/writer_loop.h"

namespace assistd::http {

// Counts the connections that Pistache still knows, so that its threads are not ended under them, and those
// of each client, who never gets all that may be: he is let in while he has fewer than three times as many as
// are free. Any thread.
class PeerCount {
  public:
    enum class Entry { let_in, turned_away, shut_out };

    // `client` as limited_address() gives it; a proxy stands for many and may have all.
    Entry add(const std::string& client, std::size_t limit, bool is_proxy);
    void remove(const std::string& client, Entry entry);
    bool wait_until_none(std::chrono::steady_clock::time_point deadline);

  private:
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t count_ = 0;
    std::size_t let_in_ = 0;
    std::unordered_map<std::string, std::size_t> of_client_;  // that were let in
};

class PistacheHandler : public Pistache::Http::Handler {
  public:
    HTTP_PROTOTYPE(PistacheHandler)

    PistacheHandler(std::shared_ptr<const Service> service, std::shared_ptr<WriterLoop> loop,
                    std::shared_ptr<PeerCount> peers, int max_connections, int first_duplicate);

    // Never called: requests are taken from onInput.
    void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}
    void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;

  private:
    void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
    void onInput(const char* bytes, std::size_t size,
                 const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;

    std::shared_ptr<const Service> service_;
    std::shared_ptr<WriterLoop> loop_;
    std::shared_ptr<PeerCount> peers_;
    int max_connections_;
    int first_duplicate_;  // duplicates get numbers from here on
};

}  // namespace assistd::http
