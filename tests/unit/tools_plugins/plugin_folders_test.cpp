// What the plugin folders hold, when there is no room to copy it to where plugins run.

#include "tools/plugins/plugin_folders.h"

#include <sys/resource.h>

#include <csignal>

#include "support/folders.h"
#include "support/logged.h"
#include "support/temp_folder.h"

namespace assistd::tools {
namespace {

// No file of this process grows beyond it while it lives, as on a disk that is full.
class MostBytes {
  public:
    explicit MostBytes(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~MostBytes() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }
    MostBytes(const MostBytes&) = delete;
    MostBytes& operator=(const MostBytes&) = delete;

  private:
    rlimit before_{};
    void (*signal_)(int);
};

TEST(PluginFolders, AFileThatCannotBeCopiedIsToldOfOnceAndTakenLater) {
    const test::TempFolder folder;
    const test::TempFolder copies;
    const auto built = test::build_folder() / "test-plugins/test_echo_plugin.so";
    PluginFolders folders({folder.path()}, PluginOwnership(), copies.path());
    EXPECT_THAT(folders.look(), testing::IsEmpty());
    const auto file = folder.path() / "echo.so";
    std::filesystem::copy_file(built, file);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    const test::Logged log;
    {
        const MostBytes full(1000);
        for (int i = 0; i < 3; ++i) EXPECT_THAT(folders.look(), testing::IsEmpty());
    }
    EXPECT_EQ(log.count("echo.so cannot be copied to where plugins run (" + copies.path().string() +
                        "): File too large."),
              1);
    EXPECT_EQ(log.count(""), 1);
    const auto found = folders.look();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(found.front().file);
    // Another time, after it was well.
    std::filesystem::last_write_time(file, std::filesystem::file_time_type{});
    const MostBytes full(1000);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(folders.look().size(), 1u);
    EXPECT_EQ(log.count("cannot be copied"), 2);
}

}  // namespace
}  // namespace assistd::tools
