#include "assistd/late_library.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <functional>
#include <string>

namespace assistd {
namespace {

// Found in the library; this program is not linked with it.
struct Zlib {
    LateLibrary library_{"libz.so.1"};
    ASSISTD_LATE(crc32);
};

TEST(LateLibrary, GivesFunctionsByTheirOwnNames) {
    const Zlib zlib;
    const unsigned char bytes[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    EXPECT_EQ(zlib.crc32(0, bytes, sizeof bytes), 0xCBF43926u);  // the check value of CRC-32
}

std::string refusal(const std::function<void()>& action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "";
}

TEST(LateLibrary, SaysWhichLibraryOrFunctionIsMissing) {
    const std::string missing = refusal([] { LateLibrary("libnot-there.so.9"); });
    EXPECT_EQ(missing.find("The library libnot-there.so.9 cannot be loaded on this machine: "), 0u)
        << missing;
    const LateLibrary zlib("libz.so.1");
    EXPECT_EQ(refusal([&] { zlib.find<void (*)()>("no_such_function"); }),
              "The library libz.so.1 of this machine has no no_such_function.");
}

}  // namespace
}  // namespace assistd
