#include "store/cursor.h"

#include "base/error.h"

namespace assistd::store {
namespace {

TEST(Cursor, GivesBackThePlace) {
    for (const Place place : {Place{0, 0}, Place{-1, 5}, Place::last(), Place{1'700'000'000'000'000, 12}}) {
        const Place read = read_cursor("list", make_cursor("list", place));
        EXPECT_EQ(read.order, place.order);
        EXPECT_EQ(read.key, place.key);
    }
}

TEST(Cursor, EveryChangedCharacterIsNoticed) {
    const std::string cursor = make_cursor("list", {1'700'000'000'000'000, 12});
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        for (const char other : {'0', '7', 'f', 'F', 'x', ' ', '-'}) {
            std::string changed = cursor;
            changed[i] = other;
            if (changed == cursor) continue;
            EXPECT_THROW(read_cursor("list", changed), Error) << changed;
        }
    }
}

TEST(Cursor, OfAnotherListIsRefusedWithASentence) {
    try {
        read_cursor("another", make_cursor("list", {1, 2}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        ASSERT_EQ(error.fields().size(), 1u);
        EXPECT_EQ(error.fields()[0].field, "cursor");
        EXPECT_THAT(error.what(), testing::EndsWith("."));
    }
}

}  // namespace
}  // namespace assistd::store
