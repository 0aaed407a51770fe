#include "app/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdlib>

#include "app/start_progress.h"

#ifdef ASSISTD_TEST_SYSTEMD
namespace assistd::app {
namespace {

using namespace std::chrono_literals;

class ServiceManagerTest : public testing::Test {
  protected:
    ServiceManagerTest() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name_ = "assistd-test-" + std::to_string(::getpid());
        name_.copy(address.sun_path + 1, sizeof address.sun_path - 2);  // an abstract name begins with a zero
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
        EXPECT_EQ(::bind(manager_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        ::setenv("NOTIFY_SOCKET", ("@" + name_).c_str(), 1);
    }
    ~ServiceManagerTest() override {
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM"})
            ::unsetenv(name);
    }
    // What was told last; sending it has happened by the time that the call returns.
    std::string told() const {
        char text[4'096];
        const ssize_t size = ::recv(manager_.get(), text, sizeof text, MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
    }

    UniqueFd manager_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    std::string name_;
};

TEST_F(ServiceManagerTest, IsToldWhatTheDaemonDoes) {
    const ServiceManager service;
    service.status("Opening the store");
    EXPECT_EQ(told(), "STATUS=Opening the store");
    service.starting("Copying", 10s);
    EXPECT_EQ(told(), "EXTEND_TIMEOUT_USEC=10000000\nSTATUS=Copying");
    service.ready("Listening");
    EXPECT_EQ(told(), "READY=1\nSTATUS=Listening");
    service.stopping("Ending", 30s);
    EXPECT_EQ(told(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000\nSTATUS=Ending");
    service.still_alive("2 turns");
    EXPECT_EQ(told(), "WATCHDOG=1\nSTATUS=2 turns");
    service.reloading();
    EXPECT_TRUE(told().starts_with("RELOADING=1\nMONOTONIC_USEC="));
}

TEST_F(ServiceManagerTest, ALineBreakInAStatusIsNoOtherField) {
    const ServiceManager service;
    service.status("one\nREADY=1\rtwo");
    EXPECT_EQ(told(), "STATUS=one READY=1 two");
}

TEST_F(ServiceManagerTest, SaysWhyAConfigurationWasRefusedUntilOneIsTaken) {
    const ServiceManager service;
    const std::string why = "; the new configuration was refused: assistd.yaml:1: this is wrong.";
    service.refused("assistd.yaml:1: this is wrong.");
    service.ready("Listening");
    EXPECT_EQ(told(), "READY=1\nSTATUS=Listening" + why);
    service.still_alive("2 turns");
    EXPECT_EQ(told(), "WATCHDOG=1\nSTATUS=2 turns" + why);
    service.refused("");
    service.ready("Listening");
    EXPECT_EQ(told(), "READY=1\nSTATUS=Listening");
}

// systemd reads no more than 4 KiB, and no text that ends within a character.
TEST_F(ServiceManagerTest, CutsAReasonThatIsLong) {
    const ServiceManager service;
    std::string why;
    for (int i = 0; i < 3'000; ++i) why += "ä";
    service.refused("x" + why);
    service.ready("Listening");
    const std::string told_last = told();
    EXPECT_LT(told_last.size(), 1'100U);
    EXPECT_TRUE(told_last.ends_with("äää"));
}

TEST_F(ServiceManagerTest, AStartThatUpgradesAsksForTimeAtEachStep) {
    const ServiceManager service;
    const sqlite::Progress progress = start_progress(service);
    constexpr int calls = 8;
    for (int i = 0; i < calls; ++i) progress("Copying");
    EXPECT_EQ(told(), "EXTEND_TIMEOUT_USEC=600000000\nSTATUS=Copying");
    int more = 0;
    while (told() != "nothing") ++more;
    EXPECT_LT(more, calls - 1);  // that is: not each time
    progress("Upgrading");
    EXPECT_EQ(told(), "EXTEND_TIMEOUT_USEC=600000000\nSTATUS=Upgrading");
}

TEST_F(ServiceManagerTest, KnowsTheWatchdogThatIsMeantForIt) {
    const ServiceManager service;
    EXPECT_EQ(service.watchdog(), std::nullopt);
    ::setenv("WATCHDOG_USEC", "60000000", 1);
    EXPECT_EQ(service.watchdog(), std::chrono::microseconds(60s));
    ::setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(service.watchdog(), std::nullopt);
}

TEST_F(ServiceManagerTest, KnowsWhetherItsLogIsTheJournal) {
    EXPECT_FALSE(ServiceManager::logs_to_journal());
    struct stat file {};
    ASSERT_EQ(::fstat(STDERR_FILENO, &file), 0);
    ::setenv("JOURNAL_STREAM", (std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino)).c_str(), 1);
    EXPECT_TRUE(ServiceManager::logs_to_journal());
    ::setenv("JOURNAL_STREAM", "1:1", 1);
    EXPECT_FALSE(ServiceManager::logs_to_journal());
}

TEST_F(ServiceManagerTest, NobodyIsToldWhenNobodyAsked) {
    ::unsetenv("NOTIFY_SOCKET");
    const ServiceManager service;
    service.ready("Listening");
    EXPECT_EQ(told(), "nothing");
    EXPECT_FALSE(service.has_socket());
}

}  // namespace
}  // namespace assistd::app
#endif
