// The sections `log` and `telemetry`, and OpenTelemetry's own variables.

#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using TelemetryConfigTest = ConfigFile;

TEST_F(TelemetryConfigTest, IsRead) {
    const Config config = load(
        "log: {format: json, to: journald}\n"
        "telemetry: {otlp_endpoint: 'http://127.0.0.1:4318/', headers: {X-Key: abc}, service_name: lab, "
        "sample: 0.25}\n");
    EXPECT_TRUE(config.log_as_json);
    EXPECT_TRUE(config.log_to_journal);
    EXPECT_EQ(config.telemetry.otlp_endpoint, "http://127.0.0.1:4318/v1/traces");
    EXPECT_EQ(config.telemetry.headers.at("X-Key"), "abc");
    EXPECT_EQ(config.telemetry.service_name, "lab");
    EXPECT_EQ(config.telemetry.sample, 0.25);
    EXPECT_EQ(load("telemetry: {otlp_endpoint: 'https://c/otlp/v1/traces'}\n").telemetry.otlp_endpoint,
              "https://c/otlp/v1/traces");
    const Config usual = load("listen: 127.0.0.1:0\n");
    EXPECT_EQ(usual.telemetry.otlp_endpoint, "");
    EXPECT_FALSE(usual.log_as_json || usual.log_to_journal);
}

TEST_F(TelemetryConfigTest, WhatIsWrongIsRefused) {
    EXPECT_THAT(complaint("log: {format: xml}\n"), HasSubstr("log.format"));
    EXPECT_THAT(complaint("log: {to: syslog}\n"), HasSubstr("log.to"));
    EXPECT_THAT(complaint("telemetry: {otlp_endpoint: 'grpc://c'}\n"), HasSubstr("telemetry.otlp_endpoint"));
    const std::string secret = complaint("telemetry: {otlp_endpoint: 'http://me:pw@c:4318'}\n");
    EXPECT_THAT(secret, HasSubstr("is a header, in telemetry.headers"));
    EXPECT_THAT(secret, testing::Not(HasSubstr("api_key_env")));
    EXPECT_THAT(complaint("telemetry: {sample: 2}\n"), HasSubstr("telemetry.sample"));
    EXPECT_THAT(complaint("telemetry: {headers: 'a=b'}\n"), HasSubstr("telemetry.headers"));
    EXPECT_THAT(complaint("telemetry: {colour: red}\n"), HasSubstr("telemetry.colour"));
}

TEST_F(TelemetryConfigTest, OpenTelemetrysVariablesCount) {
    const Config config =
        load("listen: 127.0.0.1:0\n", {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
                                       {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b, other = c%3D"},
                                       {"OTEL_RESOURCE_ATTRIBUTES", "service.name=x,deployment=lab"},
                                       {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
                                       {"OTEL_TRACES_SAMPLER_ARG", "0.5"}});
    EXPECT_EQ(config.telemetry.otlp_endpoint, "http://collector:4318/v1/traces");
    EXPECT_EQ(config.telemetry.headers.at("api-key"), "a b");
    EXPECT_EQ(config.telemetry.headers.at("other"), "c=");
    EXPECT_EQ(config.telemetry.service_name, "x");
    EXPECT_EQ(config.telemetry.attributes, (std::map<std::string, std::string>{{"deployment", "lab"}}));
    EXPECT_EQ(config.telemetry.sample, 0.5);
    EXPECT_THAT(config.warnings, ElementsAre());

    const std::map<std::string, std::string> both = {
        {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:4318/here"},
        {"OTEL_SERVICE_NAME", "named"}};
    EXPECT_EQ(load("listen: 127.0.0.1:0\n", both).telemetry.otlp_endpoint, "http://traces:4318/here");
    EXPECT_EQ(load("listen: 127.0.0.1:0\n", both).telemetry.service_name, "named");
    const Config own = load("telemetry: {otlp_endpoint: 'http://own:4318', service_name: own}\n", both);
    EXPECT_EQ(own.telemetry.otlp_endpoint, "http://own:4318/v1/traces");
    EXPECT_EQ(own.telemetry.service_name, "own");
}

TEST_F(TelemetryConfigTest, TheyCanSwitchItOff) {
    const std::pair<std::string, std::string> endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"};
    const std::string text = "listen: 127.0.0.1:0\n";
    EXPECT_EQ(load(text, {endpoint, {"OTEL_SDK_DISABLED", "true"}}).telemetry.otlp_endpoint, "");
    EXPECT_EQ(load(text, {endpoint, {"OTEL_TRACES_EXPORTER", "none"}}).telemetry.otlp_endpoint, "");
    EXPECT_EQ(load(text, {endpoint, {"OTEL_TRACES_SAMPLER", "always_off"}}).telemetry.sample, 0);
}

// Which is what OpenTelemetry asks for.
TEST_F(TelemetryConfigTest, OneThatIsWrongIsAWarning) {
    const std::string text = "listen: 127.0.0.1:0\n";
    const Config config = load(text, {{"OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense"},
                                      {"OTEL_EXPORTER_OTLP_HEADERS", "nonsense"},
                                      {"OTEL_TRACES_SAMPLER", "traceidratio"},
                                      {"OTEL_TRACES_SAMPLER_ARG", "7"}});
    EXPECT_EQ(config.telemetry.otlp_endpoint, "");
    EXPECT_EQ(config.telemetry.sample, 1);
    EXPECT_THAT(config.warnings,
                ElementsAre(HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT"), HasSubstr("OTEL_EXPORTER_OTLP_HEADERS"),
                            HasSubstr("OTEL_TRACES_SAMPLER_ARG")));
    EXPECT_THAT(load(text, {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"},
                            {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}})
                    .warnings,
                ElementsAre(HasSubstr("speaks http/json")));
}

}  // namespace
}  // namespace assistd
