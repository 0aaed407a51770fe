#include "telemetry/otlp_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assistd::telemetry {
namespace {

using Json = nlohmann::json;

SpanRecord a_span() {
    SpanRecord span;
    span.trace = *read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    span.trace.state = "a=b";
    span.id = 0x1234;
    span.parent = span.trace.parent;
    span.name = "chat m";
    span.kind = SpanKind::client;
    span.began = from_micros(1'772'366'400'000'001);
    span.duration = std::chrono::nanoseconds(1'500);
    span.attributes = {{"text", std::string("x\xff")},
                       {"whole", std::int64_t{1} << 60},
                       {"number", 0.5},
                       {"truth", true},
                       {"list", std::vector<std::string>{"stop"}}};
    return span;
}

// opentelemetry-proto/docs: ids in hexadecimal, 64-bit numbers as texts, enumerations as numbers.
TEST(OtlpJson, HasTheShapeOfTheSpecification) {
    const SpanRecord span = a_span();
    const Json body = Json::parse(otlp_json({"lab", "1.2", {{"host.name", "h"}}}, std::span(&span, 1)));
    const Json& resource = body.at("resourceSpans").at(0);
    EXPECT_EQ(resource.at("resource").at("attributes"),
              Json::parse(R"([{"key":"service.name","value":{"stringValue":"lab"}},
                              {"key":"service.version","value":{"stringValue":"1.2"}},
                              {"key":"host.name","value":{"stringValue":"h"}}])"));
    const Json& scope = resource.at("scopeSpans").at(0);
    EXPECT_EQ(scope.at("scope"), Json::parse(R"({"name":"assistd","version":"1.2"})"));
    EXPECT_EQ(scope.at("spans").at(0), Json::parse(R"({
        "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "0000000000001234", "traceState": "a=b",
        "parentSpanId": "b7ad6b7169203331", "flags": 769, "name": "chat m", "kind": 3,
        "startTimeUnixNano": "1772366400000001000", "endTimeUnixNano": "1772366400000002500",
        "attributes": [{"key": "text", "value": {"stringValue": "x\ufffd"}},
                       {"key": "whole", "value": {"intValue": "1152921504606846976"}},
                       {"key": "number", "value": {"doubleValue": 0.5}},
                       {"key": "truth", "value": {"boolValue": true}},
                       {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}}}]})"));
}

TEST(OtlpJson, SaysWhatFailed) {
    SpanRecord span = a_span();
    span.parent = 7;  // a span of this daemon
    span.failed = true;
    span.failure = "It took too long.";
    const Json body = Json::parse(otlp_json({}, std::span(&span, 1)));
    const Json& json = body.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").at(0);
    EXPECT_EQ(json.at("status"), Json::parse(R"({"code": 2, "message": "It took too long."})"));
    EXPECT_EQ(json.at("flags"), 257);
}

}  // namespace
}  // namespace assistd::telemetry
