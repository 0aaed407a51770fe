#include "tools/plugins/plugin_source.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"
#include "tools/plugins/call_result.h"
#include "tools/plugins/in_process_pool.h"
#include "tools/sentence_text.h"

namespace assistd::tools {

namespace fs = std::filesystem;

// Every pool that has hosts, also retired ones. Shared with the tickers, whose last look may come while the
// source is being destroyed.
struct PluginSource::Watched {
    std::vector<std::shared_ptr<CallPool>> all() {
        const std::lock_guard lock(mutex);
        std::erase_if(pools, [](const auto& pool) { return pool->is_gone(); });
        return pools;
    }
    bool each(bool (CallPool::*look)()) {
        bool again = false;
        for (const auto& pool : all()) again = ((*pool).*look)() || again;
        return again;
    }

    std::mutex mutex;
    std::vector<std::shared_ptr<CallPool>> pools;
};

namespace {

// How soon a time limit or a cancel's end is noticed.
constexpr std::chrono::milliseconds busy_period{20};

// As far as a process can give way.
constexpr int background_niceness = 19;

std::chrono::milliseconds idle_period(std::chrono::milliseconds idle_after) {
    return std::clamp(idle_after / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(30'000));
}

void prepare_scratch(const fs::path& folder) {
    // What a daemon that was killed has left.
    std::error_code error;
    if (!remove_tree(folder)) {
        const fs::path aside = folder.string() + ".left-" + std::to_string(::getpid());
        log::warn("the plugins' old scratch folder cannot be removed and is left as {}", aside.string());
        fs::rename(folder, aside, error);
    }
    if (!error) fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        throw Error(ErrorCode::unavailable, "The plugins' scratch folder " + folder.string() +
                                                " cannot be made: " + error.message() + ".");
}

// What is new, and what is refused for another reason than before.
void log_changes(const std::vector<core::PluginStatus>& before, const std::vector<core::PluginStatus>& now) {
    for (const core::PluginStatus& status : now) {
        const auto same = std::ranges::find_if(before, [&](const core::PluginStatus& old) {
            return old.file == status.file && old.state == status.state && old.version == status.version &&
                   old.reason == status.reason;
        });
        if (same != before.end()) continue;
        for (const std::string& change : status.changes)
            log::warn("plugin {} {} changed: {}", status.id, status.version, change);
        if (status.state == "waiting" || status.state == "left_out")
            log::warn("plugin {} is not used: {}", status.file, status.reason);
        else if (status.state != "ready")
            log::warn("plugin {} is refused: {}", status.file, status.reason);
        else if (status.reason.empty())
            log::info("plugin {} {}: {}", status.id, status.version, counted(status.tools.size(), "tool"));
        else
            log::warn("plugin {} {}: {}", status.id, status.version, status.reason);
    }
}

}  // namespace

PluginSource::PluginSource(asio::io_context& context, PluginSourceOptions options)
    : context_(context),
      options_(std::move(options)),
      watched_(std::make_shared<Watched>()),
      pins_(options_.pins, options_.save_pin),
      folders_(options_.folders, options_, options_.scratch_folder) {
    if (::access(options_.host_binary.c_str(), X_OK) != 0)
        throw Error(ErrorCode::unavailable,
                    "The plugin host " + options_.host_binary.string() + " cannot be run.");
    prepare_scratch(options_.scratch_folder);
    // The pools hold the tickers, so the tickers must not hold the pools.
    const auto look_with = [&](bool (CallPool::*after)()) {
        return [weak = std::weak_ptr(watched_), after] {
            const auto watched = weak.lock();
            return watched && watched->each(after);
        };
    };
    busy_ticker_ = std::make_shared<Ticker>(context, busy_period, look_with(&CallPool::watch_busy));
    idle_ticker_ =
        std::make_shared<Ticker>(context, idle_period(options_.idle_after), look_with(&CallPool::watch_idle));
    look();
}

PluginSource::~PluginSource() {
    stop();
}

void PluginSource::watch(std::function<void()> changed) {
    changed_ = std::move(changed);
    watch_ = std::make_unique<FolderWatch>(context_, options_.folders, [this] { look_and_tell(); });
    note_watch();
    watch_->look_now();  // what changed before they were watched
}

void PluginSource::note_watch() {
    const std::lock_guard lock(mutex_);
    watch_problem_ = watch_->problem();
}

std::string PluginSource::watch_problem() const {
    const std::lock_guard lock(mutex_);
    return watch_problem_;
}

void PluginSource::look_and_tell() {
    if (look() && changed_) changed_();
}

void PluginSource::change(PluginSettings settings) {
    std::unique_ptr<FolderWatch> old_watch;  // ends without the mutex, for which its last look may wait
    {
        const std::lock_guard lock(looking_);
        PluginSettings& now = options_;
        if (settings == now) return;
        PluginSettings of_plugins = settings;
        of_plugins.folders = now.folders;
        of_plugins.changes_wait = now.changes_wait;
        load_anew_ = load_anew_ || of_plugins != now;
        const bool other_folders = settings.folders != now.folders;
        now = std::move(settings);
        folders_.change(now.folders);
        if (other_folders && watch_) {
            auto next = std::make_unique<FolderWatch>(context_, now.folders, [this] { look_and_tell(); });
            old_watch = std::exchange(watch_, std::move(next));
            note_watch();
        }
    }
    old_watch.reset();
    look_and_tell();
}

void PluginSource::stop() {
    if (watch_) watch_->stop();
    for (const auto& pool : watched_->all()) pool->close();
}

bool PluginSource::look() {
    const std::lock_guard lock(looking_);
    const auto old = snapshot();
    auto next = std::make_shared<Snapshot>();
    Admission::Running running;
    for (const auto& [id, lanes] : old->pools) running[id] = lanes.live->plugin();
    Admission admission({options_.own_folder.value_or(fs::path()), options_.changes_wait}, pins_,
                        std::move(running));
    for (const AdmittedPlugin& found : admission.decide(folders_.look())) admit(found, old->pools, *next);
    for (const fs::path& folder : options_.folders)
        if (std::string problem = folder_problem(folder); !problem.empty())
            next->statuses.push_back({folder.string(), "", "", "refused", std::move(problem), {}, {}});
    for (const auto& [id, lanes] : old->pools)
        if (!next->pools.contains(id)) {
            log::info("plugin {} is gone", id);
            if (lanes.live->has_crashed() || lanes.background->has_crashed()) crashed_[id] = lanes;
        }
    load_anew_ = false;
    log_changes(old->statuses, next->statuses);
    const bool other_tools = next->tools != old->tools || next->unapproved != old->unapproved ||
                             next->left_out.size() != old->left_out.size();
    replace(next);
    // From the second look on the daemon is up, and files may be written over at any moment.
    if (watch_)
        for (const auto& [id, lanes] : next->pools) lanes.live->prepare();
    for (const auto& [id, lanes] : old->pools)
        if (const auto now = next->pools.find(id);
            now == next->pools.end() || now->second.live != lanes.live) {
            lanes.live->retire();
            lanes.background->retire();
        }
    return other_tools;
}

void PluginSource::admit(const AdmittedPlugin& found, const Pools& old, Snapshot& next) {
    core::PluginStatus status;
    status.changes = found.changes;
    for (const std::string& tool : found.refusal.tools)
        next.left_out.push_back({tool, tool + " is not offered: " + found.refusal.reason});
    if (found.waiting) next.unapproved.emplace(found.waiting->manifest.id, found.waiting);
    status.file = found.path.string();
    status.state = found.refusal.is_left_out ? "left_out" : status.changes.empty() ? "refused" : "waiting";
    status.id = found.refusal.id;
    status.version = found.refusal.version;
    status.reason = found.refusal.reason;
    if (found.file) {
        const Manifest& manifest = found.file->manifest;
        status.state = "ready";
        const bool same_version = status.version == manifest.version;
        status.id = manifest.id;
        status.version = manifest.version;
        if (!status.reason.empty())
            status.reason = (same_version ? "The version that runs" : "Version " + manifest.version) +
                            " goes on: " + status.reason;
        const Lanes& lanes = next.pools[manifest.id] = lanes_for(found, old);
        const PluginOffer& offer = lanes.offer;
        if (!offer.caution.empty()) status.reason += (status.reason.empty() ? "" : " ") + offer.caution;
        for (const auto& tool : offer.tools) status.tools.push_back(tool->name);
        next.tools.insert(next.tools.end(), offer.tools.begin(), offer.tools.end());
    }
    next.statuses.push_back(std::move(status));
}

PluginSource::Lanes PluginSource::lanes_for(const FoundPlugin& found, const Pools& old) {
    const std::string& id = found.file->manifest.id;
    if (const auto known = old.find(id);
        known != old.end() && known->second.live->plugin() == found.file && !load_anew_)
        return known->second;
    const auto library = std::make_shared<LibraryCopy>(found.file, options_.scratch_folder);
    PluginOffer offer = offer_of(*found.file);
    const Lanes lanes{make_pool(library, offer, 0), make_pool(library, offer, background_niceness),
                      std::move(offer)};
    // A file that was only touched, or put there again, is still the one that kept crashing.
    for (const Pools* pools : {&old, &static_cast<const Pools&>(crashed_)})
        if (const auto known = pools->find(id); known != pools->end()) {
            lanes.live->go_on_from(*known->second.live);
            lanes.background->go_on_from(*known->second.background);
        }
    crashed_.erase(id);
    return lanes;
}

PluginOffer PluginSource::offer_of(const PluginFile& plugin) const {
    const std::string& id = plugin.manifest.id;
    return tools::offer_of(plugin, {.in_process = options_.in_process.contains(id),
                                    .network = options_.network.contains(id),
                                    .bounds = options_.bounds,
                                    .phrase_problems = options_.phrase_problems});
}

std::shared_ptr<CallPool> PluginSource::make_pool(const std::shared_ptr<LibraryCopy>& library,
                                                  const PluginOffer& offer, int niceness) {
    const bool in_process = options_.in_process.contains(library->plugin()->manifest.id);
    std::shared_ptr<CallPool> pool =
        in_process ? make_in_process_pool(library, niceness) : make_host_pool(library, offer, niceness);
    const std::lock_guard lock(watched_->mutex);
    watched_->pools.push_back(pool);
    return pool;
}

std::size_t PluginSource::most_at_once() const {
    return options_.max_hosts > 0 ? options_.max_hosts : std::max(1u, std::thread::hardware_concurrency());
}

std::shared_ptr<CallPool> PluginSource::make_in_process_pool(const std::shared_ptr<LibraryCopy>& library,
                                                             int niceness) {
    InProcessLimits limits{.rights = {.scratch = options_.scratch_folder,
                                      .sweeper = sweeper_,
                                      .quotas = options_.quotas,
                                      .niceness = niceness},
                           .max_threads = most_at_once(),
                           .max_waiting = options_.max_waiting,
                           .cancel_grace = options_.cancel_grace};
    return std::make_shared<InProcessPool>(library, std::move(limits), busy_ticker_);
}

std::shared_ptr<CallPool> PluginSource::make_host_pool(const std::shared_ptr<LibraryCopy>& library,
                                                       const PluginOffer& offer, int niceness) {
    const PluginFile& plugin = *library->plugin();
    HostLimits limits{
        .rights = {.binary = options_.host_binary,
                   .scratch = options_.scratch_folder,
                   .sweeper = sweeper_,
                   .quotas = options_.quotas,
                   .memory_limit_mb = offer.memory_limit_mb,
                   .network = plugin.wants_network && options_.network.contains(plugin.manifest.id),
                   .niceness = niceness,
                   .readable = options_.readable},
        .max_hosts = most_at_once(),
        .max_waiting = options_.max_waiting,
        .warm = niceness == 0 ? options_.warm : 0,
        .idle_after = options_.idle_after,
        .cancel_grace = options_.cancel_grace};
    return std::make_shared<HostPool>(context_, library, std::move(limits), busy_ticker_, idle_ticker_);
}

std::shared_ptr<const PluginSource::Snapshot> PluginSource::snapshot() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
}

void PluginSource::replace(std::shared_ptr<const Snapshot> next) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(next);
}

std::vector<std::shared_ptr<const core::ToolSpec>> PluginSource::tools() const {
    return snapshot()->tools;
}

std::vector<core::WaitingTool> PluginSource::waiting() const {
    const auto now = snapshot();
    std::vector<core::WaitingTool> all = now->left_out;
    for (const auto& [id, file] : now->unapproved) add_waiting_tools(file->manifest, all);
    return all;
}

std::vector<core::PluginStatus> PluginSource::plugins() const {
    const auto now = snapshot();
    std::vector<core::PluginStatus> statuses = now->statuses;
    for (core::PluginStatus& status : statuses)
        if (status.state == "ready") {
            const Lanes& lanes = now->pools.at(status.id);
            lanes.live->describe(status);
            core::PluginStatus in_studies;
            lanes.background->describe(in_studies);
            if (in_studies.state == "quarantined" || lanes.background->runaway_calls() > 0)
                status.reason += (status.reason.empty() ? "" : " ") + ("In studies: " + in_studies.reason);
        }
    return statuses;
}

Task<SourceResult> PluginSource::call(SourceCall call, core::ProgressSink progress) {
    const auto now = snapshot();
    const auto found = now->pools.find(call.spec->plugin);
    if (found == now->pools.end())
        co_return failed_result(
            core::ToolErrorType::ToolNotFoundError,
            "The plugin " + call.spec->plugin + ", which had " + call.spec->name + ", was removed.", false);
    const Lanes& lanes = found->second;
    const std::shared_ptr<CallPool> pool = lanes.of(call.call.background);
    co_return co_await pool->call(std::move(call), std::move(progress));
}

std::optional<Quarantine> PluginSource::quarantine(const core::ToolSpec& tool, bool background) const {
    const auto now = snapshot();
    const auto found = now->pools.find(tool.plugin);
    if (found == now->pools.end()) return std::nullopt;
    return found->second.of(background)->quarantine();
}

bool PluginSource::release_plugin(const std::string& id) {
    const auto now = snapshot();
    const auto found = now->pools.find(id);
    if (found == now->pools.end()) return false;
    found->second.live->release();
    found->second.background->release();
    return true;
}

bool PluginSource::approve_plugin(const std::string& id) {
    const auto now = snapshot();
    std::shared_ptr<const PluginFile> file;
    if (const auto waiting = now->unapproved.find(id); waiting != now->unapproved.end())
        file = waiting->second;
    else if (const auto pool = now->pools.find(id); pool != now->pools.end())
        file = pool->second.live->plugin();
    if (!file) return false;
    pins_.approve(file->manifest);
    log::info("plugin {} {}: what it tells of its tools was agreed to", id, file->manifest.version);
    look_and_tell();
    return true;
}

bool PluginSource::has_copies() const {
    const auto now = snapshot();
    return std::ranges::all_of(now->pools,
                               [](const auto& one) { return one.second.live->library()->is_there(); });
}

std::size_t PluginSource::runaway_calls() const {
    std::size_t sum = 0;
    for (const auto& pool : watched_->all()) sum += pool->runaway_calls();
    return sum;
}

std::size_t PluginSource::hosts() const {
    std::size_t sum = 0;
    for (const auto& pool : watched_->all()) sum += pool->hosts();
    return sum;
}

}  // namespace assistd::tools
