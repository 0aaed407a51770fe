#include "tools/plugins/plugin_log.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace assistd::tools {
namespace {

TEST(Printable, KeepsTextAndReplacesTheRest) {
    EXPECT_EQ(printable("grün 😀 ok", 100), "grün 😀 ok");
    EXPECT_EQ(printable("a\nb\tc\x1b[31m", 100), "a b c [31m");
    EXPECT_EQ(printable("\xff\xc3(\xe2\x82", 100),
              "?"
              "?(?"
              "?");
    EXPECT_EQ(printable("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80", 100),
              "?????????");  // too long, surrogate, beyond
}

TEST(Printable, CutsBetweenCharacters) {
    EXPECT_EQ(printable("ab😀", 5), "ab");
    EXPECT_EQ(printable("ab😀", 6), "ab😀");
    EXPECT_EQ(printable("abc", 0), "");
}

class FloodedLog : public testing::Test {
  protected:
    FloodedLog() {
        const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out_, true);
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
    }
    ~FloodedLog() override { spdlog::set_default_logger(before_); }
    void flood(PluginLog& log) {
        for (int i = 0; i < 100; ++i) log.write(1, std::string(1'000, 'x'));
    }

    const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
    std::ostringstream out_;
};

// 65,536 bytes a second, 40 for each line's head.
TEST_F(FloodedLog, TheCountOfWhatWasLeftOutIsToldWhenNothingMoreComes) {
    using namespace std::chrono_literals;
    PluginLog log("org.example");
    flood(log);
    const auto now = PluginLog::Clock::now();
    EXPECT_TRUE(log.tell_dropped(now));
    EXPECT_EQ(out_.str().find("not logged"), std::string::npos);
    EXPECT_FALSE(log.tell_dropped(now + 2s));
    EXPECT_NE(out_.str().find("plugin org.example: 37 more lines were not logged"), std::string::npos);
}

TEST_F(FloodedLog, AndWhenThePluginGoes) {
    {
        PluginLog log("org.example");
        flood(log);
    }
    EXPECT_NE(out_.str().find("37 more lines"), std::string::npos);
}

}  // namespace
}  // namespace assistd::tools
