#include "knowledge/departures.h"

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/pause.h"
#include "knowledge/file_rows.h"

namespace assistd::knowledge {
namespace {

constexpr int looked_at_together = 500;
// Many may go one after the other, each with its word.
constexpr std::chrono::milliseconds pause_between_looks{500};
constexpr std::chrono::seconds pause_after_failure{30};

std::vector<ArtifactId> files_after(Database& db, ArtifactId after) {
    std::vector<ArtifactId> files;
    Rows rows =
        db.query("SELECT DISTINCT file FROM files WHERE file > coalesce(?1, x'') ORDER BY file LIMIT ?2",
                 after, looked_at_together);
    while (rows.next()) files.push_back({rows.uuid(0)});
    return files;
}

}  // namespace

Departures::Departures(asio::io_context& context, Tables& tables, core::Files& files, Forgotten forgotten)
    : strand_(asio::make_strand(context)), tables_(tables), files_(files), forgotten_(std::move(forgotten)) {}

void Departures::start() {
    {
        const std::lock_guard lock(mutex_);
        started_ = true;
    }
    asio::co_spawn(strand_, work(), asio::detached);
}

void Departures::look() {
    OneShot<> signal;
    {
        const std::lock_guard lock(mutex_);
        signal = signal_;
    }
    signal.set();
}

Task<void> Departures::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (!started_) co_return;
    }
    stop_.request_stop();
    look();
    co_await ended_.wait();
}

Task<void> Departures::work() {
    while (!stop_.stop_requested()) {
        OneShot<> signal;
        {
            const std::lock_guard lock(mutex_);
            signal_ = signal;
        }
        bool failed = false;
        try {
            co_await look_through();
        } catch (const std::exception& error) {
            failed = true;
            if (!stop_.stop_requested())
                log::warn("files that are gone stay in the index for now seconds={} reason={}",
                          pause_after_failure.count(), log::quoted(error.what()));
        }
        const std::chrono::milliseconds rest = failed ? pause_after_failure : pause_between_looks;
        co_await pause(rest, stop_.get_token());
        if (!failed && !stop_.stop_requested()) co_await signal.wait();
    }
    ended_.set();
}

Task<void> Departures::look_through() {
    ArtifactId after;
    while (!stop_.stop_requested()) {
        auto next = [after](Reader reader) { return files_after(reader.db, after); };
        std::vector<ArtifactId> page = co_await tables_.read(next);
        if (page.empty()) co_return;
        after = page.back();
        const std::vector<ArtifactId> missing = co_await files_.missing(std::move(page));
        if (missing.empty()) continue;
        auto forget = [missing](WriteScope& scope) {
            std::vector<Key> keys;
            for (const ArtifactId file : missing)
                for (const Key key : remove_file_everywhere(scope, std::nullopt, file)) keys.push_back(key);
            return keys;
        };
        const std::vector<Key> keys = co_await tables_.write(forget);
        forgotten_(keys);
        log::info("files left the index since they are gone count={}", missing.size());
    }
}

}  // namespace assistd::knowledge
