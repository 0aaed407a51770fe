// The lock of a state folder: one daemon, whoever made the file, and never none at all.

#include "app/state_lock.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "support/temp_folder.h"

namespace assistd::app {
namespace {

using testing::HasSubstr;

class TheStateLock : public testing::Test {
  protected:
    std::string refusal() const {
        try {
            const StateLock lock(state_);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unavailable);
            return error.what();
        }
        return "taken";
    }
    struct stat about_lock() const {
        struct stat about {};
        EXPECT_EQ(::stat((state_ / StateLock::name).c_str(), &about), 0);
        return about;
    }

    const test::TempFolder folder_;
    const std::filesystem::path state_ = folder_.path() / "state";
};

TEST_F(TheStateLock, IsOnes) {
    {
        const StateLock lock(state_);
        EXPECT_THAT(refusal(), HasSubstr("Another assistd (process " + std::to_string(::getpid()) + ")"));
    }
    EXPECT_EQ(refusal(), "taken");
    EXPECT_EQ(about_lock().st_mode & 0777, 0600u);
}

TEST_F(TheStateLock, ThatCannotBeOpenedIsNone) {
    std::filesystem::create_directories(state_ /
                                        StateLock::name);  // nobody, not even root, opens it for writing
    const std::string said = refusal();
    EXPECT_THAT(said, HasSubstr("cannot be taken: Is a directory"));
    EXPECT_THAT(said, HasSubstr("It belongs to "));
    EXPECT_THAT(said, HasSubstr("chown --reference='" + state_.string() + "'"));
}

TEST_F(TheStateLock, ThatRootTakesBelongsToTheFoldersOwner) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    constexpr uid_t somebody = 54'321;
    std::filesystem::create_directory(state_);
    ASSERT_EQ(::chown(state_.c_str(), somebody, somebody), 0);
    EXPECT_EQ(refusal(), "taken");
    EXPECT_EQ(about_lock().st_uid, somebody);
}

TEST_F(TheStateLock, WantsAFolder) {
    std::ofstream(state_) << "a file";
    EXPECT_THAT(refusal(), HasSubstr("it is not a folder"));
}

}  // namespace
}  // namespace assistd::app
