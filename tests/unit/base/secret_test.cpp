#include "base/secret.h"

#include <sys/stat.h>

#include <fstream>

#include "base/error.h"
#include "support/temp_folder.h"

namespace assistd {
namespace {

using testing::HasSubstr;

TEST(Secret, ComesFromAVariableAFileOrACredential) {
    const test::TempFolder folder;
    std::ofstream(folder.path() / "key") << "  one\ntwo  \n\n";
    const Environment environment{{"K", " three\n"}, {"CREDENTIALS_DIRECTORY", folder.path()}};
    EXPECT_EQ(find_secret({.variable = "K", .file = {}, .credential = {}}, environment).text, "three");
    EXPECT_EQ(find_secret({.variable = {}, .file = folder.path() / "key", .credential = {}}, {}).text,
              "one\ntwo");
    EXPECT_EQ(find_secret({.variable = {}, .file = {}, .credential = "key"}, environment).text, "one\ntwo");
    EXPECT_EQ(find_key({.variable = {}, .file = {}, .credential = "key"}, environment).text, "one");
    EXPECT_EQ(find_secret({}, {}).text, "");
    EXPECT_EQ(find_secret({}, {}).problem, "");
}

TEST(Secret, WhatIsWrongIsToldAndNotWhatWasRead) {
    const test::TempFolder folder;
    std::ofstream(folder.path() / "large") << std::string(70'000, 's');
    std::ofstream(folder.path() / "blank") << "\n \n";
    std::ofstream(folder.path() / "odd") << "se cret\n";
    const auto problem = [&](const std::string& name) {
        return find_key({.variable = {}, .file = folder.path() / name, .credential = {}}, {}).problem;
    };
    EXPECT_THAT(problem("large"), HasSubstr("which is larger than 64 KiB"));
    EXPECT_THAT(problem("blank"), HasSubstr("which is empty"));
    EXPECT_THAT(problem("none"), HasSubstr("which cannot be read: No such file or directory"));
    EXPECT_THAT(problem(""), HasSubstr("which cannot be read: it is a folder"));
    ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
    EXPECT_THAT(problem("fifo"), HasSubstr("which cannot be read: it is a FIFO"));
    EXPECT_THAT(problem("odd"), HasSubstr("which holds characters that no key has"));
    EXPECT_THAT(problem("odd"), testing::Not(HasSubstr("se cret")));
    const Environment environment{{"K", "bad\r\nkey"}};
    EXPECT_THAT(find_key({.variable = "K", .file = {}, .credential = {}}, environment).problem,
                HasSubstr("the environment variable K, which holds characters that no key has"));
    EXPECT_THAT(find_secret({.variable = {}, .file = {}, .credential = "c"}, {}).problem,
                HasSubstr("systemd passed none"));
    try {
        read_key("provider \"lab\"", {.variable = {}, .file = folder.path() / "none", .credential = {}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("The provider \"lab\" has no key: it names the file "));
    }
}

}  // namespace
}  // namespace assistd
