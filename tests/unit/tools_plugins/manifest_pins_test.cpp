#include "tools/plugins/manifest_pins.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

class ManifestPinsTest : public testing::Test {
  protected:
    Manifest manifest(const char* patch = "[]") {
        return parse_manifest(Json::parse(R"({
            "id": "org.example.greeter", "version": "1.0.0", "abi": "1.0", "licence": "Apache-2.0",
            "tools": [{"name": "greet", "description": "Greets.", "category": "example", "effects": {},
                       "input": {"type": "object", "properties": {"times": {"type": "integer", "maximum": 10}}},
                       "phrases": ["greet me"]}]})")
                                  .patch(Json::parse(patch))
                                  .dump());
    }
    ManifestPins pins(std::vector<core::PluginPin> known = {}) {
        return {std::move(known), [this](const core::PluginPin& pin) { saved_.push_back(pin); }};
    }

    std::vector<core::PluginPin> saved_;
};

TEST_F(ManifestPinsTest, ANewPluginIsKnownFromThenOn) {
    ManifestPins pins = this->pins();
    EXPECT_THAT(pins.changes(manifest()), IsEmpty());
    EXPECT_FALSE(pins.known_since("org.example.greeter"));
    pins.know(manifest());
    EXPECT_TRUE(pins.known_since("org.example.greeter"));
    ASSERT_EQ(saved_.size(), 1u);
    EXPECT_EQ(saved_[0].id, "org.example.greeter");
    EXPECT_THAT(pins.changes(manifest()), IsEmpty());
    EXPECT_EQ(saved_.size(), 1u);
    ManifestPins later = this->pins(saved_);
    EXPECT_THAT(later.changes(manifest()), IsEmpty());
    later.know(manifest());
    EXPECT_EQ(saved_.size(), 1u);
}

TEST_F(ManifestPinsTest, WhatChangedIsSaidWithWhatItWas) {
    ManifestPins pins = this->pins();
    pins.know(manifest());
    const auto changes = [&](const char* patch) { return pins.changes(manifest(patch)); };
    EXPECT_THAT(changes(R"([{"op": "replace", "path": "/tools/0/description", "value": "Greets\nall."}])"),
                ElementsAre(R"(greet: its description was "Greets." and is "Greets\nall.".)"));
    EXPECT_THAT(
        changes(R"([{"op": "replace", "path": "/tools/0/input/properties/times/maximum", "value": 99}])"),
        ElementsAre("greet: its input schema changed at /properties/times/maximum (10, now 99)."));
    EXPECT_THAT(changes(R"([{"op": "add", "path": "/tools/0/input/properties/key", "value": {}}])"),
                ElementsAre("greet: its input schema changed at /properties/key (not there, now {})."));
    EXPECT_THAT(changes(R"([{"op": "add", "path": "/tools/0/effects/destructive", "value": true}])"),
                ElementsAre("greet: its effects changed at /destructive (false, now true)."));
    EXPECT_THAT(changes(R"([{"op": "replace", "path": "/tools/0/phrases/0", "value": "do greet"}])"),
                ElementsAre(R"(greet: its phrases changed at /0 ("greet me", now "do greet").)"));
    EXPECT_THAT(changes(R"([{"op": "replace", "path": "/tools/0/name", "value": "hail"}])"),
                ElementsAre(R"(hail is new: "Greets.".)", "greet is gone."));
    EXPECT_THAT(changes(R"([{"op": "add", "path": "/tools/0/looks_up", "value": ["file"]}])"),
                ElementsAre(R"(greet: its permission to look up was nothing and is ["file"].)"));
    ManifestPins with_permission = this->pins();
    const char* const permission = R"([{"op": "add", "path": "/tools/0/looks_up", "value": ["file"]}])";
    with_permission.know(manifest(permission));
    EXPECT_THAT(with_permission.changes(manifest(permission)), IsEmpty());
    EXPECT_THAT(with_permission.changes(manifest()),
                ElementsAre(R"(greet: its permission to look up was ["file"] and is nothing.)"));
    // A version by itself is none of it.
    EXPECT_THAT(changes(R"([{"op": "replace", "path": "/version", "value": "2.0.0"}])"), IsEmpty());
}

TEST_F(ManifestPinsTest, OtherLimitsAreChanges) {
    ManifestPins pins = this->pins();
    pins.know(manifest());
    const auto changes = [&](const char* member, const char* value) {
        const std::string patch =
            R"([{"op": "add", "path": "/tools/0/)" + std::string(member) + R"(", "value": )" + value + "}]";
        return pins.changes(manifest(patch.c_str()));
    };
    EXPECT_THAT(changes("memory_limit_mb", "8192"),
                ElementsAre("greet: its limits changed at /memory_limit_mb (512, now 8192)."));
    EXPECT_THAT(changes("time_limit_s", "3600"),
                ElementsAre("greet: its limits changed at /time_limit_s (60, now 3600)."));
    EXPECT_THAT(changes("time_limit_s", "0.5"),
                ElementsAre("greet: its limits changed at /time_limit_s (60, now 0.5)."));
    EXPECT_THAT(changes("long_running", "true"),
                ElementsAre("greet: its limits changed at /long_running (false, now true)."));
    EXPECT_THAT(changes("memory_limit_mb", "512"), IsEmpty());
}

TEST_F(ManifestPinsTest, LimitsThatWereNotNotedCountAsAgreedToOnce) {
    ManifestPins first = this->pins();
    first.know(manifest());
    Json old = Json::parse(saved_.back().tools);
    old["greet"].erase("limits");
    saved_.back().tools = old.dump();
    ManifestPins pins = this->pins({saved_.back()});
    const char* const more = R"([{"op": "add", "path": "/tools/0/memory_limit_mb", "value": 8192}])";
    EXPECT_THAT(pins.changes(manifest(more)), IsEmpty());
    pins.know(manifest());
    EXPECT_EQ(saved_.size(), 2u);
    EXPECT_EQ(saved_[1].at, saved_[0].at);
    EXPECT_THAT(pins.changes(manifest(more)),
                ElementsAre("greet: its limits changed at /memory_limit_mb (512, now 8192)."));
    pins.know(manifest(more));  // is used, and not agreed to
    EXPECT_EQ(saved_.size(), 2u);
    EXPECT_EQ(pins.changes(manifest(more)).size(), 1u);
}

TEST_F(ManifestPinsTest, OfManyPlacesSomeAreNamed) {
    ManifestPins pins = this->pins();
    pins.know(manifest());
    Json patch = Json::array();
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
        patch.push_back({{"op", "add"},
                         {"path", std::string("/tools/0/input/properties/") + name},
                         {"value", Json::object()}});
    const auto changes = pins.changes(manifest(patch.dump().c_str()));
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_THAT(changes[0], testing::HasSubstr("/properties/e"));
    EXPECT_THAT(changes[0], testing::EndsWith("and 2 more."));
}

TEST_F(ManifestPinsTest, WhatIsAgreedToIsKnown) {
    ManifestPins pins = this->pins();
    pins.know(manifest());
    const Manifest other =
        manifest(R"([{"op": "replace", "path": "/tools/0/description", "value": "Hails."}])");
    EXPECT_EQ(pins.changes(other).size(), 1u);
    EXPECT_EQ(saved_.size(), 1u);
    pins.approve(other);
    EXPECT_EQ(saved_.size(), 2u);
    EXPECT_THAT(pins.changes(other), IsEmpty());
    EXPECT_EQ(pins.changes(manifest()).size(), 1u);
}

}  // namespace
}  // namespace assistd::tools
