#include "cli/how_to_start.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_folder.h"

namespace assistd::cli {
namespace {

TEST(HowToStart, GoesByWhatIsInstalledBesideTheProgram) {
    const test::TempFolder folder;
    const auto make = [&](const std::string& file) {
        std::filesystem::create_directories((folder.path() / file).parent_path());
        std::ofstream(folder.path() / file) << "there\n";
    };
    const auto prefix = folder.path() / "usr";
    EXPECT_EQ(how_to_start(prefix), (prefix / "bin/assistd").string());
    make("usr/lib/systemd/system/assistd.service");
    EXPECT_EQ(how_to_start(prefix), "systemctl start assistd");
    make("sources/run.sh");
    EXPECT_EQ(how_to_start(folder.path() / "sources/build/release"), "./run.sh");
    EXPECT_NE(how_to_start(folder.path() / "sources/other/release"), "./run.sh");
}

}  // namespace
}  // namespace assistd::cli
