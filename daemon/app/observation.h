#pragma once
// All by which the daemon can be observed: its log lines and counts of requests, the traces that it sends,
// and what /readyz, /health and /metrics tell. Owned by the composition root; made before the server, which
// it is told by and looks at. Any thread.

#include <boost/asio/io_context.hpp>
#include <memory>

#include "app/requests.h"
#include "app/watch.h"
#include "base/config.h"
#include "http/server.h"
#include "telemetry/exporter.h"
#include "upstream/http_client.h"

namespace assistd::app {

class Observation {
  public:
    // `watched` without its last two members.
    Observation(boost::asio::io_context& io, const Config& config, std::shared_ptr<HttpClient> client,
                Watched watched);

    void start(boost::asio::io_context& io);
    Task<void> stop();  // traces that wait are sent, for a moment

    http::ServerOptions with(http::ServerOptions options) {
        options.observer = &requests_;
        return options;
    }
    Watch& watch() { return watch_; }

  private:
    const std::shared_ptr<telemetry::SpanExporter> spans_;  // null: they go nowhere
    Requests requests_;
    Watch watch_;
};

}  // namespace assistd::app
