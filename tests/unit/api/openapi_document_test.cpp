#include "api/openapi/document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assistd::api::openapi {
namespace {

using Json = nlohmann::ordered_json;

constexpr Part frame{"assistd", R"({
    "openapi": "3.1.0", "info": {"title": "t", "version": "0"}, "paths": {},
    "components": {"schemas": {"Problem": {}}, "securitySchemes": {"key": {}, "session": {}}}})"};
constexpr Part things{"things", R"({
    "paths": {"/things": {"get": {"operationId": "list"}, "post": {"operationId": "make"}},
              "/things/{id}": {"delete": {"operationId": "remove"}}},
    "components": {"schemas": {"Thing": {}}, "parameters": {"Id": {}}}})"};

std::vector<LiveRoute> all_live() {
    return {{http::Method::get, "/things", http::Needs::nothing},
            {http::Method::post, "/things", http::Needs::by_method},
            {http::Method::del, "/things/{id}", http::Needs::admin}};
}

TEST(Document, IsPutTogetherOfItsParts) {
    const std::vector<Part> parts{frame, things};
    const Json whole = assemble(parts, all_live());
    EXPECT_EQ(whole["openapi"], "3.1.0");
    EXPECT_NE(whole["info"]["version"], "0");
    EXPECT_EQ(whole["paths"]["/things/{id}"]["delete"]["operationId"], "remove");
    EXPECT_TRUE(whole["components"]["schemas"].contains("Problem"));
    EXPECT_TRUE(whole["components"]["schemas"].contains("Thing"));
    EXPECT_TRUE(whole["components"]["parameters"].contains("Id"));
}

TEST(Document, SaysWhatTheRouterWantsOfACaller) {
    const std::vector<Part> parts{frame, things};
    const Json paths = assemble(parts, all_live())["paths"];
    EXPECT_EQ(paths["/things"]["get"]["security"], Json::array());
    EXPECT_EQ(paths["/things"]["post"]["security"],
              Json::parse(R"([{"key": ["write"]}, {"session": ["write"]}])"));
    EXPECT_EQ(paths["/things/{id}"]["delete"]["security"][0], Json::parse(R"({"key": ["admin"]})"));
}

TEST(Document, LeavesOutWhatThisDaemonDoesNotServe) {
    const std::vector<Part> parts{frame, things};
    const Json paths = assemble(parts, {{http::Method::post, "/things"}})["paths"];
    EXPECT_EQ(paths.size(), 1u);
    EXPECT_FALSE(paths["/things"].contains("get"));
}

TEST(Document, RefusesWhatIsDescribedTwice) {
    const std::vector<Part> parts{frame, things, things};
    EXPECT_THROW(assemble(parts, all_live()), std::logic_error);
}

TEST(Document, TheBuiltInPartsFitTogether) {
    EXPECT_EQ(parts().front().name, "assistd");
    EXPECT_GT(parts().size(), 8u);
    EXPECT_NO_THROW(assemble(parts(), {}));
}

}  // namespace
}  // namespace assistd::api::openapi
