#include "base/error.h"

#include <set>

namespace assistd {
namespace {

TEST(Error, EveryCodeHasARowOfItsOwn) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(ErrorCode::cancelled); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        names.insert(name_of(code));
        EXPECT_GE(status_of(code), 400);
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::cancelled) + 1);
    EXPECT_EQ(status_of(ErrorCode::validation), 422);
    EXPECT_EQ(name_of(ErrorCode::internal), "internal");
}

}  // namespace
}  // namespace assistd
