#include "core/turn_slots.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"

namespace assistd::core {
namespace {

// How many times as many places as are free one user may have.
constexpr int share = 3;
constexpr std::chrono::seconds look_again{2};

std::string turns(int number) {
    return std::to_string(number) + (number == 1 ? " turn" : " turns");
}

Error shutting_down() {
    Error error(ErrorCode::unavailable, "The daemon is shutting down.");
    error.with_retry_after(std::chrono::seconds(5));
    return error;
}

Error too_busy() {
    Error error(ErrorCode::unavailable,
                "The daemon is answering as many messages as it can; try again in a moment.");
    error.with_retry_after(look_again);
    return error;
}

}  // namespace

TurnSlots::TurnSlots(AllowedOf allowed, OverloadConfig overload)
    : allowed_(std::move(allowed)), overload_(overload), limited_(true) {}

TurnSlots::Place& TurnSlots::Place::operator=(Place&& other) noexcept {
    if (this == &other) return *this;
    leave();
    slots_ = std::move(other.slots_);
    user_ = std::move(other.user_);
    runs_ = other.runs_;
    return *this;
}

void TurnSlots::Place::leave() {
    if (const auto slots = std::exchange(slots_, nullptr)) slots->leave(user_, runs_);
}

Task<void> TurnSlots::Place::begin(std::stop_token gone) {
    co_await slots_->wait_for_place(user_, std::move(gone));
    runs_ = true;
}

bool TurnSlots::may_run(const User& user) const {
    const int own = user.allowed.turns_at_once;
    if (own > 0 && user.running >= own) return false;
    if (!limited_) return true;
    const int free = overload_.turns_at_once - running_;
    return free > 0 && user.running < share * free;
}

Error TurnSlots::refusal(const Owner& name, const User& user) {
    const int own = user.allowed.turns_at_once;
    if (own == 0 || user.running + user.entered < own) return too_busy();
    std::string sentence = name + " has " + turns(user.running) + " running and " +
                           std::to_string(user.entered) + " waiting; " + std::to_string(own) +
                           " at once are allowed, and " + std::to_string(user.allowed.turns_waiting) +
                           " may wait. One of them has to end first.";
    Error error(ErrorCode::rate_limited, sentence);
    error.with_retry_after(look_again);
    return error;
}

// Whoever waits for his conversation counts as waiting: many that come at the same moment must not all pass.
TurnSlots::Place TurnSlots::enter(const Owner& name) {
    const Allowed allowed = allowed_ ? allowed_(name) : Allowed();
    const std::lock_guard lock(mutex_);
    if (closed_) throw shutting_down();
    const auto found = users_.try_emplace(name).first;
    User& user = found->second;
    user.allowed = allowed;
    const int own = allowed.turns_at_once;
    const bool own_full = own > 0 && user.running + user.entered >= own + allowed.turns_waiting;
    const bool none_free = !may_run(user) && user.entered >= allowed.turns_waiting;
    if (own_full || none_free) {
        const Error error = refusal(name, user);
        forget_if_idle(found);
        throw error;
    }
    ++user.entered;
    return Place(shared_from_this(), name, false);
}

TurnSlots::Place TurnSlots::go_on(const Owner& name) {
    const Allowed allowed = allowed_ ? allowed_(name) : Allowed();
    const std::lock_guard lock(mutex_);
    User& user = users_[name];
    user.allowed = allowed;
    ++user.running;
    ++running_;
    return Place(shared_from_this(), name, true);
}

Task<void> TurnSlots::wait_for_place(Owner name, std::stop_token gone) {
    const OneShot<Answer> answer;
    std::chrono::milliseconds patience{};
    {
        const std::lock_guard lock(mutex_);
        if (closed_) throw shutting_down();
        User& user = users_.at(name);
        if (user.queue.empty() && may_run(user)) {
            --user.entered;
            ++user.running;
            ++running_;
            co_return;
        }
        if (user.queue.size() >= static_cast<std::size_t>(user.allowed.turns_waiting))
            throw refusal(name, user);
        user.queue.emplace_back(++came_, answer);
        patience = overload_.turn_wait;
    }
    const Executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, patience);
    timer.async_wait([answer](const boost::system::error_code& error) {
        if (!error) answer.set(Answer::too_late);
    });
    const std::stop_callback on_gone(gone, [answer] { answer.set(Answer::given_up); });
    switch (co_await answer.wait()) {
        case Answer::yours:
            co_return;
        case Answer::given_up:
            throw Error(ErrorCode::cancelled, "The request was given up while it waited for a free place.");
        case Answer::too_late:
            throw too_busy();
        case Answer::closed:
            throw shutting_down();
    }
}

// A place is taken for whom it is given to before he is told, so that nobody comes in between.
void TurnSlots::give_places() {
    for (;;) {
        User* next = nullptr;
        for (auto& [name, user] : users_) {
            // Who gave up no longer waits.
            while (!user.queue.empty() && user.queue.front().second.done()) user.queue.pop_front();
            if (user.queue.empty() || !may_run(user)) continue;
            const bool comes_first =
                next == nullptr || user.running < next->running ||
                (user.running == next->running && user.queue.front().first < next->queue.front().first);
            if (comes_first) next = &user;
        }
        if (next == nullptr) return;
        const OneShot<Answer> answer = next->queue.front().second;
        next->queue.pop_front();
        if (!answer.set(Answer::yours)) continue;
        --next->entered;
        ++next->running;
        ++running_;
    }
}

void TurnSlots::leave(const Owner& name, bool ran) {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    User& user = found->second;
    if (ran) {
        --user.running;
        --running_;
    } else {
        --user.entered;
    }
    give_places();
    forget_if_idle(found);
}

void TurnSlots::forget_if_idle(std::map<Owner, User>::iterator user) {
    if (user->second.running == 0 && user->second.entered == 0) users_.erase(user);
}

void TurnSlots::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [name, user] : users_) {
        for (const auto& [came, answer] : user.queue) answer.set(Answer::closed);
        user.queue.clear();
    }
}

void TurnSlots::change(OverloadConfig overload) {
    const std::lock_guard lock(mutex_);
    overload_ = overload;
    if (allowed_)
        for (auto& [name, user] : users_) user.allowed = allowed_(name);
    give_places();
}

TurnSlots::Counts TurnSlots::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts{running_, 0};
    for (const auto& [name, user] : users_) counts.waiting += user.entered;
    return counts;
}

TurnSlots::Counts TurnSlots::counts(const Owner& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end()) return {};
    return {found->second.running, found->second.entered};
}

}  // namespace assistd::core
