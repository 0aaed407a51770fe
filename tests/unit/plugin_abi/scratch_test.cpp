#include "plugin_abi/scratch.h"

#include <filesystem>
#include <fstream>

#include "support/temp_folder.h"

namespace assistd::plugin_abi {
namespace {

namespace fs = std::filesystem;

class ScratchTest : public testing::Test {
  protected:
    ScratchTest() { scratch_.emplace(folder_); }
    void write(const std::string& name, std::size_t bytes) const {
        std::ofstream(folder_ + "/" + name) << std::string(bytes, 'x');
    }

    const test::TempFolder temporary_;
    const std::string folder_ = temporary_.path();
    std::optional<Scratch> scratch_;
};

TEST_F(ScratchTest, CountsWhatIsInItAndIsEmptyAgain) {
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(scratch_->bytes(), 0u);
        write("one", 100'000);
        fs::create_directories(folder_ + "/a/b");
        write("a/b/two", 50'000);
        fs::create_symlink("/usr", folder_ + "/a/link");
        EXPECT_GE(scratch_->bytes(), 150'000u);
        EXPECT_LT(scratch_->bytes(), 200'000u);
        EXPECT_TRUE(scratch_->empty());
        EXPECT_TRUE(fs::is_empty(folder_));
    }
}

TEST_F(ScratchTest, SmallFilesCountToo) {
    for (int i = 0; i < 300; ++i)
        write("a rather long name so that one reading does not hold them all " + std::to_string(i), 0);
    EXPECT_EQ(scratch_->bytes(), 300u * 4'096);
    EXPECT_TRUE(scratch_->empty());
    EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace assistd::plugin_abi
