#include "app/observation.h"

#include <unistd.h>

#include <climits>

namespace assistd::app {
namespace {

constexpr std::chrono::milliseconds traces_grace{500};

std::string host_name() {
    char name[HOST_NAME_MAX + 1] = "";
    return ::gethostname(name, sizeof name) == 0 ? name : "";
}

// Null: nowhere.
std::shared_ptr<telemetry::SpanExporter> make_exporter(boost::asio::io_context& io,
                                                       const TelemetryConfig& config,
                                                       std::shared_ptr<HttpClient> client) {
    if (config.otlp_endpoint.empty()) return nullptr;
    telemetry::ExporterOptions options;
    options.url = config.otlp_endpoint;
    for (const auto& [name, value] : config.headers) options.headers.push_back(name + ": " + value);
    options.resource.service_name = config.service_name;
    options.resource.version = ASSISTD_VERSION;
    options.resource.attributes.assign(config.attributes.begin(), config.attributes.end());
    if (!config.attributes.contains("host.name"))
        options.resource.attributes.emplace_back("host.name", host_name());
    options.resource.attributes.emplace_back("process.pid", std::to_string(::getpid()));
    return std::make_shared<telemetry::SpanExporter>(io, std::move(client), std::move(options));
}

Watched completed(Watched watched, const Config& config, std::shared_ptr<telemetry::SpanExporter> spans) {
    watched.spans = std::move(spans);
    watched.reserve_bytes = static_cast<std::uint64_t>(config.store_reserve_mib) << 20;
    return watched;
}

}  // namespace

Observation::Observation(boost::asio::io_context& io, const Config& config,
                         std::shared_ptr<HttpClient> client, Watched watched)
    : spans_(make_exporter(io, config.telemetry, std::move(client))),
      requests_(watched.metrics, spans_, config.telemetry.sample),
      watch_(completed(std::move(watched), config, spans_)) {}

void Observation::start(boost::asio::io_context& io) {
    if (spans_) spans_->start();
    asio::co_spawn(io, IoLag::measure(watch_.io_lag()), asio::detached);
}

Task<void> Observation::stop() {
    if (spans_) co_await spans_->stop(traces_grace);
}

}  // namespace assistd::app
