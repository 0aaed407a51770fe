#include "app/reload.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/config_emptied.h"
#include "base/error.h"
#include "base/logging.h"

namespace assistd::app {
namespace {

constexpr int most_waiting = 16;

std::string listed(const std::vector<std::string>& keys) {
    return keys.empty() ? "nothing" : fmt::format("{}", fmt::join(keys, ", "));
}

std::string place_of(const Config& config, const std::string& key) {
    const auto origin = config.origins.find(key);
    return origin == config.origins.end() ? "the defaults" : origin->second.place;
}

// There is no way back any more: a folder that has just become unreadable is told of.
void try_to(const std::function<void()>& work, std::vector<std::string>& warnings) {
    try {
        work();
    } catch (const std::exception& error) {
        warnings.push_back(std::string("A part of the configuration could not be taken: ") + error.what());
    }
}

void log_refusal(const Error& error) {
    log::error("the configuration is not read again, and everything stays as it was: {}", error.what());
}

}  // namespace

Reloader::Reloader(const Config& running, LoadConfig load)
    : load_(std::move(load)), first_(running), config_(std::make_shared<const Config>(running)) {}

Reloader::~Reloader() {
    stop();
}

std::shared_ptr<const Config> Reloader::config() const {
    const std::lock_guard lock(mutex_);
    return config_;
}

Reloader::Prepared Reloader::prepare(const Config& next) const {
    const auto now = config();
    refuse_emptied(*now, next);
    Prepared prepared;
    for (const Prepare& part : parts_) prepared.takes.push_back(part(*now, next));
    if (changed_files_) prepared.changed_files = changed_files_(next);
    return prepared;
}

api::ConfigReport Reloader::report_of(const Config& now, const Config& next, const Prepared& prepared) const {
    api::ConfigReport report;
    report.changed = changes_between(now, next).at_once;
    report.changed.insert(report.changed.end(), prepared.changed_files.begin(), prepared.changed_files.end());
    report.after_restart = changes_between(first_, next).after_restart;
    report.warnings = next.warnings;
    for (const std::string& key : report.after_restart)
        report.warnings.push_back(place_of(next, key) + ": " + key +
                                  " has another value than at the start, which counts after a restart.");
    return report;
}

api::ConfigReport Reloader::reload() {
    const std::lock_guard one_at_a_time(reloading_);
    try {
        const auto next = std::make_shared<const Config>(load_());
        const Prepared prepared = prepare(*next);
        api::ConfigReport report = report_of(*config(), *next, prepared);
        for (const Take& take : prepared.takes) try_to(take, report.warnings);
        {
            const std::lock_guard lock(mutex_);
            config_ = next;
        }
        const auto look = [&] {
            for (std::string& sentence : oddities_(*next)) report.warnings.push_back(std::move(sentence));
        };
        if (oddities_) try_to(look, report.warnings);
        outcome_("");
        log::info("the configuration was read again; changed: {}", listed(report.changed));
        for (const std::string& warning : report.warnings) log::warn(warning);
        return report;
    } catch (const Error& error) {
        const std::string why = error.what();
        outcome_(why.substr(0, why.find('\n')));
        log_refusal(error);
        throw;
    }
}

api::ConfigReport Reloader::check() {
    const std::lock_guard one_at_a_time(reloading_);
    const Config next = load_();
    return report_of(*config(), next, prepare(next));
}

Task<api::ConfigReport> Reloader::elsewhere(api::ConfigReport (Reloader::*work)()) {
    const OneShot<api::ConfigReport> done;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) throw Error(ErrorCode::unavailable, "The daemon is shutting down.");
        if (waiting_ >= most_waiting)
            throw Error(ErrorCode::unavailable, "The configuration is being read too often; wait a moment.")
                .with_retry_after(std::chrono::seconds(1));
        ++waiting_;
    }
    boost::asio::post(thread_, [this, work, done] {
        try {
            done.set((this->*work)());
        } catch (...) {
            done.fail(std::current_exception());
        }
        const std::lock_guard lock(mutex_);
        --waiting_;
    });
    co_return co_await done.wait();
}

api::ConfigControl Reloader::control() {
    return {[this] { return elsewhere(&Reloader::reload); }, [this] { return elsewhere(&Reloader::check); },
            [this] { return print(); }};
}

std::string Reloader::print() const {
    const auto now = config();
    const auto later = changes_between(first_, *now).after_restart;
    return (later.empty() ? "" : "# These count after a restart: " + listed(later) + "\n") +
           print_config(*now);
}

void Reloader::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    thread_.join();
    const std::lock_guard none_runs(reloading_);
}

}  // namespace assistd::app
