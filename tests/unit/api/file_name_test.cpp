#include "api/file_name.h"

#include <gtest/gtest.h>

namespace assistd::api {
namespace {

TEST(SafeFileName, IsTheLastPartOfAPath) {
    EXPECT_EQ(safe_file_name("a.txt"), "a.txt");
    EXPECT_EQ(safe_file_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(safe_file_name("C:\\papers\\soot.pdf"), "soot.pdf");
    EXPECT_EQ(safe_file_name("größe \"2\".txt"), "größe \"2\".txt");
    EXPECT_EQ(safe_file_name("a\r\nb\x7f.txt"), "ab.txt");
    EXPECT_EQ(safe_file_name("gr\xf6\xdf"
                             "e.txt"),
              "gr__e.txt");
    for (const char* nothing : {"", ".", "..", "a/", "a/..", "\x01"})
        EXPECT_EQ(safe_file_name(nothing), "file");
}

TEST(SafeFileName, IsCutBetweenCharacters) {
    EXPECT_EQ(safe_file_name(std::string(300, 'x')), std::string(255, 'x'));
    std::string wide;
    for (int i = 0; i < 100; ++i) wide += "€";
    EXPECT_EQ(safe_file_name("x" + wide), "x" + wide.substr(0, 252));
}

TEST(Attachment, NamesTheFileForEveryClient) {
    EXPECT_EQ(attachment("a b.txt"), "attachment; filename=\"a b.txt\"");
    EXPECT_EQ(attachment("a\"%41.txt"), "attachment; filename=\"a__41.txt\"; filename*=UTF-8''a%22%2541.txt");
    EXPECT_EQ(attachment("é"), "attachment; filename=\"__\"; filename*=UTF-8''%C3%A9");
}

}  // namespace
}  // namespace assistd::api
