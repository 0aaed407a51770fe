// Every format of export_geometry, read by programs of others: NumPy, h5py, meshio and VTK.

#include <array>
#include <cstring>
#include <numbers>

#include "support.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

class Geometry : public WithPlugin {
  protected:
    void expect_readable(const std::string& format, const std::string& name, const std::string& media_type,
                         const Json& more = Json::object()) {
        Json arguments{{"simulation", "simulation-1"}, {"format", format}};
        arguments.update(more);
        const Outcome outcome = call("export_geometry", arguments);
        ASSERT_EQ(outcome.artifacts.size(), 1u);
        EXPECT_EQ(outcome.artifacts[0].kind, "geometry");
        EXPECT_EQ(outcome.artifacts[0].name, name);
        EXPECT_EQ(outcome.artifacts[0].media_type, media_type);
        EXPECT_EQ(outcome.data.at("size"), outcome.artifacts[0].bytes.size());
        // The same again, byte by byte.
        EXPECT_EQ(call("export_geometry", arguments).artifacts.at(0).bytes, outcome.artifacts[0].bytes);
        keep(outcome);
        std::ofstream(folder_ + "/original.npy") << particle_file(scattered_particles());
        look("read_geometry.py", format);
    }
};

TEST_F(Geometry, IsReadByVtk) {
    expect_readable("vtp", "simulation-1.vtp", "application/xml");
}

TEST_F(Geometry, IsReadAsPly) {
    expect_readable("ply", "simulation-1.ply", "application/x-ply");
}

TEST_F(Geometry, IsReadAsObj) {
    expect_readable("obj", "simulation-1.obj", "model/obj", {{"resolution", 1}});
}

TEST_F(Geometry, IsReadAsStl) {
    expect_readable("stl", "simulation-1.stl", "model/stl", {{"resolution", 2}});
}

TEST_F(Geometry, IsReadByNumpy) {
    expect_readable("npy", "simulation-1.npy", "application/x-npy");
}

TEST_F(Geometry, IsReadByH5py) {
    expect_readable("hdf5", "simulation-1.h5", "application/x-hdf5");
}

TEST_F(Geometry, MeshesAreAsFineAsTheirNumberAllows) {
    const auto resolution = [&](int particles) {
        const std::string handle = "simulation-" + std::to_string(particles);
        add_simulation(handle, std::vector<Particle>(static_cast<std::size_t>(particles)));
        return call("export_geometry", {{"simulation", handle}, {"format", "stl"}}).data.at("resolution");
    };
    EXPECT_EQ(resolution(1562), 3);
    EXPECT_EQ(resolution(1563), 2);
    EXPECT_EQ(resolution(6251), 1);
    EXPECT_EQ(resolution(25001), 0);
}

TEST_F(Geometry, TellsWhatMeshesLackOfTheirSpheres) {
    const std::vector<double> shares{0.60546, 0.87345, 0.96616, 0.99139};
    for (int resolution = 0; resolution < 4; ++resolution) {
        const Outcome outcome =
            call("export_geometry",
                 {{"simulation", "simulation-1"}, {"format", "stl"}, {"resolution", resolution}});
        ASSERT_TRUE(outcome.ok()) << outcome.message;
        // As the triangles of the file say.
        const std::string& file = outcome.artifacts.at(0).bytes;
        std::array<float, 12> facet{};
        double volume = 0;
        for (std::size_t at = 84; at + 50 <= file.size(); at += 50) {
            std::memcpy(facet.data(), file.data() + at, sizeof facet);
            const auto& f = facet;
            volume += (f[3] * (double(f[7]) * f[11] - double(f[8]) * f[10]) -
                       f[4] * (double(f[6]) * f[11] - double(f[8]) * f[9]) +
                       f[5] * (double(f[6]) * f[10] - double(f[7]) * f[9])) /
                      6;
        }
        double full = 0;
        for (const Particle& each : scattered_particles())
            full += 4 * std::numbers::pi / 3 * each.radius * each.radius * each.radius;
        const double share = outcome.data.at("volume_share");
        EXPECT_NEAR(share, shares[static_cast<std::size_t>(resolution)], 1e-4);
        EXPECT_NEAR(volume / full, share, 1e-3) << resolution;
    }
    EXPECT_NE(call("export_geometry", {{"simulation", "simulation-1"}, {"format", "obj"}, {"resolution", 0}})
                  .summary.find("60.5 %"),
              std::string::npos);
    EXPECT_FALSE(call("export_geometry", {{"simulation", "simulation-1"}}).data.contains("volume_share"));
}

TEST_F(Geometry, SaysWhatDoesNotFitTheFormat) {
    EXPECT_EQ(
        refusal("export_geometry", {{"simulation", "simulation-1"}, {"format", "ply"}, {"resolution", 2}}),
        "resolution is for obj and stl, which store spheres as meshes; ply stores centres and radii.");
    EXPECT_EQ(
        refusal("export_geometry", {{"simulation", "simulation-1"}, {"format", "stl"}, {"resolution", 6}}),
        "resolution must be at most 5; it is 6.");
    add_simulation("simulation-2", std::vector<Particle>(20'000));
    EXPECT_EQ(
        refusal("export_geometry", {{"simulation", "simulation-2"}, {"format", "obj"}, {"resolution", 3}}),
        "20000 spheres of resolution 3 are 25600000 triangles; a file of meshes has at most 20000000. "
        "Choose a lower resolution, or vtp or ply, which store centres and radii.");
    add_simulation("simulation-3", std::vector<Particle>(1'000'001));
    EXPECT_EQ(
        refusal("export_geometry", {{"simulation", "simulation-3"}, {"format", "stl"}}),
        "1000001 spheres of resolution 0 are 20000020 triangles; a file of meshes has at most 20000000. "
        "Choose vtp or ply, which store centres and radii.");
}

TEST_F(Geometry, RepeatsOnlyTextInTheResult) {
    add_simulation("simulation-2", scattered_particles(20));
    const auto inlined = [&](const char* format) {
        return call("export_geometry",
                    {{"simulation", "simulation-2"}, {"format", format}, {"inline", true}});
    };
    const Outcome vtp = inlined("vtp");
    EXPECT_EQ(vtp.data.at("content"), vtp.artifacts.at(0).bytes);
    for (const char* format : {"ply", "stl", "npy", "hdf5"}) {
        const Outcome outcome = inlined(format);
        EXPECT_FALSE(outcome.data.contains("content")) << format;
        EXPECT_EQ(outcome.data.at("content_omitted"),
                  "The format is not a text; download the artifact instead.");
    }
}

TEST_F(Geometry, StopsInEveryFormatWhenItIsCancelled) {
    add_simulation("simulation-2", std::vector<Particle>(50'000));
    plugin_.cancel_at_look(3);
    for (const char* format : {"csv", "xyz", "vtp", "ply", "obj", "stl", "npy", "hdf5"}) {
        const Outcome outcome =
            plugin_.run("export_geometry", {{"simulation", "simulation-2"}, {"format", format}});
        EXPECT_EQ(outcome.status, ASSISTD_CANCELLED) << format;
        EXPECT_TRUE(outcome.artifacts.empty()) << format;
    }
}

}  // namespace
}  // namespace assistd::exporting
