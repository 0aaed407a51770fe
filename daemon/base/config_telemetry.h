#pragma once
// The part of the configuration that is about traces. For config.cpp alone; any thread.

#include <map>
#include <string>

#include "base/config_value.h"

namespace assistd {

// Both throw Error{validation}.
void set_otlp_endpoint(Config& config, const ConfigValue& value);
void read_telemetry(Config& config, const ConfigValue& section);

// OTEL_EXPORTER_OTLP_ENDPOINT and the others that every program with OpenTelemetry knows, for what no key of
// our own sets. As OpenTelemetry wants it, one that is wrong is a warning and counts for nothing.
void read_otel_variables(Config& config, const std::map<std::string, std::string>& environment);

}  // namespace assistd
