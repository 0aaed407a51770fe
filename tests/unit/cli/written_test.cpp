#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using testing::HasSubstr;

// No file of this process can grow: as on a full disk.
class FullDisk {
  public:
    FullDisk() : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit none{0, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }

  private:
    rlimit before_{};
    void (*signal_)(int);
};

class Written : public CliTest {
  protected:
    Written() {
        server.answer("GET " + api + "/jobs", R"({"jobs": []})");
        server.answer("POST " + api + "/conversations", R"({"id": "conv_1"})", 201);
        server.on("POST " + api + "/conversations/conv_1/chat", [](const SeenRequest&, const Connection& to) {
            to.begin_events();
            to.event(1, "turn.started", R"({"turn_id": "turn_7", "conversation_id": "conv_1"})");
            to.event(2, "message.delta", R"({"message_id": "m", "delta": "It grew."})");
            to.event(3, "message.completed", R"({"message": {}})");
            to.event(4, "turn.completed", R"({"message": {"content": "It grew."}})");
        });
        server.on("GET " + api + "/artifacts/plot-1/content",
                  [](const SeenRequest&, const Connection& connection) { connection.json("<svg/>"); });
    }
    // Runs with standard output in a file on a full disk.
    int on_a_full_disk(std::vector<std::string> arguments) {
        err.str("");
        arguments.insert(arguments.begin(), {"--server", server.url(), "--state", folder.string()});
        std::ofstream file(folder / "out.txt", std::ios::binary);
        const FullDisk full;
        return run("assistctl", std::move(arguments), file, err);
    }
    const std::string sentence =
        "Standard output could not be written: " + std::string(std::strerror(EFBIG)) +
        "; what stands there is not whole. Make room where it goes, or name another place.";
};

TEST_F(Written, WhatCannotBeIsAFailure) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"jobs"},
                                               {"ask", "grow it"},
                                               {"--help"},
                                               {"jobs", "--help"},
                                               {"--version"},
                                               {"completion", "bash"}}) {
        EXPECT_EQ(on_a_full_disk(arguments), 1) << testing::PrintToString(arguments);
        EXPECT_THAT(err.str(), testing::StartsWith("assistctl: Standard output could not be written"));
        EXPECT_THAT(err.str(), HasSubstr("; what stands there is not whole."));
    }
    EXPECT_EQ(on_a_full_disk({"jobs", "--json"}), 1);
    EXPECT_EQ(nlohmann::json::parse(err.str())["error"]["message"], sentence);
    EXPECT_EQ(assistctl({"jobs"}), 0);
}

TEST_F(Written, AFileThatCannotBeIsAFailureAndLeavesNothing) {
    EXPECT_EQ(on_a_full_disk({"artifacts", "get", "plot-1", "-o", (folder / "p.svg").string()}), 1);
    EXPECT_THAT(err.str(), HasSubstr("p.svg cannot be written: " + std::string(std::strerror(EFBIG))));
    EXPECT_FALSE(std::filesystem::exists(folder / "p.svg"));
    EXPECT_FALSE(std::filesystem::exists(folder / "p.svg.part"));
}

TEST_F(Written, ALinkStaysOne) {
    std::ofstream(folder / "real.svg") << "before";
    std::filesystem::create_symlink("real.svg", folder / "link.svg");
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", (folder / "link.svg").string()}), 0)
        << err.str();
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.svg"));
    EXPECT_EQ(std::filesystem::file_size(folder / "real.svg"), 6u);
    std::string bytes;
    std::ifstream real(folder / "real.svg");
    std::getline(real, bytes);
    EXPECT_EQ(bytes, "<svg/>");
}

TEST_F(Written, APipeGetsTheBytesAndStaysAPipe) {
    const auto pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const UniqueFd keeps_it_open(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", pipe.string()}), 0) << err.str();
    std::string bytes(6, '\0');
    pollfd readable{keeps_it_open.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&readable, 1, 0), 1);
    EXPECT_EQ(::read(keeps_it_open.get(), bytes.data(), bytes.size()), 6);
    EXPECT_EQ(bytes, "<svg/>");
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

}  // namespace
}  // namespace assistd::cli
