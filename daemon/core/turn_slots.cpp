#include "core/turn_slots.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "base/error.h"

namespace assistd::core {
namespace {

// How many times as many places as are free one user may have.
constexpr int share = 3;
constexpr std::chrono::seconds look_again{2};
// More than a turn may wait, for those who were let in: all may be held up for a moment.
constexpr std::chrono::milliseconds grace{1000};
// Of how long ago it counts how fast places became free, in times of what a turn may wait: less would forget
// what there is to wait for, more would not notice that it changed.
constexpr int remembered = 4;

std::string turns(int number) {
    return std::to_string(number) + (number == 1 ? " turn" : " turns");
}

Error shutting_down() {
    return Error(ErrorCode::unavailable, "The daemon is shutting down.")
        .with_retry_after(std::chrono::seconds(5));
}

Error too_busy() {
    return Error(ErrorCode::unavailable,
                 "The daemon is answering as many messages as it can; try again in a moment.")
        .with_retry_after(look_again);
}

Error too_many(const std::string& why) {
    return Error(ErrorCode::rate_limited, why).with_retry_after(look_again);
}

}  // namespace

TurnSlots::TurnSlots(AllowedOf allowed, OverloadConfig overload, Clock clock)
    : allowed_(std::move(allowed)), clock_(std::move(clock)), overload_(overload), limited_(true) {}

TurnSlots::Place& TurnSlots::Place::operator=(Place&& other) noexcept {
    if (this == &other) return *this;
    leave();
    slots_ = std::move(other.slots_);
    asker_ = std::move(other.asker_);
    state_ = other.state_;
    return *this;
}

void TurnSlots::Place::leave() {
    if (const auto slots = std::exchange(slots_, nullptr)) slots->leave(asker_, state_);
}

void TurnSlots::Place::stand_back() {
    if (std::exchange(state_, State::aside) == State::in_line) slots_->stand_back(asker_);
}

Task<void> TurnSlots::Place::begin(std::stop_token gone) {
    const bool in_line = std::exchange(state_, State::aside) == State::in_line;
    co_await slots_->wait_for_place(asker_, in_line, std::move(gone));
    state_ = State::running;
}

// With how it is called where it is refused.
template <class Visit>
void TurnSlots::visit(const Asker& asker, Visit visit) {
    visit(users_[asker.user], asker.user);
    if (!asker.by.key.empty()) visit(keys_[asker.by.key], std::string("This key"));
    if (!asker.by.address.empty()) visit(addresses_[asker.by.address], std::string("This address"));
}

TurnPace::Seconds TurnSlots::memory() const {
    return remembered * TurnPace::Seconds(overload_.turn_wait);
}

bool TurnSlots::is_place_for(const User& user) const {
    if (!limited_) return true;
    const int free = overload_.turns_at_once - running_;
    return free > 0 && user.running < share * free;
}

bool TurnSlots::may_work(const User& user) const {
    if (!limited_) return true;
    const int free = overload_.turns_at_work - (running_ - resting_);
    return free > 0 && user.running - user.resting < share * free;
}

bool TurnSlots::has_own_place(const Asker& asker) const {
    const auto is_full = [](const Parties& parties, const std::string& name) {
        const auto found = parties.find(name);
        return found != parties.end() && found->second.is_full();
    };
    return !is_full(keys_, asker.by.key) && !is_full(addresses_, asker.by.address);
}

// Those that wait for their key or their address are passed by.
std::deque<TurnSlots::Waiting>::iterator TurnSlots::first_to_run(User& user) {
    return std::find_if(user.queue.begin(), user.queue.end(),
                        [this](const Waiting& one) { return has_own_place(one.asker); });
}

// As places are given: to whom has the fewest.
int TurnSlots::ahead_of(const User& user) const {
    int ahead = user.queued;
    for (const auto& [name, other] : users_) {
        if (&other == &user) continue;
        ahead += std::clamp(user.running + user.queued + 1 - other.running, 0, other.queued);
    }
    return ahead;
}

std::optional<Error> TurnSlots::why_not(const Asker& asker) {
    std::optional<Error> refusal;
    visit(asker, [&](const Party& party, const std::string& who) {
        const int own = party.allowed.turns_at_once;
        const int waiting = party.allowed.turns_waiting;
        if (refusal || own == 0 || party.running + party.entered < own + waiting) return;
        refusal =
            too_many(fmt::format("{} has {} running and {} waiting; {} at once are allowed, and {} may "
                                 "wait. One of them has to end first.",
                                 who, turns(party.running), party.entered, own, waiting));
    });
    if (refusal) return refusal;
    const User& user = users_.at(asker.user);
    if (!is_place_for(user) && user.entered >= user.allowed.turns_waiting) return too_busy();
    return why_not_soon(asker);
}

// Whether a turn that comes now would rather wait too long than not, behind all that wait for a place
// already.
std::optional<Error> TurnSlots::why_not_soon(const Asker& asker) {
    const auto now = clock_();
    const TurnPace::Seconds most = overload_.turn_wait;
    const auto is_late = [&](const TurnPace& pace, int places) {
        return places > 0 && pace.until_free(places, now, memory()) > most;
    };
    std::optional<Error> refusal;
    visit(asker, [&](const Party& party, const std::string& who) {
        const int own = party.allowed.turns_at_once;
        if (refusal || own == 0 || !is_late(party.pace, party.running + party.queued + 1 - own)) return;
        refusal = too_many(
            fmt::format("{} has {} running and {} waiting; {} at once are allowed, and as long as they take "
                        "one more would wait for more than {:g} s. Some of them have to end first.",
                        who, turns(party.running), party.queued, own, most.count()));
    });
    if (refusal) return refusal;
    const User& user = users_.at(asker.user);
    const bool none_free = !is_place_for(user);
    const bool none_works = !may_work(user);
    if (!none_free && !none_works) return std::nullopt;
    const int places = ahead_of(user) + 1;
    if ((none_free && is_late(pace_, places)) || (none_works && is_late(work_pace_, places)))
        return too_busy();
    return std::nullopt;
}

// For a turn whose time to wait is over: whose turns it has waited for.
Error TurnSlots::waited_too_long(const Asker& asker) {
    const std::lock_guard lock(mutex_);
    Error refusal = too_busy();
    visit(asker, [&](const Party& party, const std::string& who) {
        if (!party.is_full() || refusal.code() == ErrorCode::rate_limited) return;
        refusal = too_many(fmt::format("{} has {} running; {} at once are allowed, and none ended in time.",
                                       who, turns(party.running), party.allowed.turns_at_once));
    });
    return refusal;
}

// Whoever waits for his conversation counts as waiting: many that come at the same moment must not all pass.
TurnSlots::Place TurnSlots::enter(const Asker& asker) {
    const AllowedOfAll allowed = allowed_ ? allowed_(asker) : AllowedOfAll();
    const std::lock_guard lock(mutex_);
    if (closed_) throw shutting_down();
    users_[asker.user].allowed = allowed.user;
    if (!asker.by.key.empty()) keys_[asker.by.key].allowed = allowed.key;
    if (!asker.by.address.empty()) addresses_[asker.by.address].allowed = allowed.address;
    if (const std::optional<Error> refusal = why_not(asker)) {
        forget_if_idle(asker);
        throw *refusal;
    }
    visit(asker, [](Party& party, const std::string&) {
        ++party.entered;
        ++party.queued;
    });
    return Place(shared_from_this(), asker, Place::State::in_line);
}

TurnSlots::Place TurnSlots::go_on(const Owner& name) {
    const Asker asker{name};
    const AllowedOfAll allowed = allowed_ ? allowed_(asker) : AllowedOfAll();
    const std::lock_guard lock(mutex_);
    User& user = users_[name];
    user.allowed = allowed.user;
    ++user.running;
    ++running_;
    paces_change(asker);
    return Place(shared_from_this(), asker, Place::State::running);
}

// Of a turn that has entered.
void TurnSlots::run(const Asker& asker) {
    visit(asker, [](Party& party, const std::string&) {
        --party.entered;
        ++party.running;
    });
    ++running_;
    paces_change(asker);
}

void TurnSlots::paces_change(const Asker& asker) {
    const auto now = clock_();
    visit(asker,
          [&](Party& party, const std::string&) { party.pace.are_taken(party.running, now, memory()); });
    pace_.are_taken(running_, now, memory());
    work_pace_.are_taken(running_ - resting_, now, memory());
}

void TurnSlots::stand_back(const Asker& asker) {
    const std::lock_guard lock(mutex_);
    visit(asker, [](Party& party, const std::string&) { --party.queued; });
}

// Who is in line was let in as one who waits.
Task<void> TurnSlots::wait_for_place(Asker asker, bool in_line, std::stop_token gone) {
    const OneShot<Answer> answer;
    std::uint64_t number = 0;
    std::chrono::milliseconds patience{};
    {
        const std::lock_guard lock(mutex_);
        if (in_line) visit(asker, [](Party& party, const std::string&) { --party.queued; });
        if (closed_) throw shutting_down();
        User& user = users_.at(asker.user);
        if (may_run(user) && has_own_place(asker) && first_to_run(user) == user.queue.end()) {
            run(asker);
            co_return;
        }
        // Others may have come while it stood aside.
        if (!in_line && !is_place_for(user) && user.queued >= user.allowed.turns_waiting) throw too_busy();
        const std::optional<Error> refusal = in_line ? std::nullopt : why_not_soon(asker);
        if (refusal) throw *refusal;
        number = ++came_;
        user.queue.push_back({number, asker, answer});
        visit(asker, [](Party& party, const std::string&) { ++party.queued; });
        patience = overload_.turn_wait + std::min(grace, remembered * overload_.turn_wait);
    }
    const Executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, patience);
    timer.async_wait([answer](const boost::system::error_code& error) {
        if (!error) answer.set(Answer::too_late);
    });
    const std::stop_callback on_gone(gone, [answer] { answer.set(Answer::given_up); });
    const Answer got = co_await answer.wait();
    if (got == Answer::yours) co_return;
    const std::optional<Error> why =
        got == Answer::too_late ? std::optional(waited_too_long(asker)) : std::nullopt;
    give_up(asker.user, number);
    if (got == Answer::given_up)
        throw Error(ErrorCode::cancelled, "The request was given up while it waited for a free place.");
    if (why) throw *why;
    throw shutting_down();
}

void TurnSlots::give_up(const Owner& name, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    User& user = users_.at(name);
    const auto found = std::find_if(user.queue.begin(), user.queue.end(),
                                    [number](const Waiting& one) { return one.number == number; });
    if (found != user.queue.end()) take_out(user, found);
}

void TurnSlots::take_out(User& user, std::deque<Waiting>::iterator waiting) {
    visit(waiting->asker, [](Party& party, const std::string&) { --party.queued; });
    user.queue.erase(waiting);
}

// A place is taken for whom it is given to before he is told, so that nobody comes in between.
void TurnSlots::give_places() {
    for (;;) {
        User* next = nullptr;
        std::deque<Waiting>::iterator first;
        for (auto& [name, user] : users_) {
            if (user.queue.empty() || !may_run(user)) continue;
            const auto its_first = first_to_run(user);
            if (its_first == user.queue.end()) continue;
            const bool comes_first = next == nullptr || user.running < next->running ||
                                     (user.running == next->running && its_first->number < first->number);
            if (!comes_first) continue;
            next = &user;
            first = its_first;
        }
        if (next == nullptr) return;
        const Waiting given = *first;
        take_out(*next, first);
        // Who gave up no longer waits.
        if (given.answer.set(Answer::yours)) run(given.asker);
    }
}

void TurnSlots::leave(const Asker& asker, Place::State state) {
    const std::lock_guard lock(mutex_);
    const bool ran = state == Place::State::running;
    visit(asker, [&](Party& party, const std::string&) {
        --(ran ? party.running : party.entered);
        if (state == Place::State::in_line) --party.queued;
    });
    if (ran) {
        User& user = users_.at(asker.user);
        --running_;
        // The daemon's end may take a turn away while it waits.
        const int too_many = std::max(0, user.resting - user.running);
        user.resting -= too_many;
        resting_ -= too_many;
        paces_change(asker);
    }
    give_places();
    forget_if_idle(asker);
}

void TurnSlots::rest(const Owner& name) {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end()) return;
    ++found->second.resting;
    ++resting_;
    work_pace_.are_taken(running_ - resting_, clock_(), memory());
    give_places();
}

void TurnSlots::work_again(const Owner& name) {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end() || found->second.resting == 0) return;
    --found->second.resting;
    --resting_;
    work_pace_.are_taken(running_ - resting_, clock_(), memory());
}

void TurnSlots::forget_if_idle(const Asker& asker) {
    const auto forget = [](auto& parties, const std::string& name) {
        const auto found = parties.find(name);
        if (found != parties.end() && found->second.running == 0 && found->second.entered == 0)
            parties.erase(found);
    };
    forget(users_, asker.user);
    forget(keys_, asker.by.key);
    forget(addresses_, asker.by.address);
}

void TurnSlots::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [name, user] : users_)
        for (const Waiting& waiting : user.queue) waiting.answer.set(Answer::closed);
}

void TurnSlots::change(OverloadConfig overload) {
    const std::lock_guard lock(mutex_);
    overload_ = overload;
    if (allowed_) {
        for (auto& [name, user] : users_) user.allowed = allowed_({name}).user;
        for (auto& [name, key] : keys_) key.allowed = allowed_({{}, {name, {}}}).key;
        for (auto& [name, address] : addresses_) address.allowed = allowed_({{}, {{}, name}}).address;
    }
    give_places();
}

TurnSlots::Counts TurnSlots::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts{running_, resting_, 0};
    for (const auto& [name, user] : users_) counts.waiting += user.entered;
    return counts;
}

TurnSlots::Counts TurnSlots::counts(const Owner& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end()) return {};
    return {found->second.running, found->second.resting, found->second.entered};
}

TurnSlots::Counts TurnSlots::counts_of_key(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(name);
    if (found == keys_.end()) return {};
    return {found->second.running, 0, found->second.entered};
}

TurnSlots::Counts TurnSlots::counts_of_address(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = addresses_.find(name);
    if (found == addresses_.end()) return {};
    return {found->second.running, 0, found->second.entered};
}

}  // namespace assistd::core
