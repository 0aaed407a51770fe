// The strict readers of bodies and queries.

#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api {
namespace {

http::Request with_body(const std::string& body) {
    http::Request request;
    request.body = body;
    return request;
}

std::vector<std::string> complaints(const std::function<void()>& read) {
    std::vector<std::string> sentences;
    try {
        read();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        for (const FieldError& field : error.fields())
            sentences.push_back(field.field + ": " + field.message);
    }
    return sentences;
}

ErrorCode refusal_of_body(const std::string& body) {
    try {
        JsonBody read(with_body(body));
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::cancelled;  // accepted
}

TEST(JsonBody, RefusesWhatIsNoObject) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    for (const std::string& body :
         {std::string(), std::string("{"), std::string("[]"), std::string("\"x\""), std::string("null"),
          std::string("{} {}"), std::string("{\"a\": \xff}"), deep})
        EXPECT_EQ(refusal_of_body(body), ErrorCode::invalid_request) << body.substr(0, 20);
    EXPECT_EQ(refusal_of_body("{\"a\": \"[[[[\\\"{{{\"}"), ErrorCode::cancelled);
    EXPECT_NO_THROW(JsonBody(with_body(""), true));
}

TEST(JsonBody, TellsNullFromAbsentAndWhatIsLeft) {
    JsonBody body(with_body(R"({"a": null, "b": "x", "c": [1], "d": null})"));
    EXPECT_TRUE(body.is_null("a"));
    EXPECT_FALSE(body.is_null("b"));
    EXPECT_FALSE(body.is_null("e"));
    body.text("a");
    EXPECT_EQ(body.text("b"), "x");
    EXPECT_EQ(body.rest(), R"({"c":[1],"d":null})");
    EXPECT_NO_THROW(body.finish());
}

TEST(JsonBody, RefusesAKeyThatIsGivenTwiceInOneObject) {
    const auto sentence_of = [](const std::string& body) -> std::string {
        try {
            JsonBody read(with_body(body));
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_request);
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(sentence_of(R"({"content": "a", "stream": true, "content": "b"})"),
              "The body has the key \"content\" twice in one object.");
    EXPECT_EQ(sentence_of(R"({"a": {"n": 1}, "b": [{"n": 1}, {"n": 1, "\u006e": 2}]})"),
              "The body has the key \"n\" twice in one object.");
    EXPECT_EQ(sentence_of(R"({"a": 1, "a": null})"), "The body has the key \"a\" twice in one object.");
    for (const char* good : {R"({})", R"({"a": {"a": {"a": 1}}})", R"({"a": [{"b": 1}, {"b": 2}], "b": 3})",
                             R"({"a:b\":{": "\\", "c": ": \" :"})"})
        EXPECT_EQ(sentence_of(good), "accepted") << good;
}

TEST(JsonBody, CollectsEveryWrongField) {
    const auto read = [] {
        JsonBody body(
            with_body(R"({"title": 5, "stream": "yes", "names": [1], "metadata": [], "extra": 1})"));
        body.text("title");
        body.boolean("stream");
        body.texts("names");
        body.object("metadata");
        body.finish();
    };
    EXPECT_THAT(complaints(read),
                testing::ElementsAre("title: title must be a string; it is a number.",
                                     "stream: stream must be true or false; it is a string.",
                                     "names: names must be a list of at most 100 strings.",
                                     "metadata: metadata must be an object; it is an array.",
                                     "extra: There is no field \"extra\" here."));
}

TEST(JsonBody, NullIsAbsent) {
    JsonBody body(with_body(R"({"title": null})"));
    EXPECT_FALSE(body.text("title"));
    EXPECT_NO_THROW(body.finish());
}

TEST(Query, RefusesWhatIsOutOfBoundsRepeatedOrUnknown) {
    http::Request request;
    request.query = {{"limit", "101"}, {"archived", "1"}, {"q", "a"}, {"q", "b"}, {"colour", "red"}};
    const auto read = [&] {
        Query query(request);
        query.limit();
        query.boolean("archived");
        query.text("q");
        query.finish();
    };
    EXPECT_THAT(complaints(read),
                testing::ElementsAre("limit: limit must be a whole number from 1 to 100; it is \"101\".",
                                     "archived: archived must be true or false; it is \"1\".",
                                     "q: q is given more than once.",
                                     "colour: There is no query key \"colour\" here."));
}

TEST(Query, LimitsAreWholeNumbers) {
    for (const char* text : {"0", "-1", "1.5", "", " 5", "5 ", "0x5", "99999999999999999999"}) {
        http::Request request;
        request.query = {{"limit", text}};
        Query query(request);
        query.limit();
        EXPECT_THROW(query.finish(), Error) << text;
    }
}

}  // namespace
}  // namespace assistd::api
