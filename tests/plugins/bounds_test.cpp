// What an administrator takes from what plugins ask for, and what is told of a plugin that is used.

#include "plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;
using namespace std::chrono_literals;

class Bounds : public PluginTest {
  protected:
    void start_within(CallBounds bounds, PluginSourceOptions options = {},
                      const std::string& folder = "faults") {
        options.bounds = bounds;
        start(folder, std::move(options));
    }
    std::shared_ptr<const core::ToolSpec> spec(const std::string& name) const {
        for (const auto& tool : source_->tools())
            if (tool->name == name) return tool;
        return nullptr;
    }
    std::string note() const { return source_->plugins().at(0).reason; }
};

TEST_F(Bounds, OfNobodyAreAsThePluginWishes) {
    start("faults");
    EXPECT_EQ(spec("fault_bad_alloc")->memory_limit_mb, 128);
    EXPECT_EQ(note(), "");
}

TEST_F(Bounds, OfMemoryAreTheAdministrators) {
    start_within({.memory_mib = 64});
    EXPECT_EQ(spec("fault_memory")->memory_limit_mb, 64);
    EXPECT_EQ(note(),
              "Its tools ask for up to 128 MiB a call, and the administrator allows 64 MiB "
              "(plugins.max_memory_mib).");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const SourceResult few = run("fault_memory");
    EXPECT_THAT(few.data, testing::AnyOf(R"({"blocks": 2})", R"({"blocks": 3})"));  // of 16 MiB in 64
    const SourceResult thrown = run("fault_bad_alloc");
    EXPECT_EQ(thrown.error, ToolErrorType::QuotaExceededError);
    EXPECT_EQ(thrown.message,
              "The call needs more memory than it may use. Its plugin asks for 128 MiB of memory, and the "
              "administrator allows 64 MiB (plugins.max_memory_mib).");
#endif
    // Perhaps for want of memory.
    EXPECT_THAT(run("fault_segv").message, HasSubstr("the administrator allows 64 MiB"));
}

TEST_F(Bounds, OfTimeAreTheAdministrators) {
    start_within({.time = 1s});
    EXPECT_EQ(spec("fault_burn")->time_limit, 1s);
    EXPECT_EQ(spec("fault_loop")->time_limit, 200ms) << "never more than it asks for";
    EXPECT_THAT(note(), HasSubstr("a call, and the administrator allows 1 s (plugins.max_time_s)."));
    EXPECT_EQ(run("fault_loop").message, "The tool fault_loop was stopped after 0.2 s, its time limit.");
    const SourceResult stopped = run("fault_ignores_cancel");
    EXPECT_EQ(stopped.error, ToolErrorType::TimeoutError);
    EXPECT_THAT(
        stopped.message,
        testing::MatchesRegex("The tool fault_ignores_cancel was stopped after 1 s, the "
                              "administrator's limit \\(plugins.max_time_s; its plugin asks for .* s\\)."));
}

TEST_F(Bounds, InTheDaemonHoldForTheTimeAlone) {
    PluginSourceOptions options;
    options.in_process = {"org.assistd.test.trusted"};
    start_within({.memory_mib = 64, .time = 1s}, std::move(options), "trusted");
    EXPECT_EQ(spec("where")->time_limit, 1s);
    EXPECT_EQ(spec("where")->memory_limit_mb, 512);
    EXPECT_THAT(note(), HasSubstr("and the administrator allows 1 s (plugins.max_time_s)."));
    EXPECT_THAT(note(), testing::Not(HasSubstr("max_memory_mib")));
}

TEST_F(Bounds, ChangeWhileItRunsAndAreNoChangesOfThePlugin) {
    PluginSourceOptions options;
    options.changes_wait = true;
    start_within({}, options);
    const auto before = spec("fault_burn");
    PluginSettings settings = options;
    settings.folders = {test::build_folder() / "test-plugins/faults"};
    settings.bounds = {.time = 2s};
    source_->change(settings);
    EXPECT_EQ(spec("fault_burn")->time_limit, 2s);
    EXPECT_EQ(source_->plugins().at(0).state, "ready");
    EXPECT_TRUE(source_->plugins().at(0).changes.empty());
    settings.bounds = {};
    source_->change(settings);
    EXPECT_EQ(spec("fault_burn"), before);
    EXPECT_EQ(note(), "");
}

TEST_F(Bounds, PhrasesThatNobodyUnderstandsAreTold) {
    PluginSourceOptions options;
    options.phrase_problems = [](const core::ToolSpec& tool) {
        return std::vector<std::string>(tool.name == "fault_burn" ? 5 : 0, "It is odd.");
    };
    start_within({}, std::move(options));
    EXPECT_EQ(source_->plugins().at(0).state, "ready");
    EXPECT_EQ(note(),
              "It is odd. It is odd. It is odd. So it is with 2 more of its phrases (assistctl plugin "
              "check says which).");
}

}  // namespace
}  // namespace assistd::tools
