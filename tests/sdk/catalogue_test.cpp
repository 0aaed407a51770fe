// What a handler looks up of what its user has: through the C++ face, answered by the test helper.

#include <assistd/testing.hpp>

namespace assistd {
namespace {

using testing::PluginRunner;

Result list(Call& call, const Json& arguments) {
    ArtifactQuery query;
    query.kinds = arguments.value("kinds", std::vector<std::string>());
    query.project_id = arguments.value("project_id", "");
    query.tool = arguments.value("tool", "");
    query.parent = arguments.value("parent", "");
    if (arguments.contains("parameters")) query.parameters = arguments.at("parameters");
    query.metadata = arguments.value("metadata", Json::object());
    query.limit = arguments.value("limit", 20);
    const auto found = call.catalogue().artifacts(query);
    Json handles = Json::array();
    for (const FoundArtifact& each : found.items) handles.push_back(each.handle);
    return {{{"handles", handles}, {"more", found.more}}, ""};
}

Result jobs(Call& call, const Json& arguments) {
    const auto found =
        call.catalogue().jobs({.tools = {}, .states = arguments.at("states"), .project_id = ""});
    Json errors = Json::array();
    for (const FoundJob& each : found.items) errors.push_back(each.error);
    return {{{"errors", errors}}, ""};
}

Result open(Call& call, const Json& arguments) {
    const std::string handle = arguments.at("handle");
    const Artifact artifact = call.catalogue().open(handle);
    call.catalogue().add_to_result(handle);
    return {{{"bytes", artifact.read_all()}, {"name", artifact.name()}}, ""};
}

const assistd_plugin_descriptor* entry() {
    static const assistd_plugin_descriptor descriptor{sizeof descriptor, 1, 0, [](const assistd_host* host) {
                                                          return detail::make_instance(
                                                              host, [](ToolTable& tools) {
                                                                  tools.add("list", list);
                                                                  tools.add("jobs", jobs);
                                                                  tools.add("open", open);
                                                              });
                                                      }};
    return &descriptor;
}

FoundArtifact artifact(const std::string& handle, const std::string& kind) {
    FoundArtifact about;
    about.handle = handle;
    about.kind = kind;
    return about;
}

class CatalogueTest : public ::testing::Test {
  protected:
    CatalogueTest() {
        FoundArtifact first = artifact("simulation-1", "simulation");
        first.tool = "grow";
        first.project_id = "p";
        first.parameters = {{"n", 10}, {"d", 2}};
        plugin.add_artifact(first, "one");
        FoundArtifact analysis = artifact("analysis-1", "analysis");
        analysis.parents = {"simulation-1"};
        analysis.metadata = {{"analysis", "box_counting"}, {"df", 1.7}};
        plugin.add_artifact(analysis, "two");
        plugin.add_artifact("simulation-2", "simulation", "three", Json::object(), "b.npy");
    }
    Json handles(const Json& arguments) {
        const auto outcome = plugin.run("list", arguments);
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.data.at("handles");
    }

    PluginRunner plugin{entry};
};

TEST_F(CatalogueTest, FindsByEachOfItsMembersNewestFirst) {
    EXPECT_EQ(handles(Json::object()), Json::array({"simulation-2", "analysis-1", "simulation-1"}));
    EXPECT_EQ(handles({{"kinds", {"simulation"}}}), Json::array({"simulation-2", "simulation-1"}));
    EXPECT_EQ(handles({{"tool", "grow"}}), Json::array({"simulation-1"}));
    EXPECT_EQ(handles({{"project_id", "p"}}), Json::array({"simulation-1"}));
    EXPECT_EQ(handles({{"parent", "simulation-1"}}), Json::array({"analysis-1"}));
    EXPECT_EQ(handles({{"parameters", {{"d", 2}, {"n", 10}}}}), Json::array({"simulation-1"}));
    EXPECT_EQ(handles({{"parameters", {{"n", 10}}}}), Json::array());
    EXPECT_EQ(handles({{"metadata", {{"analysis", "box_counting"}}}}), Json::array({"analysis-1"}));
    EXPECT_EQ(handles({{"metadata", {{"analysis", "fraktal"}}}}), Json::array());
}

TEST_F(CatalogueTest, SaysThatThereAreMoreThanWereAskedFor) {
    EXPECT_EQ(plugin.run("list", {{"limit", 2}}).data.at("more"), true);
    EXPECT_EQ(plugin.run("list", {{"limit", 3}}).data.at("more"), false);
    EXPECT_EQ(plugin.run("list", {{"limit", 101}}).message, "limit must be 1 to 100.");
}

TEST_F(CatalogueTest, OpensAndAddsWhatItFound) {
    const auto outcome = plugin.run("open", {{"handle", "simulation-2"}});
    EXPECT_EQ(outcome.data, (Json{{"bytes", "three"}, {"name", "b.npy"}})) << outcome.message;
    EXPECT_EQ(outcome.opened, std::vector<std::string>{"simulation-2"});
    EXPECT_EQ(outcome.added, std::vector<std::string>{"simulation-2"});
    EXPECT_EQ(plugin.run("open", {{"handle", "simulation-9"}}).message,
              "There is no artifact \"simulation-9\".");
}

TEST_F(CatalogueTest, FindsJobsByState) {
    FoundJob job;
    job.id = "1";
    job.tool = "grow";
    job.status = "failed";
    job.error = "It was too large.";
    plugin.add_job(job);
    EXPECT_EQ(plugin.run("jobs", {{"states", {"failed"}}}).data.at("errors"),
              Json::array({"It was too large."}));
    EXPECT_EQ(plugin.run("jobs", {{"states", {"running"}}}).data.at("errors"), Json::array());
}

TEST_F(CatalogueTest, AnOlderDaemonIsSaidToBeSo) {
    plugin.without_catalogue();
    const auto outcome = plugin.run("list");
    EXPECT_EQ(outcome.error_type, "InternalError");
    EXPECT_EQ(outcome.message,
              "This daemon is too old to tell a plugin what there is already; use a newer assistd.");
}

TEST_F(CatalogueTest, ACancelledCallEndsAtItsQuestion) {
    plugin.cancel_at_look(1);
    EXPECT_EQ(plugin.run("list").status, ASSISTD_CANCELLED);
}

TEST(CataloguePermission, IsWhatTheManifestSays) {
    testing::TestCatalogue catalogue;
    catalogue.add(artifact("plot-1", "plot"));
    catalogue.add(artifact("text-1", "text"));
    const std::set<std::string> text{"text"};
    const auto all = Json::parse(catalogue.find_artifacts(text, Json::object()).text);
    EXPECT_EQ(all.at("artifacts").size(), 1u);
    for (const auto& refused : {catalogue.find_artifacts(text, {{"kinds", {"plot"}}}),
                                catalogue.look_at(text, "plot-1"), catalogue.find_jobs(text, Json::object()),
                                catalogue.find_artifacts(std::set<std::string>(), Json::object())})
        EXPECT_EQ(Json::parse(refused.text).at("error_type"), "PermissionError") << refused.text;
}

}  // namespace
}  // namespace assistd
