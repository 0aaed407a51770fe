#include "store/search.h"

namespace assistd::store {
namespace {

TEST(Search, WordsBecomeAValidQuery) {
    EXPECT_EQ(fts_query("box counting"), R"("box" "counting"*)");
    EXPECT_EQ(fts_query("  a-b \"c\"  "), R"("a" "b" "c"*)");
    EXPECT_EQ(fts_query("Köln 3d"), R"("Köln" "3d"*)");
    EXPECT_EQ(fts_query("x" + std::string(1, '\0') + "y"), R"("x" "y"*)");
    EXPECT_EQ(fts_query("--- \"*\""), "");
    EXPECT_EQ(fts_query(""), "");
}

}  // namespace
}  // namespace assistd::store
