// A plugin that was built for ABI 1.0 and is never built again, over the real host: every part of the
// interface works as it did.

#include <fcntl.h>

#include <fstream>

#include "base/sha256.h"
#include "plugins/plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
namespace fs = std::filesystem;

constexpr auto its_sha256 = "904a36d96d6a83d88271d09304b3a58711c0f702bf9fdd4ba82af5b943e4de58";

class PluginOfAbi10 : public PluginTest {
  protected:
    // A copy with the rights that a plugin must have, which a checkout need not give.
    void SetUp() override {
        char name[] = "/tmp/assistd-abi-test.XXXXXX";
        copies_ = ::mkdtemp(name);
        const fs::path copy = copies_ / "plugin_abi_1_0.so";
        fs::copy_file(fixture(), copy);
        fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
        PluginSourceOptions options;
        options.folders = {copies_};
        start("", options);
        ASSERT_EQ(source_->plugins().size(), 1u);
        ASSERT_EQ(source_->plugins()[0].state, "ready") << source_->plugins()[0].reason;
    }
    void TearDown() override { fs::remove_all(copies_); }

    static fs::path fixture() { return test::source_folder() / "tests/abi/plugin_abi_1_0.so"; }

    fs::path copies_;
};

TEST_F(PluginOfAbi10, IsTheFileThatWasBuiltThen) {
    std::ifstream stream(fixture(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    EXPECT_EQ(sha256(bytes), its_sha256) << "It must never be built again (tests/abi/README.md).";
}

TEST_F(PluginOfAbi10, GivesResultAndProgress) {
    std::vector<double> fractions;
    CallOptions options;
    options.progress = [&](const core::ToolProgress& progress) { fractions.push_back(progress.fraction); };
    const SourceResult result = run("abi_echo", R"({"text":"hello"})", options);
    ASSERT_TRUE(result.success) << result.message;
    EXPECT_EQ(result.data, R"({"text":"hello"})");
    EXPECT_EQ(result.summary, "Echoed.");
    EXPECT_EQ(fractions, (std::vector<double>{0.25, 0.75}));
}

TEST_F(PluginOfAbi10, ReadsAndWritesArtifacts) {
    OpenArtifact input;
    input.artifact.handle = "file-1";
    input.artifact.kind = "file";
    input.artifact.name = "note.txt";
    input.artifact.media_type = "text/plain";
    input.artifact.metadata = "{}";
    input.artifact.size = 9;
    input.file = UniqueFd(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    ASSERT_EQ(::write(input.file.get(), "the bytes", 9), 9);
    std::vector<OpenArtifact> inputs;
    inputs.push_back(std::move(input));
    const SourceResult result = run("abi_copy", R"({"source":"file-1"})", {}, std::move(inputs));
    ASSERT_TRUE(result.success) << result.message;
    EXPECT_EQ(result.data, R"({"copied":true})");
    ASSERT_EQ(result.artifacts.size(), 1u);
    const core::ArtifactDraft& copy = result.artifacts[0];
    EXPECT_EQ(copy.about.kind, "copy");
    EXPECT_EQ(copy.about.name, "note.txt");
    EXPECT_EQ(copy.about.media_type, "text/plain");
    EXPECT_EQ(copy.about.metadata, R"({"abi":"1.0"})");
    std::string bytes(64, '\0');
    bytes.resize(static_cast<std::size_t>(::pread(copy.file.get(), bytes.data(), bytes.size(), 0)));
    EXPECT_EQ(bytes, "the bytes");
}

TEST_F(PluginOfAbi10, FailsWithDetails) {
    const SourceResult result = run("abi_fail");
    EXPECT_FALSE(result.success);
    EXPECT_EQ(result.error, ToolErrorType::ValidationError);
    EXPECT_EQ(result.message, "text is wrong.");
    EXPECT_EQ(result.details, R"({"errors":[{"field":"text","message":"text is wrong."}]})");
    EXPECT_TRUE(result.recoverable);
}

TEST_F(PluginOfAbi10, StopsWhenItIsCancelled) {
    std::stop_source stop;
    std::promise<void> running;
    CallOptions options;
    options.stop = stop.get_token();
    options.progress = [&, first = true](const core::ToolProgress&) mutable {
        if (std::exchange(first, false)) running.set_value();
    };
    auto result = begin("abi_wait", "{}", options);
    running.get_future().wait();
    stop.request_stop();
    EXPECT_EQ(result.get().error, ToolErrorType::CancelledError);
    EXPECT_EQ(source_->hosts(), 1u);  // it stopped by itself
}

TEST_F(PluginOfAbi10, SaysThatItLacksATool) {
    const SourceResult result = run("abi_missing");
    EXPECT_EQ(result.error, ToolErrorType::InternalError);
    EXPECT_THAT(result.message, testing::HasSubstr("its code does not have it"));
}

}  // namespace
}  // namespace assistd::tools
