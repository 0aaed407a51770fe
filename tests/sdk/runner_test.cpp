// The test helper itself: libraries, artifacts, logs, and what it does not accept.

#include <assistd/testing.hpp>

namespace assistd {
namespace {

using testing::PluginRunner;

template <class Do>
std::string complaint(Do act) {
    try {
        act();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(PluginRunner, RunsTheLibraryThatIsShipped) {
    PluginRunner plugin(TYPED_LIBRARY);
    EXPECT_EQ(plugin.manifest().at("id"), "org.assistd.test.typed");
    plugin.add_artifact("text-1", "text", "a\nb\n", {{"from", "here"}}, "ab.txt", "text/plain");
    EXPECT_EQ(plugin.run("copy_lines", {{"source", "text-1"}}).artifacts.at(0).bytes, "a\nb\n");
    // Another call begins anew.
    EXPECT_EQ(plugin.run("plain").artifacts.at(0).name, "plain.txt");
    EXPECT_EQ(plugin.run("plain", {{"x", 1}}).data, (Json{{"given", {{"x", 1}}}}));
    EXPECT_EQ(plugin.run("no_such_tool").status, ASSISTD_UNKNOWN_TOOL);
}

TEST(PluginRunner, AFailedCallKeepsNoArtifact) {
    PluginRunner plugin(TYPED_LIBRARY);
    const auto outcome = plugin.run("plain", {{"fail", true}});
    EXPECT_EQ(outcome.status, ASSISTD_FAILED);
    EXPECT_EQ(outcome.error_type, "InternalError");
    EXPECT_EQ(outcome.message, "It was to fail.");
    EXPECT_FALSE(outcome.recoverable);
    EXPECT_TRUE(outcome.artifacts.empty());
}

TEST(PluginRunner, SaysWhatIsNoPlugin) {
    EXPECT_NE(complaint([] { PluginRunner("/nowhere.so"); }).find("/nowhere.so"), std::string::npos);
    EXPECT_EQ(complaint([] { PluginRunner("libz.so.1"); }), "libz.so.1 exports no assistd_plugin_entry.");
    const auto broken = [] {
        static const assistd_plugin_descriptor descriptor{
            sizeof descriptor, 1, 0, [](const assistd_host* host) -> assistd_plugin* {
                host->log(host, ASSISTD_LOG_ERROR, detail::to_c("No licence."));
                return nullptr;
            }};
        return &descriptor;
    };
    EXPECT_EQ(complaint([&] { PluginRunner runner(broken); }), "The plugin does not start. No licence.");
}

}  // namespace
}  // namespace assistd
