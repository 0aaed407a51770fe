// What a plugin's process may reach: all that plugins need, and nothing of anybody else.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "plugin_test.h"

namespace assistd::tools {
namespace {

using nlohmann::json;
using testing::IsEmpty;

// A port of this machine on which somebody listens.
class Listener {
  public:
    Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(socket_.get(), 8), 0);
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
    }
    int port = 0;

  private:
    UniqueFd socket_;
};

class Sandbox : public PluginTest {
  protected:
    json try_all() {
        const json arguments = {{"secret", secret_.string()}, {"port", listener_.port}};
        const SourceResult result = run("try_all", arguments.dump());
        EXPECT_TRUE(result.success) << result.message;
        return result.success ? json::parse(result.data) : json::object();
    }
    void write_secret() {
        secret_ = folder_ / "secret";
        std::ofstream(secret_) << "nobody's business";
    }
    std::string secret() const {
        std::ifstream file(secret_);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string reason() const { return source_->plugins().at(0).reason; }

    Listener listener_;
    std::filesystem::path secret_;
};

TEST_F(Sandbox, NothingGetsThrough) {
    start("escape");
    write_secret();
    const json tried = try_all();
    EXPECT_THAT(tried["got_through"], IsEmpty()) << tried.dump(2);
    EXPECT_GT(tried["refused"].size(), 40u);
    for (const auto& [name, error] : tried["refused"].items())
        EXPECT_THAT(error.get<std::string>(), testing::AnyOf("EACCES", "EPERM", "EXDEV", "EBADF")) << name;
    EXPECT_EQ(secret(), "nobody's business");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "scratch/escaped"));
    EXPECT_EQ(reason(), "Its tools want the network, which plugins.network does not allow it.");
}

TEST_F(Sandbox, WorkGoesOn) {
    start("escape");
    const SourceResult result = run("work");
    ASSERT_TRUE(result.success) << result.message;
    const json data = json::parse(result.data);
    EXPECT_EQ(data["note"], "scratch");
    EXPECT_EQ(data["sum"], 400'000);
    EXPECT_GE(data["cores"], 1);
    EXPECT_GE(data["year"], 2024);
    EXPECT_EQ(data["libraries"], true);
}

TEST_F(Sandbox, WithoutLandlockItWorksAndIsSaid) {
    PluginSourceOptions options;
    options.host_binary = test::build_folder() / "tests/test_host_without_landlock";
    start("escape", options);
    write_secret();
    EXPECT_TRUE(run("work").success);
    EXPECT_THAT(reason(),
                testing::HasSubstr("The kernel has no Landlock: it can read and write every file that "
                                   "the daemon's user can."));
    const auto got_through = try_all()["got_through"].get<std::vector<std::string>>();
    EXPECT_THAT(got_through, testing::Contains("read the secret"));
    for (const char* attempt : {"connect", "exec", "fork", "ptrace the daemon", "signal the daemon"})
        EXPECT_THAT(got_through, testing::Not(testing::Contains(attempt)));
}

TEST_F(Sandbox, TheNetworkIsWidenedForWhomTheConfigNames) {
    PluginSourceOptions options;
    options.network = {"org.assistd.test.escape"};
    start("escape", options);
    write_secret();
    const json tried = try_all();
    EXPECT_EQ(tried["got_through"], json::array({"connect"})) << tried.dump(2);
    EXPECT_EQ(reason(), "");
    // One process runs them all, so a rule about the network has to hold for each.
    EXPECT_GT(source_->tools().size(), 1u);
    for (const auto& tool : source_->tools()) EXPECT_TRUE(tool->effects.network) << tool->name;
}

TEST_F(Sandbox, MoreMayBeReadButNotWritten) {
    PluginSourceOptions options;
    const auto shared =
        std::filesystem::temp_directory_path() / ("assistd-shared-" + std::to_string(::getpid()));
    std::filesystem::create_directory(shared);
    options.readable = {shared, "/not/there"};
    start("escape", options);
    secret_ = shared / "secret";
    std::ofstream(secret_) << "for plugins";
    const json tried = try_all();
    std::filesystem::remove_all(shared);
    EXPECT_THAT(tried["got_through"].get<std::vector<std::string>>(),
                testing::UnorderedElementsAre("read the secret", "read it by a link",
                                              "read it by /proc/self/root", "list its folder"))
        << tried.dump(2);
}

// What a plugin may leave in its scratch folder to be in the daemon's way.
TEST(ScratchSweeper, RemovesWhateverIsLeft) {
    char name[] = "/tmp/assistd-sweeper.XXXXXX";
    const std::filesystem::path root = ::mkdtemp(name);
    std::ofstream(root / "outside") << "stays";
    const std::filesystem::path scratch = root / "scratch";
    ASSERT_EQ(::mkdir(scratch.c_str(), 0700), 0);
    UniqueFd deep(::open(scratch.c_str(), O_RDONLY | O_DIRECTORY));
    for (int level = 0; level < 2'000; ++level) {
        ASSERT_EQ(::mkdirat(deep.get(), "d", 0700), 0);
        deep.reset(::openat(deep.get(), "d", O_RDONLY | O_DIRECTORY));
        ASSERT_TRUE(deep);
    }
    std::filesystem::create_directories(scratch / "1/closed/inner");
    std::ofstream(scratch / "1/closed/file") << "x";
    std::filesystem::create_symlink(root / "outside", scratch / "1/link");
    std::filesystem::create_directory_symlink(root, scratch / "2");
    std::filesystem::permissions(scratch / "1/closed", std::filesystem::perms(0));
    EXPECT_TRUE(remove_tree(scratch));
    EXPECT_FALSE(std::filesystem::exists(scratch));
    EXPECT_TRUE(std::filesystem::exists(root / "outside"));
    EXPECT_TRUE(remove_tree(root / "not there"));
    EXPECT_TRUE(remove_tree(root));
}

TEST(ScratchSweeper, MeasuresWhatPluginsWroteAndFollowsNoLink) {
    char name[] = "/tmp/assistd-measured.XXXXXX";
    const std::filesystem::path root = ::mkdtemp(name);
    constexpr std::uint64_t enough = 1u << 20;
    EXPECT_EQ(bytes_in_tree(root, enough), 0u);
    std::filesystem::create_directories(root / "a/b");
    std::ofstream(root / "a/b/file") << std::string(100'000, 'x');
    std::filesystem::create_directory_symlink("/usr", root / "a/link");
    EXPECT_GE(bytes_in_tree(root, enough), 100'000u);
    EXPECT_LT(bytes_in_tree(root, enough), 130'000u);
    EXPECT_GT(bytes_in_tree(root, 50'000), 50'000u);
    EXPECT_EQ(bytes_in_tree(root / "not there", enough), 0u);
    // What is hidden very deep counts as too much.
    std::filesystem::path deep = root;
    for (int level = 0; level < 100; ++level) deep /= "d";
    std::filesystem::create_directories(deep);
    EXPECT_GT(bytes_in_tree(root, enough), enough);
    EXPECT_TRUE(remove_tree(root));
}

}  // namespace
}  // namespace assistd::tools
