// The pictures of render_3d_image, looked at by ImageMagick and NumPy.

#include <cmath>

#include "support.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

class Image : public WithPlugin {
  protected:
    Image() {
        // Three along x, one above on z, one behind on y: each view shows something else.
        add_simulation("simulation-2", {{0, 0, 0, 1, -1, 0},
                                        {2, 0, 0, 1, 0, 0},
                                        {4, 0, 0, 1, 1, 0},
                                        {0, 0, 2, 1, 0, 0},
                                        {0, 2, 0, 1, 0, 0}});
        add_simulation("simulation-3", {{5, 5, 5, 1, -1, 0}});
        add_simulation("simulation-5", {{0, 0, 0, 1, -1, 0}, {2, 0, 0, 1, 0, 0}});
        std::vector<Particle> flat = scattered_particles();
        for (Particle& particle : flat) particle.z = 0;
        add_simulation("simulation-4", flat);
    }
    Outcome draw(const std::string& handle, Json more) {
        more["simulation"] = handle;
        return call("render_3d_image", more);
    }
    // Draws and has the script look.
    void expect(const std::string& check, const std::string& handle, const Json& more) {
        const Outcome outcome = draw(handle, more);
        ASSERT_EQ(outcome.artifacts.size(), 1u);
        std::ofstream(folder_ + "/image.png") << outcome.artifacts[0].bytes;
        look("read_image.py", check);
    }
};

TEST_F(Image, IsAPngOfTheSizeThatWasAskedFor) {
    const Outcome outcome = draw("simulation-1", {{"size", 300}});
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "image");
    EXPECT_EQ(outcome.artifacts[0].name, "simulation-1-3d-iso.png");
    EXPECT_EQ(outcome.artifacts[0].media_type, "image/png");
    EXPECT_EQ(outcome.data.at("projection"), "perspective");
    EXPECT_TRUE(outcome.data.at("warnings").empty());
    std::ofstream(folder_ + "/image.png") << outcome.artifacts[0].bytes;
    look("read_image.py", "fills_300");
    // The same again, whichever thread was faster.
    EXPECT_EQ(draw("simulation-1", {{"size", 300}}).artifacts.at(0).bytes, outcome.artifacts[0].bytes);
}

TEST_F(Image, OfOneSphereIsAShadedDisc) {
    expect("disc", "simulation-3", {{"size", 400}, {"projection", "orthographic"}});
    expect("disc", "simulation-3", {{"size", 400}, {"view", "top"}});
}

TEST_F(Image, ShowsEachViewFromItsSide) {
    // Without perspective the outline is the union of discs at known places.
    expect("front", "simulation-2", {{"size", 400}, {"view", "front"}, {"projection", "orthographic"}});
    expect("top", "simulation-2", {{"size", 400}, {"view", "top"}, {"projection", "orthographic"}});
    expect("side", "simulation-2", {{"size", 400}, {"view", "side"}, {"projection", "orthographic"}});
    expect("front", "simulation-2",
           {{"size", 400}, {"azimuth", -90}, {"elevation", 0}, {"projection", "orthographic"}});
}

TEST_F(Image, IsSeenFromTheAnglesThatWereAskedFor) {
    expect("angles", "simulation-2",
           {{"size", 400}, {"azimuth", 30}, {"elevation", 40}, {"projection", "orthographic"}});
}

TEST_F(Image, ShowsNearerSpheresLargerInPerspective) {
    // From the side, the end of the chain is nearest and hides all of it.
    expect("perspective", "simulation-2", {{"size", 400}, {"view", "side"}});
}

TEST_F(Image, IsDarkerWhereSpheresMeet) {
    expect("contact", "simulation-5", {{"size", 400}, {"view", "top"}, {"projection", "orthographic"}});
}

TEST_F(Image, ShowsWhatWouldBeTooSmall) {
    // Two spheres far apart are a speck each, and wide enough for one.
    add_simulation("simulation-6", {{0, 0, 0, 1, -1, 0}, {5000, 0, 0, 1, 0, 0}});
    EXPECT_EQ(draw("simulation-6", {{"size", 400}, {"view", "top"}}).data.at("warnings")[0],
              "Particles smaller than 1.4 pixels are drawn as wide as that, so that they can be seen; a "
              "larger size shows them as they are.");
    expect("specks", "simulation-6", {{"size", 400}, {"view", "top"}});
}

TEST_F(Image, HasTheBackgroundThatWasAskedFor) {
    expect("transparent", "simulation-1", {{"size", 200}, {"background", "transparent"}});
    expect("black", "simulation-1", {{"size", 200}, {"background", "black"}});
    expect("colour", "simulation-1", {{"size", 200}, {"background", "#102030"}});
}

TEST_F(Image, HasAScaleOfItsColours) {
    const Outcome outcome = draw("simulation-1", {{"size", 400}, {"color_by", "radius"}});
    EXPECT_DOUBLE_EQ(outcome.data.at("color_range")[0].get<double>(), 0.5);
    EXPECT_NEAR(outcome.data.at("color_range")[1].get<double>(), 0.799, 1e-9);
    expect("scale", "simulation-1", {{"size", 400}, {"color_by", "radius"}});
    EXPECT_EQ(draw("simulation-1", {{"size", 100}, {"color_by", "order"}}).data.at("color_range"),
              (Json{1.0, 300.0}));
    EXPECT_EQ(draw("simulation-2", {{"size", 100}, {"color_by", "coordination"}}).data.at("color_range"),
              (Json{1.0, 3.0}));
    const Outcome equal = draw("simulation-2", {{"size", 100}, {"color_by", "radius"}});
    EXPECT_EQ(equal.data.at("warnings")[0],
              "All particles have the same radius, so they all have one colour.");
}

TEST_F(Image, ShowsTheFaceOfAFlatCluster) {
    EXPECT_EQ(draw("simulation-4", {{"size", 100}}).data.at("view"), "top");
    EXPECT_EQ(draw("simulation-4", {{"size", 100}, {"view", "front"}}).data.at("warnings")[0],
              "The cluster is flat and seen from its edge; the view top shows its face.");
}

TEST_F(Image, SaysWhatCannotBeDrawn) {
    const auto refused = [&](const char* key, const Json& value) {
        return refusal("render_3d_image", {{"simulation", "simulation-1"}, {key, value}});
    };
    EXPECT_EQ(refused("size", 5000), "size must be at most 4096; it is 5000.");
    EXPECT_EQ(refused("elevation", 91), "elevation must be at most 90; it is 91.");
    EXPECT_NE(refused("background", "pink").find("background"), std::string::npos);
    EXPECT_EQ(refusal("render_3d_image", {{"simulation", "simulation-1"}, {"view", "top"}, {"azimuth", 3}}),
              "Give either a view or azimuth and elevation, not both.");
    add_simulation("simulation-8", {{1.7e308, -1.7e308, 0, 1, -1, 0}, {-1.7e308, 1.7e308, 0, 1, 0, 0}});
    EXPECT_EQ(refusal("render_3d_image", {{"simulation", "simulation-8"}}),
              "simulation-8 cannot be drawn: its particles are too far apart.");
    plugin_.add_artifact("simulation-9", "simulation", "");
    EXPECT_EQ(refusal("render_3d_image", {{"simulation", "simulation-9"}}),
              "simulation-9 has no geometry: the simulation stored no particles.");
}

TEST_F(Image, StopsWhenItIsCancelled) {
    for (const int look : {1, 2, 20, 200}) {
        plugin_.cancel_at_look(look);
        const Outcome outcome = plugin_.run("render_3d_image", {{"simulation", "simulation-1"}});
        EXPECT_EQ(outcome.status, ASSISTD_CANCELLED) << look;
        EXPECT_TRUE(outcome.artifacts.empty());
    }
}

}  // namespace
}  // namespace assistd::exporting
