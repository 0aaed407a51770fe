#pragma once
// A real PluginSource over the real host binary, on an io_context of its own, for tests. Test threads only.

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "support/folders.h"
#include "tools/plugins/plugin_source.h"

namespace assistd::tools {

struct CallOptions {
    std::stop_token stop = {};
    core::ProgressSink progress = {};
    std::optional<std::chrono::milliseconds> time_limit = {};
    core::Owner owner = {};
    bool background = false;
    std::shared_ptr<Catalogue> catalogue = {};
};

class PluginTest : public testing::Test {
  protected:
    ~PluginTest() override {
        source_.reset();
        work_.reset();
        for (std::thread& thread : threads_) thread.join();
        std::filesystem::remove_all(folder_);
    }

    // `folder` below build/…/test-plugins. Options that are not set here come from `options`.
    void start(const std::string& folder, PluginSourceOptions options = {}) {
        char name[] = "/tmp/assistd-plugin-test.XXXXXX";
        folder_ = ::mkdtemp(name);
        if (options.folders.empty()) options.folders = {test::build_folder() / "test-plugins" / folder};
        if (options.host_binary.empty())
            options.host_binary = test::build_folder() / "bin/assistd-plugin-host";
        options.scratch_folder = folder_ / "scratch";
        source_.emplace(context_, options);
        for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context_.run(); });
    }

    std::future<SourceResult> begin(const std::string& tool, const std::string& arguments = "{}",
                                    const CallOptions& options = {},
                                    std::vector<OpenArtifact> artifacts = {}) {
        SourceCall call;
        for (const auto& spec : source_->tools())
            if (spec->name == tool) call.spec = spec;
        EXPECT_TRUE(call.spec) << tool;
        if (options.time_limit) {
            auto spec = std::make_shared<core::ToolSpec>(*call.spec);
            spec->time_limit = *options.time_limit;
            call.spec = spec;
        }
        call.call.name = tool;
        call.call.arguments = arguments;
        call.call.stop = options.stop;
        call.call.background = options.background;
        call.call.owner = options.owner;
        call.artifacts = std::move(artifacts);
        call.catalogue = options.catalogue;
        return asio::co_spawn(asio::make_strand(context_), source_->call(std::move(call), options.progress),
                              asio::use_future);
    }
    SourceResult run(const std::string& tool, const std::string& arguments = "{}",
                     const CallOptions& options = {}, std::vector<OpenArtifact> artifacts = {}) {
        return begin(tool, arguments, options, std::move(artifacts)).get();
    }

    // Polls until `condition` holds or ten seconds have passed.
    template <class Condition>
    static bool eventually(Condition condition) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return true;
    }

    asio::io_context context_;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_{context_.get_executor()};
    std::vector<std::thread> threads_;
    std::filesystem::path folder_;
    std::optional<PluginSource> source_;
};

inline std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
}

}  // namespace assistd::tools
