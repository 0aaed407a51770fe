#include "base/config_place.h"

#include <gtest/gtest.h>

namespace assistd {
namespace {

// tests/packaging/installed.py looks whether an installation has it there.
TEST(ConfigPlace, GoesByWhereTheProgramsAre) {
    EXPECT_EQ(config_file_of("/usr"), "/etc/assistd/assistd.yaml");
    EXPECT_EQ(config_file_of("/usr/local"), "/usr/local/etc/assistd/assistd.yaml");
    EXPECT_EQ(config_file_of("/opt/group"), "/etc/opt/group/assistd/assistd.yaml");
    EXPECT_EQ(config_file_of("/home/alice/assistd"), "/home/alice/assistd/etc/assistd/assistd.yaml");
    EXPECT_EQ(config_file_of("/optional"), "/optional/etc/assistd/assistd.yaml");
}

}  // namespace
}  // namespace assistd
