#include "telemetry/otlp_json.h"

#include <nlohmann/json.hpp>

#include "base/json_text.h"

namespace assistd::telemetry {
namespace {

using Json = nlohmann::ordered_json;

constexpr int status_error = 2;
// The parent's flags: bits 8 and 9 say that the parent may be elsewhere, and whether it is.
constexpr unsigned sampled = 1, random = 2, knows_remote = 0x100, is_remote = 0x200;

Json value_of(const SpanValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return {{"stringValue", repair_utf8(*text)}};
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return {{"intValue", std::to_string(*whole)}};
    if (const auto* number = std::get_if<double>(&value)) return {{"doubleValue", *number}};
    if (const auto* truth = std::get_if<bool>(&value)) return {{"boolValue", *truth}};
    Json values = Json::array();
    for (const std::string& text : std::get<std::vector<std::string>>(value))
        values.push_back({{"stringValue", repair_utf8(text)}});
    return {{"arrayValue", {{"values", std::move(values)}}}};
}

Json attribute(const std::string& key, const SpanValue& value) {
    return {{"key", key}, {"value", value_of(value)}};
}

Json json_of(const SpanRecord& span) {
    const std::int64_t began = to_micros(span.began) * 1'000;
    Json json = {{"traceId", span.trace.trace_id_hex()}, {"spanId", hex_of(span.id)}};
    if (!span.trace.state.empty()) json["traceState"] = span.trace.state;
    if (span.parent != 0) json["parentSpanId"] = hex_of(span.parent);
    const bool from_elsewhere = span.parent != 0 && span.parent == span.trace.parent;
    json["flags"] = (span.trace.sampled ? sampled : 0) | (span.trace.random ? random : 0) | knows_remote |
                    (from_elsewhere ? is_remote : 0);
    json["name"] = repair_utf8(span.name);
    json["kind"] = static_cast<int>(span.kind);
    json["startTimeUnixNano"] = std::to_string(began);
    json["endTimeUnixNano"] = std::to_string(began + span.duration.count());
    json["attributes"] = Json::array();
    for (const auto& [key, value] : span.attributes) json["attributes"].push_back(attribute(key, value));
    if (span.failed) json["status"] = {{"code", status_error}, {"message", repair_utf8(span.failure)}};
    return json;
}

}  // namespace

std::string otlp_json(const Resource& resource, std::span<const SpanRecord> spans) {
    Json attributes = Json::array();
    attributes.push_back(attribute("service.name", resource.service_name));
    attributes.push_back(attribute("service.version", resource.version));
    for (const auto& [key, value] : resource.attributes) attributes.push_back(attribute(key, value));
    Json list = Json::array();
    for (const SpanRecord& span : spans) list.push_back(json_of(span));
    const Json scope = {{"name", "assistd"}, {"version", resource.version}};
    Json scope_spans = Json::array();
    scope_spans.push_back({{"scope", scope}, {"spans", std::move(list)}});
    Json resource_spans = Json::array();
    resource_spans.push_back(
        {{"resource", {{"attributes", std::move(attributes)}}}, {"scopeSpans", std::move(scope_spans)}});
    Json body;
    body["resourceSpans"] = std::move(resource_spans);
    return body.dump();
}

}  // namespace assistd::telemetry
