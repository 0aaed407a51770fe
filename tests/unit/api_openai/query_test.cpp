// Query keys, and the envelope of lists.

#include "api/openai/query.h"

#include <gmock/gmock.h>

#include "api/openai/ids.h"

namespace assistd::api::openai {
namespace {

http::Request with_query(std::vector<std::pair<std::string, std::string>> query) {
    http::Request request;
    request.query = std::move(query);
    return request;
}

core::ListRange<MessageId> read(const http::Request& request) {
    return QueryKeys(request).listing<MessageId>(prefix::message, "a message");
}

std::string refusal(std::vector<std::pair<std::string, std::string>> query) {
    try {
        read(with_query(std::move(query)));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        return error.fields().at(0).field + ": " + error.what();
    }
    return "";
}

TEST(QueryKeys, ListsBeginWithTheNewestTwenty) {
    const auto listing = read(with_query({{"something_new", "1"}, {"after", ""}}));
    EXPECT_EQ(listing.limit, 20);
    EXPECT_EQ(listing.order, core::Order::descending);
    EXPECT_FALSE(listing.after);
    EXPECT_FALSE(listing.before);
}

TEST(QueryKeys, TakeIdsOfTheListsKind) {
    const MessageId id = MessageId::make();
    const auto listing = read(with_query({{"limit", "100"}, {"order", "asc"}, {"after", id.text()}}));
    EXPECT_EQ(listing.limit, 100);
    EXPECT_EQ(listing.order, core::Order::ascending);
    EXPECT_EQ(listing.after, id);
}

TEST(QueryKeys, RefuseWhatIsOutOfBounds) {
    EXPECT_EQ(refusal({{"limit", "0"}}), "limit: limit must be a whole number from 1 to 100; it is \"0\".");
    for (const char* limit : {"101", "-1", "1.5", "ten", "99999999999999999999", "20 "})
        EXPECT_THAT(refusal({{"limit", limit}}), testing::StartsWith("limit: ")) << limit;
    EXPECT_EQ(refusal({{"limit", "5"}, {"limit", "6"}}), "limit: limit is given more than once.");
    EXPECT_EQ(refusal({{"order", "up"}}), R"(order: order must be one of "asc", "desc"; it is "up".)");
    EXPECT_EQ(refusal({{"after", "asst_1"}}),
              "after: after must be the id of a message; \"asst_1\" is none.");
    EXPECT_THAT(refusal({{"before", AssistantId::make().text()}}), testing::StartsWith("before: "));
}

TEST(Lists, NameTheirEnds) {
    const auto render = [](const std::string& id) { return Json({{"id", id}}); };
    core::Slice<std::string> slice{{"a", "b", "c"}, true};
    EXPECT_EQ(to_text(render_list(slice, render)),
              R"({"object":"list","data":[{"id":"a"},{"id":"b"},{"id":"c"}],"first_id":"a","last_id":"c",)"
              R"("has_more":true})");
    EXPECT_EQ(to_text(render_list(core::Slice<std::string>(), render)),
              R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
}

}  // namespace
}  // namespace assistd::api::openai
