#pragma once
// Spans as OTLP/HTTP has them in JSON: ids in hexadecimal digits, enumerations as numbers, 64-bit numbers as
// texts (opentelemetry-proto, "JSON Protobuf Encoding"). Pure functions.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/span.h"

namespace assistd::telemetry {

// Who sends them.
struct Resource {
    std::string service_name = "assistd";
    std::string version;
    std::vector<std::pair<std::string, std::string>> attributes;  // further ones
};

// The body of a request to …/v1/traces.
std::string otlp_json(const Resource& resource, std::span<const SpanRecord> spans);

}  // namespace assistd::telemetry
