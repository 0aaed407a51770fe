#include "tools/plugins/plugin_source.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::tools {

namespace fs = std::filesystem;

// Shared with the tickers, whose last look may come while the source is being destroyed.
struct PluginSource::Watched {
    std::vector<std::shared_ptr<HostPool>> pools;  // fixed once the source is made

    bool each(bool (HostPool::*look)()) const {
        bool again = false;
        for (const auto& pool : pools) again = ((*pool).*look)() || again;
        return again;
    }
};

namespace {

// How soon a time limit or a cancel's end is noticed.
constexpr std::chrono::milliseconds busy_period{20};

std::chrono::milliseconds idle_period(std::chrono::milliseconds idle_after) {
    return std::clamp(idle_after / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(30'000));
}

void prepare_scratch(const fs::path& folder) {
    std::error_code error;
    fs::remove_all(folder, error);  // left by a daemon that was killed
    if (!error) fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        throw Error(ErrorCode::unavailable, "The plugins' scratch folder " + folder.string() +
                                                " cannot be made: " + error.message() + ".");
}

}  // namespace

PluginSource::PluginSource(asio::io_context& context, PluginSourceOptions options)
    : context_(context), options_(std::move(options)), watched_(std::make_shared<Watched>()) {
    if (::access(options_.host_binary.c_str(), X_OK) != 0)
        throw Error(ErrorCode::unavailable,
                    "The plugin host " + options_.host_binary.string() + " cannot be run.");
    prepare_scratch(options_.scratch_folder);
    // The pools hold the tickers, so the tickers must not hold the pools.
    const auto look_with = [&](bool (HostPool::*look)()) {
        return [weak = std::weak_ptr(watched_), look] {
            const auto watched = weak.lock();
            return watched && watched->each(look);
        };
    };
    busy_ticker_ = std::make_shared<Ticker>(context, busy_period, look_with(&HostPool::watch_busy));
    idle_ticker_ =
        std::make_shared<Ticker>(context, idle_period(options_.idle_after), look_with(&HostPool::watch_idle));
    for (const fs::path& folder : options_.folders) scan(folder);
    for (const auto& [id, pool] : pools_) watched_->pools.push_back(pool);
    for (const core::PluginStatus& status : statuses_) {
        if (status.state == "ready")
            log::info("plugin {} {}: {} tools", status.id, status.version, status.tools.size());
        else
            log::warn("plugin {} is refused: {}", status.file, status.reason);
    }
}

PluginSource::~PluginSource() {
    stop();
}

void PluginSource::stop() {
    for (const auto& [id, pool] : pools_) pool->close();
}

void PluginSource::scan(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    if (error) log::warn("the plugin folder {} cannot be read: {}", folder.string(), error.message());
    std::ranges::sort(
        files);  // which of two that offer the same tool wins does not depend on the file system
    for (const fs::path& file : files) admit(file, context_);
}

void PluginSource::admit(const fs::path& path, asio::io_context& context) {
    core::PluginStatus status;
    status.file = path.string();
    status.state = "refused";
    try {
        auto plugin = std::make_shared<PluginFile>(open_plugin_file(path));
        const Manifest& manifest = plugin->manifest;
        const std::string name = path.filename().string();
        if (pools_.contains(manifest.id))
            throw Refusal{name + " has the id " + manifest.id + ", which another plugin has already.",
                          manifest.id, manifest.version};
        for (const auto& tool : manifest.tools)
            for (const auto& other : tools_)
                if (other->name == tool->name)
                    throw Refusal{name + " offers the tool " + tool->name + ", which the plugin " +
                                      other->plugin + " offers already.",
                                  manifest.id, manifest.version};
        status.id = manifest.id;
        status.version = manifest.version;
        status.state = "ready";
        for (const auto& tool : manifest.tools) status.tools.push_back(tool->name);
        tools_.insert(tools_.end(), manifest.tools.begin(), manifest.tools.end());
        const bool network = plugin->wants_network && options_.network.contains(manifest.id);
        if (plugin->wants_network && !network)
            status.reason = "Its tools want the network, which plugins.network does not allow it.";
        const HostRights rights{options_.host_binary, options_.scratch_folder, network, options_.readable};
        HostLimits limits{rights, options_.max_hosts, options_.max_waiting, options_.idle_after,
                          options_.cancel_grace};
        if (limits.max_hosts == 0) limits.max_hosts = std::max(1u, std::thread::hardware_concurrency());
        pools_[manifest.id] = std::make_shared<HostPool>(context, std::move(plugin), std::move(limits),
                                                         busy_ticker_, idle_ticker_);
    } catch (const Refusal& refusal) {
        status.reason = refusal.reason;
        status.id = refusal.id;
        status.version = refusal.version;
    }
    statuses_.push_back(std::move(status));
}

std::vector<std::shared_ptr<const core::ToolSpec>> PluginSource::tools() const {
    return tools_;
}

std::vector<core::PluginStatus> PluginSource::plugins() const {
    std::vector<core::PluginStatus> statuses = statuses_;
    for (core::PluginStatus& status : statuses) {
        if (status.state != "ready") continue;
        const HostPool& pool = *pools_.at(status.id);
        const std::string unprotected = pool.unprotected();
        if (!unprotected.empty()) status.reason += (status.reason.empty() ? "" : " ") + unprotected;
        const std::string failure = pool.load_failure();
        if (failure.empty()) continue;
        status.state = "refused";
        status.reason = failure;
    }
    return statuses;
}

Task<SourceResult> PluginSource::call(SourceCall call, core::ProgressSink progress) {
    const auto found = pools_.find(call.spec->plugin);
    if (found == pools_.end())
        throw Error(ErrorCode::internal,
                    "There is no plugin " + call.spec->plugin + " to run " + call.spec->name + ".");
    return HostPool::call(found->second, std::move(call), std::move(progress));
}

std::size_t PluginSource::hosts() const {
    std::size_t sum = 0;
    for (const auto& [id, pool] : pools_) sum += pool->hosts();
    return sum;
}

}  // namespace assistd::tools
