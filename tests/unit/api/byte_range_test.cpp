#include "api/conversations/byte_range.h"

#include "base/error.h"

namespace assistd::api::conversations {
namespace {

// "offset+length", "whole" or "outside" for a file of 100 bytes.
std::string range(const std::string& header, std::int64_t size = 100) {
    try {
        const auto found = range_of(header, size);
        return found ? std::to_string(found->offset) + "+" + std::to_string(found->length) : "whole";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::range_not_satisfiable);
        return "outside";
    }
}

TEST(ByteRange, IsReadAsRfc9110Says) {
    const std::pair<std::string, std::string> table[] = {
        {"bytes=0-9", "0+10"},        {"bytes=90-", "90+10"},   {"bytes=-5", "95+5"},
        {"bytes=0-", "0+100"},        {"bytes=0-0", "0+1"},     {"bytes=99-99", "99+1"},
        {"bytes=50-1000", "50+50"},   {"bytes=-1000", "0+100"}, {"bytes=100-", "outside"},
        {"bytes=100-200", "outside"}, {"bytes=-0", "outside"},  {"", "whole"},
        {"bytes=", "whole"},          {"bytes=-", "whole"},     {"bytes=5-2", "whole"},
        {"bytes=0-1,5-6", "whole"},   {"lines=0-9", "whole"},   {"bytes=a-b", "whole"},
        {"bytes= 0-9", "whole"},      {"bytes=--5", "whole"},   {"bytes=0-99999999999999999999", "whole"},
    };
    for (const auto& [header, expected] : table) EXPECT_EQ(range(header), expected) << header;
}

TEST(ByteRange, OfAnEmptyFileIsAlwaysOutside) {
    EXPECT_EQ(range("bytes=0-", 0), "outside");
    EXPECT_EQ(range("bytes=-5", 0), "outside");
}

}  // namespace
}  // namespace assistd::api::conversations
