#include "tools/quotas.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/results.h"
#include "tools/tool_pattern.h"

namespace assistd::tools {
namespace {

using namespace std::chrono_literals;
using core::CallRefusal;

constexpr auto minute = 60s;
// Whoever has not called for this long is forgotten: the minute is over, and the day's counts are stored.
constexpr auto idle = 2min;
constexpr std::size_t forget_from = 1'024;  // users
// A running call may end at any moment.
constexpr auto look_again = 1s;

std::string text_of_all(const std::vector<ToolPattern>& tools) {
    std::string text;
    for (const ToolPattern& tool : tools) text += (text.empty() ? "" : ", ") + text_of(tool);
    return tools.empty() ? "all tools together" : text;
}

std::string calls(std::int64_t number) {
    return std::to_string(number) + (number == 1 ? " call" : " calls");
}

std::string duration_text(std::chrono::seconds time) {
    if (time < 2min) return std::to_string(time.count()) + " s";
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(time);
    if (minutes < 2h) return std::to_string(minutes.count()) + " min";
    return std::to_string(minutes / 1h) + " h " + std::to_string((minutes % 1h).count()) + " min";
}

std::string_view period_of(CallRefusal kind) {
    if (kind == CallRefusal::per_minute) return "minute";
    return kind == CallRefusal::per_day ? "day" : "at_once";
}

std::chrono::sys_days day_of(Timestamp time) {
    return std::chrono::floor<std::chrono::days>(time);
}

}  // namespace

// A limit of one kind that a further call would exceed.
struct Quotas::UsedUp {
    const CallLimit* limit = nullptr;
    CallRefusal kind = CallRefusal::at_once;
    std::int64_t most = 0;
    std::optional<std::chrono::microseconds> wait;  // until it is free; nothing: until a call ends
};

Quotas::Quotas(std::vector<CallLimit> limits, core::CallCounts& counts, FindTool find_tool, Clock clock)
    : limits_(std::move(limits)),
      counts_(counts),
      find_tool_(std::move(find_tool)),
      clock_(std::move(clock)),
      forget_at_(forget_from) {}

Task<Quotas::Taken> Quotas::take(Caller caller, std::shared_ptr<const core::ToolSpec> tool) {
    Taken taken;
    std::vector<std::size_t> limits = limits_for(caller, *tool);
    if (limits.empty()) co_return taken;
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            const Moment at = moment();
            User& known = user(caller.user, at);
            if (known.loaded || !has_daily(limits)) {
                if (const auto limit = used_up(known, limits, at)) {
                    taken.refusal = refusal(*limit, caller, at);
                    taken.decided_by = limit->limit->place;
                } else {
                    taken.place = enter(known, caller, *tool, std::move(limits), at, Count::is_made);
                }
                co_return taken;
            }
        }
        co_await load(caller);
    }
}

Quotas::Place Quotas::go_on(const Caller& caller, const core::ToolSpec& tool) {
    std::vector<std::size_t> limits = limits_for(caller, tool);
    if (limits.empty()) return {};
    const std::lock_guard lock(mutex_);
    const Moment at = moment();
    User& known = user(caller.user, at);
    return enter(known, caller, tool, std::move(limits), at, Count::was_made);
}

Task<std::vector<core::QuotaStatus>> Quotas::status(Caller caller,
                                                    std::shared_ptr<const core::ToolSpec> tool) {
    const std::vector<std::size_t> limits = limits_for(caller, *tool);
    std::vector<core::QuotaStatus> all;
    if (limits.empty()) co_return all;
    if (has_daily(limits)) co_await load(caller);
    const std::lock_guard lock(mutex_);
    const Moment at = moment();
    const User& known = user(caller.user, at);
    for (const std::size_t i : limits) {
        const CallLimit& limit = limits_[i];
        const Use& use = known.uses[i];
        std::vector<std::string> tools;
        for (const ToolPattern& pattern : limit.tools) tools.push_back(text_of(pattern));
        const auto tell = [&](CallRefusal kind, std::int64_t most, std::int64_t used) {
            if (most == 0) return;
            core::QuotaStatus status{std::string(period_of(kind)), tools, most, used, {}};
            if (used >= most && kind == CallRefusal::per_day) status.free_at = day_of(at.wall) + 24h;
            if (used >= most && kind == CallRefusal::per_minute)
                status.free_at = std::chrono::ceil<std::chrono::seconds>(
                    at.wall + std::chrono::duration_cast<std::chrono::microseconds>(
                                  use.minute[use.minute.size() - most] + minute - at.steady));
            all.push_back(std::move(status));
        };
        tell(CallRefusal::per_minute, limit.per_minute, static_cast<std::int64_t>(use.minute.size()));
        tell(CallRefusal::per_day, limit.per_day, use.day);
        tell(CallRefusal::at_once, limit.at_once, use.at_once);
    }
    co_return all;
}

std::size_t Quotas::users() {
    const std::lock_guard lock(mutex_);
    return users_.size();
}

std::vector<std::size_t> Quotas::limits_for(const Caller& caller, const core::ToolSpec& tool) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < limits_.size(); ++i) {
        const CallLimit& limit = limits_[i];
        const bool about = limit.tools.empty() ? !is_built_in(tool) : is_about(limit.tools, tool);
        if (about && concerns(limit.people, caller)) found.push_back(i);
    }
    return found;
}

bool Quotas::has_daily(const std::vector<std::size_t>& limits) const {
    return std::any_of(limits.begin(), limits.end(), [&](std::size_t i) { return limits_[i].per_day > 0; });
}

// As it is at this moment: calls of the last minute, and of this day.
Quotas::User& Quotas::user(const core::Owner& name, const Moment& at) {
    if (users_.size() >= forget_at_) forget_idle(at);
    User& user = users_[name];
    user.uses.resize(limits_.size());
    user.last = at.steady;
    const std::chrono::sys_days today = day_of(at.wall);
    if (user.day != today) {
        // Also when the clock was set back: then the store knows what was called on that day.
        user.day = today;
        user.loaded = false;
        for (Use& use : user.uses) use.day = 0;
    }
    for (Use& use : user.uses)
        while (!use.minute.empty() && use.minute.front() + minute <= at.steady) use.minute.pop_front();
    return user;
}

void Quotas::forget_idle(const Moment& at) {
    std::erase_if(users_, [&](const auto& entry) {
        return entry.second.places == 0 && entry.second.last + idle <= at.steady;
    });
    forget_at_ = std::max(forget_from, 2 * users_.size());
}

// The one that is free the latest, if any.
std::optional<Quotas::UsedUp> Quotas::used_up(const User& user, const std::vector<std::size_t>& limits,
                                              const Moment& at) const {
    std::optional<UsedUp> latest;
    const auto add = [&](UsedUp found) {
        if (!latest || found.wait > latest->wait) latest = found;
    };
    for (const std::size_t i : limits) {
        const CallLimit& limit = limits_[i];
        const Use& use = user.uses[i];
        const auto wait_for = [](auto time) {
            return std::chrono::duration_cast<std::chrono::microseconds>(time);
        };
        if (limit.at_once > 0 && use.at_once >= limit.at_once)
            add({&limit, CallRefusal::at_once, limit.at_once, {}});
        const auto per_minute = static_cast<std::size_t>(limit.per_minute);
        if (per_minute > 0 && use.minute.size() >= per_minute)
            add({&limit, CallRefusal::per_minute, limit.per_minute,
                 wait_for(use.minute[use.minute.size() - per_minute] + minute - at.steady)});
        if (limit.per_day > 0 && use.day >= limit.per_day)
            add({&limit, CallRefusal::per_day, limit.per_day,
                 wait_for(user.day + std::chrono::days(1) - at.wall)});
    }
    return latest;
}

Quotas::Place Quotas::enter(User& user, const Caller& caller, const core::ToolSpec& tool,
                            std::vector<std::size_t> limits, const Moment& at, Count count) {
    ++user.places;
    for (const std::size_t i : limits) {
        Use& use = user.uses[i];
        ++use.at_once;
        if (count == Count::was_made) continue;
        if (limits_[i].per_minute > 0) use.minute.push_back(at.steady);
        ++use.day;
    }
    Place place;
    place.counted_ = count == Count::was_made;
    place.quotas_ = shared_from_this();
    place.user_ = caller.user;
    place.tool_ = tool.name;
    place.limits_ = std::move(limits);
    place.day_ = user.day;
    place.since_ = at.steady;
    return place;
}

// Side by side, the first that has read counts: nothing of this day is counted before.
Task<void> Quotas::load(Caller caller) {
    std::chrono::sys_days day;
    {
        const std::lock_guard lock(mutex_);
        const User& known = user(caller.user, moment());
        if (known.loaded) co_return;
        day = known.day;
    }
    const std::map<std::string, std::int64_t> calls_by_tool = co_await counts_.of(caller.user, day);
    std::vector<std::int64_t> used(limits_.size());
    for (const auto& [name, number] : calls_by_tool) {
        std::shared_ptr<const core::ToolSpec> tool = find_tool_(name);
        if (!tool) {
            auto gone = std::make_shared<core::ToolSpec>();
            gone->name = name;
            tool = std::move(gone);
        }
        for (const std::size_t i : limits_for(caller, *tool)) used[i] += number;
    }
    const std::lock_guard lock(mutex_);
    User& known = user(caller.user, moment());
    if (known.loaded || known.day != day) co_return;
    for (std::size_t i = 0; i < used.size(); ++i) known.uses[i].day += used[i];
    known.loaded = true;
}

void Quotas::leave(const Place& place) {
    const std::lock_guard lock(mutex_);
    User& user = users_.at(place.user_);  // not forgotten while it has places
    --user.places;
    for (const std::size_t i : place.limits_) {
        Use& use = user.uses[i];
        --use.at_once;
        if (place.counted_) continue;
        const auto made = std::find(use.minute.begin(), use.minute.end(), place.since_);
        if (made != use.minute.end()) use.minute.erase(made);
        if (user.day == place.day_ && use.day > 0) --use.day;
    }
}

core::ToolOutcome Quotas::refusal(const UsedUp& used, const Caller& caller, const Moment& at) const {
    const CallLimit& limit = *used.limit;
    const std::string what = text_of_all(limit.tools) + " (" + limit.place + ")";
    nlohmann::ordered_json details = {{"per", period_of(used.kind)}, {"limit", used.most}};
    std::chrono::seconds wait = look_again;
    std::string sentence = caller.user;
    if (!used.wait) {
        sentence += " has " + calls(used.most) + " running, which is the limit for " + what +
                    "; it is free again as soon as one of them has ended.";
    } else {
        wait = std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(*used.wait));
        const Timestamp free_at = std::chrono::ceil<std::chrono::seconds>(at.wall + *used.wait);
        details["free_at"] = to_iso8601(free_at);
        sentence += " has used up the limit of " + calls(used.most) + " a " +
                    std::string(period_of(used.kind)) + " for " + what + "; it is free again in " +
                    duration_text(wait) + ", at " + to_iso8601(free_at) + ".";
    }
    details["retry_after_s"] = wait.count();
    // No model can wait for the next day.
    const bool recoverable = used.kind != CallRefusal::per_day;
    core::ToolOutcome outcome =
        failure(core::ToolErrorType::QuotaExceededError, sentence, recoverable,
                details.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    outcome.refusal = used.kind;
    outcome.retry_after = wait;
    return outcome;
}

Quotas::Place& Quotas::Place::operator=(Place&& other) noexcept {
    if (this == &other) return *this;
    leave();
    quotas_ = std::move(other.quotas_);
    user_ = std::move(other.user_);
    tool_ = std::move(other.tool_);
    limits_ = std::move(other.limits_);
    day_ = other.day_;
    since_ = other.since_;
    counted_ = other.counted_;
    return *this;
}

void Quotas::Place::count() {
    if (!quotas_ || counted_) return;
    {
        const std::lock_guard lock(quotas_->mutex_);
        counted_ = true;
    }
    // What comes of the write is known by the call's entry in the audit log, which is written behind it.
    if (quotas_->has_daily(limits_)) quotas_->counts_.count(user_, tool_, day_);
}

void Quotas::Place::leave() {
    if (const std::shared_ptr<Quotas> quotas = std::exchange(quotas_, nullptr)) quotas->leave(*this);
}

}  // namespace assistd::tools
