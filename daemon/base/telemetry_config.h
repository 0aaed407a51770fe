#pragma once
// Where traces go, as the configuration's section `telemetry` says it, or else OpenTelemetry's own variables.
// Values, shared read-only.

#include <map>
#include <string>

namespace assistd {

struct TelemetryConfig {
    std::string otlp_endpoint;                   // …/v1/traces; empty: nothing is sent
    std::map<std::string, std::string> headers;  // of each request to it
    std::string service_name = "assistd";
    double sample = 1;                              // the part of the traces that is kept, 0 to 1
    std::map<std::string, std::string> attributes;  // what the collector is told of this daemon besides

    bool operator==(const TelemetryConfig&) const = default;
};

}  // namespace assistd
