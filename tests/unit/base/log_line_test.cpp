#include "base/log_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/log_quoted.h"

namespace assistd::log {
namespace {

Event event_of(std::string_view sentence, const Activity* activity = nullptr,
               std::span<const Field> fields = {}) {
    return {std::chrono::system_clock::time_point(std::chrono::milliseconds(1'772'366'400'123)), Level::warn,
            sentence, activity, fields};
}

Activity activity() {
    Activity activity;
    activity.request_id = "req_1";
    activity.trace = *read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    activity.doing = 1;
    return activity;
}

TEST(LogLine, HasTimeLevelAndWhatItBelongsTo) {
    EXPECT_EQ(text_line(event_of("it happened")), "2026-03-01T12:00:00.123Z warning it happened\n");
    const Activity present = activity();
    EXPECT_EQ(
        text_line(event_of("it happened", &present)),
        "2026-03-01T12:00:00.123Z warning request_id=req_1 trace_id=0af7651916cd43dd8448eb211c80319c it "
        "happened\n");
}

TEST(LogLine, HasFieldsBehindTheSentence) {
    const Field fields[] = {{"status", std::int64_t{200}},
                            {"ms", 1.5},
                            {"route", std::string_view("/a/{id}")},
                            {"user", std::string_view("a \"b\" \\ status=500")},
                            {"peer", std::string_view("")}};
    EXPECT_EQ(text_line(event_of("request", nullptr, fields)),
              "2026-03-01T12:00:00.123Z warning request status=200 ms=1.5 route=/a/{id} "
              "user=\"a \\\"b\\\" \\\\ status=500\" peer=\"\"\n");
}

TEST(LogLine, NamesTheCallersOtherId) {
    Activity present = activity();
    present.correlation_id = "trace 2\n";
    EXPECT_THAT(text_line(event_of("it happened", &present)),
                testing::HasSubstr(" request_id=req_1 correlation_id=trace 2\\n trace_id=0af"));
    EXPECT_EQ(nlohmann::json::parse(json_line(event_of("it happened", &present)))["correlation_id"],
              "trace 2\\n");
    EXPECT_THAT(journal_fields(event_of("it happened", &present)),
                testing::Contains("ASSISTD_CORRELATION_ID=trace 2\\n"));
}

TEST(LogLine, WhatIsQuotedInASentenceHasOneEnd) {
    EXPECT_EQ(quoted("plain"), "\"plain\"");
    EXPECT_EQ(quoted("it begins with \"ak_\" and \\"), "\"it begins with \\\"ak_\\\" and \\\\\"");
}

// Whatever somebody else put into a sentence or a value.
TEST(LogLine, CannotBeForged) {
    const std::string evil =
        "x\n2026-01-01T00:00:00.000Z error forged\r\x1b[2J\x7f\xc2\x85\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6"
        "\xff tail";
    const Field fields[] = {{"path", std::string_view(evil)}};
    const Activity present = activity();
    for (const std::string& line :
         {text_line(event_of(evil, &present, fields)), json_line(event_of(evil, &present, fields))}) {
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
        EXPECT_EQ(line.back(), '\n');
        for (const char c : line.substr(0, line.size() - 1))
            EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << line;
    }
    const std::string text = text_line(event_of(evil, &present, fields));
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_NE(text.find("x\\n2026-01-01T00:00:00.000Z error forged\\r\\u001b[2J\\u007f\\u0085\\u2028\\u202e\\"
                        "u2066\xef\xbf\xbd tail"),
              std::string::npos)
        << text;
    // What a line belongs to stands in front of what others may have written.
    EXPECT_LT(text.find("request_id=req_1"), text.find("forged"));
    for (const std::string& field : journal_fields(event_of(evil, &present, fields)))
        EXPECT_EQ(field.find('\n'), std::string::npos) << field;
}

TEST(LogLine, IsAnObjectInJson) {
    const Field fields[] = {{"status", std::int64_t{200}}, {"path", std::string_view("/\"quoted\"\n")}};
    const Activity present = activity();
    const auto json = nlohmann::json::parse(json_line(event_of("a \"sentence\"\xff", &present, fields)));
    EXPECT_EQ(json["time"], "2026-03-01T12:00:00.123Z");
    EXPECT_EQ(json["level"], "warning");
    EXPECT_EQ(json["request_id"], "req_1");
    EXPECT_EQ(json["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(json["span_id"], "0000000000000001");
    EXPECT_EQ(json["message"], "a \"sentence\"\xef\xbf\xbd");
    EXPECT_EQ(json["status"], 200);
    EXPECT_EQ(json["path"], "/\"quoted\"\n");
}

TEST(LogLine, IsFieldsInTheJournal) {
    const Field fields[] = {{"status", std::int64_t{200}}};
    const Activity present = activity();
    EXPECT_EQ(journal_fields(event_of("it happened", &present, fields)),
              (std::vector<std::string>{"MESSAGE=it happened status=200", "PRIORITY=4",
                                        "SYSLOG_IDENTIFIER=assistd", "ASSISTD_REQUEST_ID=req_1",
                                        "ASSISTD_TRACE_ID=0af7651916cd43dd8448eb211c80319c",
                                        "ASSISTD_SPAN_ID=0000000000000001", "ASSISTD_STATUS=200"}));
}

}  // namespace
}  // namespace assistd::log
