#include "api/conversations/media_type.h"

namespace assistd::api::conversations {
namespace {

TEST(MediaType, IsWhatTheClientSays) {
    EXPECT_EQ(media_type_of_upload("text/plain; charset=utf-8", "x.csv"), "text/plain; charset=utf-8");
    EXPECT_EQ(media_type_of_upload("application/octet-stream", "x.csv"), "application/octet-stream");
}

TEST(MediaType, IsTheExtensionsWhenTheClientDoesNotSay) {
    const char* curls = "application/x-www-form-urlencoded";
    EXPECT_EQ(media_type_of_upload(curls, "x.csv"), "text/csv");
    EXPECT_EQ(media_type_of_upload("Application/X-WWW-Form-Urlencoded ; charset=utf-8", "a.b.JSON"),
              "application/json");
    EXPECT_EQ(media_type_of_upload("", "x.svg"), "image/svg+xml");
    for (const char* name : {"x.unheard", "csv", "x.", ""})
        EXPECT_EQ(media_type_of_upload(curls, name), "application/octet-stream") << name;
}

}  // namespace
}  // namespace assistd::api::conversations
