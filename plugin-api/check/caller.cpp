#include "check/caller.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <fstream>

#include "base/error.h"
#include "tools/arguments.h"
#include "tools/catalogue.h"

namespace assistd::check {
namespace {

namespace fs = std::filesystem;

tools::PluginSourceOptions source_options(const Options& options, const std::string& plugin_id,
                                          const Caller::Settings& settings, const fs::path& folder) {
    // The file alone, in a folder of its own.
    fs::create_directory(folder / "plugins");
    fs::create_symlink(fs::canonical(options.file), folder / "plugins" / options.file.filename());
    tools::PluginSourceOptions source;
    source.folders = {folder / "plugins"};
    source.host_binary = settings.host;
    source.scratch_folder = folder / "scratch";
    source.readable = options.readable;
    if (options.network) source.network = {plugin_id};
    source.max_hosts = 1;
    source.cancel_grace = settings.cancel_grace;
    return source;
}

Task<Ran> run_source(std::shared_ptr<tools::ToolSource> source, tools::SourceCall call) {
    const auto begun = std::chrono::steady_clock::now();
    const core::ProgressSink nobody = [](const core::ToolProgress&) {};
    Ran ran;
    ran.result = co_await source->call(std::move(call), nobody);
    ran.time = std::chrono::steady_clock::now() - begun;
    co_return ran;
}

Task<Ran> run_checked(std::shared_ptr<const tools::RegisteredTool> tool, std::string arguments,
                      ExampleFiles& files, std::chrono::milliseconds time_limit, std::stop_token stop) {
    tools::Arguments read = tools::read_arguments(*tool, std::move(arguments));
    Ran ran;
    ran.refused = read.errors;
    if (!ran.refused.empty()) co_return ran;
    core::Owner nobody;
    tools::OpenedArguments opened =
        co_await tools::open_artifacts(tool, std::move(read), std::move(nobody), files);
    ran.refused = opened.arguments.errors;
    if (!ran.refused.empty()) co_return ran;
    auto spec = std::make_shared<core::ToolSpec>(*tool->spec);
    spec->time_limit = time_limit;
    tools::SourceCall call;
    call.call.name = spec->name;
    call.call.arguments = std::move(opened.arguments.text);
    call.call.stop = std::move(stop);
    call.artifacts = std::move(opened.artifacts);
    // What there is already is what the example names; there are no jobs.
    if (!spec->looks_up.empty()) {
        tools::CallCatalogue::Sources sources;
        sources.artifacts = &files;
        for (const auto& each : tool->source->tools()) sources.plugin_tools.insert(each->name);
        call.catalogue =
            std::make_shared<tools::CallCatalogue>(std::move(sources), spec, call.call, call.call.stop);
    }
    call.spec = std::move(spec);
    co_return co_await run_source(tool->source, std::move(call));
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "assistd-plugin-check.XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw Error(ErrorCode::unavailable,
                    "No folder can be made in " + fs::temp_directory_path().string() + ".");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    tools::remove_tree(path_);
}

Caller::Caller(const Options& options, const std::string& plugin_id, Settings settings)
    : plugin_id_(plugin_id),
      work_(context_.get_executor()),
      source_(std::make_shared<tools::PluginSource>(
          context_, source_options(options, plugin_id, settings, folder_.path()))) {
    registry_.add(source_);
    // Hosts die with the thread that started them.
    thread_ = std::thread([this] { context_.run(); });
}

Caller::~Caller() {
    stop();
    work_.reset();
    context_.stop();
    thread_.join();
}

void Caller::stop() {
    source_->stop();
}

std::shared_ptr<const tools::RegisteredTool> Caller::find(const std::string& tool) const {
    return registry_.find(tool);
}

core::PluginStatus Caller::status() const {
    const auto all = registry_.plugins();
    return all.empty() ? core::PluginStatus() : all.front();
}

Ran Caller::wait_for(Task<Ran> call) {
    // One that crashed before is to be tried all the same.
    source_->release_plugin(plugin_id_);
    return asio::co_spawn(asio::make_strand(context_), std::move(call), asio::use_future).get();
}

Ran Caller::run(const std::string& tool, const std::string& arguments, ExampleFiles& files,
                std::chrono::milliseconds time_limit, std::stop_token stop) {
    return wait_for(run_checked(registry_.find(tool), arguments, files, time_limit, std::move(stop)));
}

Ran Caller::run_unchecked(const std::string& tool, const std::string& arguments,
                          std::chrono::milliseconds time_limit) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = tool;
    spec->plugin = plugin_id_;
    spec->time_limit = time_limit;
    tools::SourceCall call;
    call.call.name = tool;
    call.call.arguments = arguments;
    call.spec = std::move(spec);
    return wait_for(run_source(source_, std::move(call)));
}

pid_t Caller::process() const {
    // Of all children the newest: an older one may be ending.
    pid_t newest = 0;
    std::error_code error;
    for (const auto& thread : fs::directory_iterator("/proc/self/task", error)) {
        std::ifstream children(thread.path() / "children");
        for (pid_t child = 0; children >> child;) newest = child;
    }
    return newest;
}

}  // namespace assistd::check
