// What a plugin's build makes of the parts that a manifest's phrases name.

#include "phrase_parts.h"

#include <gtest/gtest.h>

namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;
using Parts = std::vector<std::pair<std::string, Json>>;  // in their order

Json manifest(const Parts& parts, const Json& phrases, const Json& options = Json::array()) {
    Json texts = Json::object();
    for (const auto& [name, text] : parts) texts[name] = text;
    return {{"phrase_parts", texts},
            {"tools", {{{"name", "grow"}, {"phrases", phrases}, {"options", options}}, {{"name", "other"}}}}};
}

Json made_whole(Json given) {
    put_in_phrase_parts(given);
    return given;
}

std::string refusal(const Json& given) {
    try {
        return "none, but " + made_whole(given).dump();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

std::string refusal(const Parts& parts, const Texts& phrases, const Texts& options = {}) {
    return refusal(manifest(parts, phrases, options));
}

TEST(PhraseParts, StandForTheirText) {
    const Json whole = made_whole(manifest({{"dim", "(2d{d=2}|3d{d=3})"},
                                            {"things_2", "(particles|spheres)"},
                                            {"of_things", "of [<dim>] {n} <things_2>"}},
                                           Texts{"grow <dim> cluster <of_things>", "<dim><dim>", "grow"},
                                           Texts{"in <dim>", "[with] <things_2>"}));
    const Json grow = whole.at("tools").at(0);
    EXPECT_EQ(grow.at("phrases"),
              Json(Texts{"grow (2d{d=2}|3d{d=3}) cluster of [(2d{d=2}|3d{d=3})] {n} (particles|spheres)",
                         "(2d{d=2}|3d{d=3})(2d{d=2}|3d{d=3})", "grow"}));
    EXPECT_EQ(grow.at("options"), Json(Texts{"in (2d{d=2}|3d{d=3})", "[with] (particles|spheres)"}));
    EXPECT_EQ(whole.at("tools").at(1), Json({{"name", "other"}}));
    EXPECT_FALSE(whole.contains("phrase_parts"));
}

TEST(PhraseParts, AreNotNeeded) {
    Json without = manifest({}, Texts{"grow [big] cluster"});
    without.erase("phrase_parts");
    EXPECT_EQ(made_whole(without), without);
}

// Which says better what is wrong with it.
TEST(PhraseParts, LeaveWhatIsNoTextToTheDaemon) {
    const Json grow = made_whole(manifest({{"it", "cluster"}}, {1, "grow <it>"}, 2)).at("tools").at(0);
    EXPECT_EQ(grow.at("phrases"), Json({1, "grow cluster"}));
    EXPECT_EQ(grow.at("options"), 2);
}

TEST(PhraseParts, AreKnownAndStandBeforeTheirUse) {
    const Parts dim = {{"dim", "(2d|3d)"}};
    EXPECT_EQ(
        refusal(dim, {"grow <dim> <size>"}),
        R"(the phrase "grow <dim> <size>" of the tool grow names <size>, which "phrase_parts" does not have.)");
    EXPECT_EQ(refusal(dim, {"grow <dim>"}, {"in <Dim>"}),
              R"(the option "in <Dim>" of the tool grow names <Dim>, which "phrase_parts" does not have.)");
    EXPECT_EQ(refusal({{"a", "big <b>"}}, {"grow <a>"}),
              R"(the part "a" names <b>, which "phrase_parts" does not have.)");
    EXPECT_EQ(refusal({{"a", "big <b>"}, {"b", "small <a>"}}, {"grow <a>"}),
              R"(the part "a" names <b>, which must stand before it in "phrase_parts".)");
    EXPECT_EQ(refusal({{"a", "very <a>"}}, {"grow <a>"}),
              R"(the part "a" names <a>, which must stand before it in "phrase_parts".)");
    EXPECT_EQ(refusal(Json{{"tools", {{{"name", "grow"}, {"phrases", {"grow <dim>"}}}}}}),
              R"(the phrase "grow <dim>" of the tool grow names <dim>, which "phrase_parts" does not have.)");
}

TEST(PhraseParts, AreUsed) {
    EXPECT_EQ(refusal({{"dim", "2d"}, {"size", "big <dim>"}}, {"grow <dim>"}),
              R"("phrase_parts" has the part "size", which nothing uses.)");
}

TEST(PhraseParts, AreNamedInWholeBrackets) {
    const Parts dim = {{"dim", "(2d|3d)"}};
    for (const std::string stray :
         {"grow < 3 <dim>", "grow <dim", "grow <> <dim>", "grow <d m> <dim>", "<<dim>>"})
        EXPECT_EQ(refusal(dim, {stray}),
                  "the phrase \"" + stray +
                      R"(" of the tool grow has a "<" that belongs to no name of a part, such as "<name>".)");
    EXPECT_EQ(refusal({{"dim", "2d"}, {"size", "big >dim>"}}, {"grow <size>"}),
              R"(the part "size" has a ">" that belongs to no name of a part, such as "<name>".)");
}

TEST(PhraseParts, AreWhole) {
    for (const std::string torn : {"2d|3d", "(2d|3d", "2d)", ")2d(", "in (2d|3d)|flat", "{n"})
        EXPECT_EQ(refusal({{"dim", torn}}, {"grow <dim>"}),
                  R"(the part "dim" must close its brackets, and have some around alternatives.)")
            << torn;
    for (const std::string whole : {"(2d|3d) [cluster|{n}]", "[in [the] (2d|3d)]", "2d", "{d=2}"})
        EXPECT_EQ(refusal({{"dim", whole}}, {"grow <dim>"}).substr(0, 4), "none") << whole;
}

TEST(PhraseParts, AreTextsWithNames) {
    EXPECT_EQ(refusal({{"d m", "2d"}}, {"grow"}),
              R"("phrase_parts" has the name "d m"; a name consists of letters, digits and "_".)");
    EXPECT_EQ(refusal({{"", "2d"}}, {"grow"}),
              R"("phrase_parts" has the name ""; a name consists of letters, digits and "_".)");
    EXPECT_EQ(refusal({{"dim", 3}}, {"grow <dim>"}), R"("phrase_parts" must be an object of texts.)");
    EXPECT_EQ(refusal(Json{{"phrase_parts", "2d"}, {"tools", Json::array()}}),
              R"("phrase_parts" must be an object of texts.)");
}

}  // namespace
