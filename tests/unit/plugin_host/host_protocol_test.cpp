#include "base/host_protocol.h"

#include <random>

#include "base/error.h"

namespace assistd {
namespace {

HostResult full_result() {
    HostResult result;
    result.number = 1ull << 40;
    result.success = true;
    result.data = std::string("{\"a\": \0}", 8);
    result.summary = "summary";
    result.error_type = "type";
    result.message = "message";
    result.details = "{}";
    result.recoverable = true;
    result.artifacts = {{"h-1", "kind", "name", "type", "{}", 7}, {"", "", "", "", "", 0}};
    return result;
}

TEST(HostProtocol, AResultComesBackAsItWas) {
    HostResult read;
    decode(encode(full_result()), read);
    EXPECT_EQ(encode(read), encode(full_result()));
    EXPECT_EQ(read.number, 1ull << 40);
    EXPECT_EQ(read.data.size(), 8u);
    EXPECT_EQ(read.artifacts[0].handle, "h-1");
    EXPECT_EQ(read.artifacts[0].size, 7u);
    EXPECT_TRUE(read.success && read.recoverable && read.left_behind.empty());
}

TEST(HostProtocol, ACallComesBackAsItWas) {
    HostCall read;
    decode(encode(HostCall{3, 4, "tool", "{}", {{"h", "k", "n", "m", "{}", 5}}}), read);
    EXPECT_EQ(read.number, 3u);
    EXPECT_EQ(read.memory_bytes, 4u);
    EXPECT_EQ(read.tool, "tool");
    EXPECT_EQ(read.artifacts[0].media_type, "m");
}

TEST(HostProtocol, AQuestionAndItsAnswerComeBackAsTheyWere) {
    HostQuestion question;
    decode(encode(HostQuestion{7, HostQuestionKind::add_to_result, "note-1"}), question);
    EXPECT_EQ(question.number, 7u);
    EXPECT_EQ(question.kind, HostQuestionKind::add_to_result);
    EXPECT_EQ(question.text, "note-1");
    HostAnswer answer;
    decode(encode(HostAnswer{7, true, "{}", {{"h", "k", "n", "m", "{}", 5}}}), answer);
    EXPECT_TRUE(answer.good);
    EXPECT_EQ(answer.artifacts.at(0).size, 5u);
    std::string unknown = encode(HostQuestion{7, HostQuestionKind::add_to_result, ""});
    unknown[8] = 4;
    EXPECT_THROW(decode(unknown, question), Error);
}

TEST(HostProtocol, WhatIsCutOrTooLongIsRefused) {
    const std::string whole = encode(full_result());
    HostResult read;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW(decode(whole.substr(0, size), read), Error);
    EXPECT_THROW(decode(whole + "x", read), Error);
}

TEST(HostProtocol, GarbageEndsInAnErrorOrAValue) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = encode(full_result());
        for (int change = 0; change < 3; ++change)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        HostResult read;
        try {
            decode(bytes, read);
        } catch (const Error&) {}
    }
}

}  // namespace
}  // namespace assistd
