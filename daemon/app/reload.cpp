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

void log_refusal(const std::exception& error) {
    log::error("the configuration is not read again, and everything stays as it was: {}", error.what());
}

Error shutting_down() {
    return Error(ErrorCode::unavailable, "The daemon is shutting down.");
}

}  // namespace

Reloader::Reloader(const Config& running, LoadConfig load, std::chrono::milliseconds patience)
    : load_(std::move(load)),
      first_(running),
      patience_(patience),
      config_(std::make_shared<const Config>(running)) {}

Reloader::~Reloader() {
    stop();
    wait_for_reading();
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

Reloader::Next Reloader::load_and_prepare() const {
    auto config = std::make_shared<const Config>(load_());
    Prepared prepared = prepare(*config);
    return {std::move(config), std::move(prepared)};
}

Reloader::Next Reloader::read() {
    std::unique_lock lock(mutex_);
    if (stopped_) throw shutting_down();
    if (reading_ && !reading_->is_over)
        throw Error(ErrorCode::unavailable,
                    "The configuration is still being read: a file of it, or the file system that one is on, "
                    "does not answer. Everything stays as it was.");
    if (reader_.joinable()) reader_.join();
    const auto reading = std::make_shared<Reading>();
    reader_ = std::thread([this, reading] {
        Next next;
        std::exception_ptr failure;
        try {
            next = load_and_prepare();
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard done(mutex_);
        *reading = {true, std::move(next), failure};
        changed_.notify_all();
    });
    reading_ = reading;
    changed_.wait_for(lock, patience_, [&] { return reading->is_over || stopped_; });
    if (!reading->is_over && stopped_) throw shutting_down();
    if (!reading->is_over)
        throw Error(
            ErrorCode::unavailable,
            fmt::format("The configuration was not read within {} s: a file of it, or the file system "
                        "that one is on, does not answer. Everything stays as it was.",
                        std::chrono::duration<double>(patience_).count()));
    if (reading->failure) std::rethrow_exception(reading->failure);
    return std::move(reading->next);
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
        const auto [next, prepared] = read();
        api::ConfigReport report = report_of(*config(), *next, prepared);
        for (const Take& take : prepared.takes) try_to(take, report.warnings);
        {
            const std::lock_guard lock(mutex_);
            config_ = next;
        }
        const auto look = [&, &config = *next] {
            for (std::string& sentence : oddities_(config)) report.warnings.push_back(std::move(sentence));
        };
        if (oddities_) try_to(look, report.warnings);
        outcome_("");
        log::info("the configuration was read again; changed: {}", listed(report.changed));
        for (const std::string& warning : report.warnings) log::warn(warning);
        return report;
    } catch (const std::exception& error) {
        const std::string why = error.what();
        outcome_(why.substr(0, why.find('\n')));
        log_refusal(error);
        throw;
    }
}

void Reloader::reload_soon(std::function<void()> begins, std::function<void()> ended) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_ || is_asked_for_) return;
        is_asked_for_ = true;
    }
    boost::asio::post(thread_, [this, begins = std::move(begins), ended = std::move(ended)] {
        {
            const std::lock_guard lock(mutex_);
            is_asked_for_ = false;
            if (stopped_) return;
        }
        begins();
        try {
            reload();
        } catch (const std::exception&) {
            // The log has it, and everything is as it was.
        }
        ended();
    });
}

api::ConfigReport Reloader::check() {
    const std::lock_guard one_at_a_time(reloading_);
    const Next next = read();
    return report_of(*config(), *next.config, next.prepared);
}

Task<api::ConfigReport> Reloader::elsewhere(api::ConfigReport (Reloader::*work)()) {
    const OneShot<api::ConfigReport> done;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) throw shutting_down();
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
    changed_.notify_all();
    thread_.join();
    const std::lock_guard none_runs(reloading_);
}

bool Reloader::is_reading() const {
    const std::lock_guard lock(mutex_);
    return reading_ && !reading_->is_over;
}

void Reloader::wait_for_reading() {
    if (reader_.joinable()) reader_.join();
}

}  // namespace assistd::app
