#include "base/config_telemetry.h"

#include <optional>

#include "base/config_endpoint.h"
#include "base/config_keys.h"
#include "base/error.h"

namespace assistd {
namespace {

constexpr std::string_view traces_path = "/v1/traces";

const std::string& collector_of(const ConfigValue& value) {
    return base_url_of(value,
                       "what the collector wants to see is a header, in telemetry.headers or in the "
                       "environment variable OTEL_EXPORTER_OTLP_HEADERS");
}

// A collector's address, or that of what it takes traces at.
std::string traces_url(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    if (!url.ends_with(traces_path)) url += traces_path;
    return url;
}

ConfigValue variable(const std::string& name, std::string text) {
    ConfigValue value;
    value.kind = ConfigValue::Kind::scalar;
    value.path = value.name = name;
    value.origin = {"the environment variable " + name};
    value.text = std::move(text);
    return value;
}

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
        plain += low ? static_cast<char>(*high * 16 + *low) : text[i];
        if (low) i += 2;
    }
    return plain;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// "key=value,key2=value%202"
std::map<std::string, std::string> pairs_of(const ConfigValue& value) {
    std::map<std::string, std::string> pairs;
    for (std::string_view rest = value.text; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string_view one = trimmed(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (one.empty()) continue;
        const std::size_t equals = one.find('=');
        if (equals == std::string_view::npos || equals == 0)
            refuse(value, "must be pairs such as key=value, with commas between them");
        pairs[std::string(trimmed(one.substr(0, equals)))] = percent_decoded(trimmed(one.substr(equals + 1)));
    }
    return pairs;
}

std::map<std::string, std::string> header_pairs_of(const ConfigValue& value) {
    ConfigValue map = value;
    map.kind = ConfigValue::Kind::map;
    for (const auto& [name, text] : pairs_of(value)) {
        ConfigValue header = variable(value.name, text);
        header.name = name;
        map.children.push_back(std::move(header));
    }
    return headers_of(map);
}

double part_of(const ConfigValue& value) {
    return number_of(value, 0.0, 1.0);
}

class OtelVariables {
  public:
    OtelVariables(Config& config, const std::map<std::string, std::string>& environment)
        : config_(config), environment_(environment) {}

    void read() {
        if (text("OTEL_SDK_DISABLED") == "true" || text("OTEL_SDK_DISABLED") == "TRUE") return;
        TelemetryConfig& telemetry = config_.telemetry;
        if (!is_set("otlp_endpoint") && text("OTEL_TRACES_EXPORTER") != "none") read_endpoint();
        if (!is_set("headers")) {
            apply("OTEL_EXPORTER_OTLP_HEADERS",
                  [&](const ConfigValue& v) { telemetry.headers = header_pairs_of(v); });
            apply("OTEL_EXPORTER_OTLP_TRACES_HEADERS",
                  [&](const ConfigValue& v) { telemetry.headers = header_pairs_of(v); });
        }
        apply("OTEL_RESOURCE_ATTRIBUTES", [&](const ConfigValue& v) { telemetry.attributes = pairs_of(v); });
        if (!is_set("service_name")) {
            const auto named = telemetry.attributes.find("service.name");
            if (named != telemetry.attributes.end()) telemetry.service_name = named->second;
            apply("OTEL_SERVICE_NAME", [&](const ConfigValue& v) { telemetry.service_name = v.text; });
        }
        telemetry.attributes.erase("service.name");
        if (!is_set("sample")) read_sampler();
    }

  private:
    std::string text(const std::string& name) const {
        const auto found = environment_.find(name);
        return found == environment_.end() ? "" : found->second;
    }
    bool is_set(const std::string& key) const { return config_.origins.contains("telemetry." + key); }

    // An empty variable is as good as none.
    template <class Set>
    void apply(const std::string& name, Set set) {
        if (text(name).empty()) return;
        try {
            set(variable(name, text(name)));
        } catch (const Error& error) {
            config_.warnings.push_back(std::string(error.what()) + " It counts for nothing.");
        }
    }

    void read_endpoint() {
        std::string& url = config_.telemetry.otlp_endpoint;
        apply("OTEL_EXPORTER_OTLP_ENDPOINT",
              [&](const ConfigValue& v) { url = traces_url(collector_of(v)); });
        apply("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", [&](const ConfigValue& v) { url = collector_of(v); });
        for (const char* name : {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"}) {
            const std::string protocol = text(name);
            if (url.empty() || protocol.empty() || protocol == "http/json") continue;
            config_.warnings.push_back("The environment variable " + std::string(name) + " is " +
                                       in_quotes(protocol) +
                                       "; assistd speaks http/json, which collectors take where they take "
                                       "http/protobuf (port 4318).");
            return;
        }
    }

    void read_sampler() {
        const std::string sampler = text("OTEL_TRACES_SAMPLER");
        if (sampler.ends_with("always_off")) config_.telemetry.sample = 0;
        if (sampler.ends_with("traceidratio"))
            apply("OTEL_TRACES_SAMPLER_ARG",
                  [&](const ConfigValue& v) { config_.telemetry.sample = part_of(v); });
    }

    Config& config_;
    const std::map<std::string, std::string>& environment_;
};

}  // namespace

void set_otlp_endpoint(Config& config, const ConfigValue& value) {
    config.telemetry.otlp_endpoint = text_of(value).empty() ? "" : traces_url(collector_of(value));
}

void read_telemetry(Config& config, const ConfigValue& section) {
    read_members(section, [&](const ConfigValue& value) {
        const ConfigKey* key = find_key(value.path);
        if (value.name == "headers")
            config.telemetry.headers = headers_of(value);
        else if (key)
            key->set(config, value);
        else
            refuse_unknown(value);
    });
}

void read_otel_variables(Config& config, const std::map<std::string, std::string>& environment) {
    OtelVariables(config, environment).read();
}

}  // namespace assistd
