#include "api/mcp/session.h"

#include <algorithm>

#include "api/random_id.h"

namespace assistd::api::mcp {
namespace {

// Of streams that have ended, so that a client which lost the connection can have the end again.
constexpr std::size_t most_ended_streams = 16;
constexpr std::size_t most_ended_bytes = 8 << 20;

}  // namespace

Session::Session(core::Owner owner, std::string revision, bool can_elicit)
    : id_(random_id()), owner_(std::move(owner)), revision_(std::move(revision)), can_elicit_(can_elicit) {
    streams_.emplace(0, std::make_shared<EventLog>(32));
}

std::string Session::log_level() const {
    const std::lock_guard lock(mutex_);
    return log_level_;
}

void Session::set_log_level(std::string level) {
    const std::lock_guard lock(mutex_);
    log_level_ = std::move(level);
}

bool Session::begin(const std::string& request, std::stop_source stop) {
    const std::lock_guard lock(mutex_);
    return running_.emplace(request, std::move(stop)).second;
}

void Session::finish(const std::string& request) {
    const std::lock_guard lock(mutex_);
    running_.erase(request);
    touched_ = std::chrono::steady_clock::now();
}

void Session::cancel(const std::string& request) {
    std::optional<std::stop_source> stop;
    {
        const std::lock_guard lock(mutex_);
        const auto found = running_.find(request);
        if (found != running_.end()) stop = found->second;
    }
    if (stop) stop->request_stop();
}

std::shared_ptr<EventLog> Session::stream(int number) const {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(number);
    return found == streams_.end() ? nullptr : found->second;
}

int Session::add_stream(std::shared_ptr<EventLog> log) {
    const std::lock_guard lock(mutex_);
    std::size_t ended = 0;
    std::size_t bytes = 0;
    for (auto it = streams_.rbegin(); it != streams_.rend();) {
        const bool is_over = it->first != 0 && it->second->ended() && !it->second->is_read();
        if (is_over) bytes += it->second->bytes();
        if (is_over && (++ended > most_ended_streams || bytes > most_ended_bytes))
            it = std::make_reverse_iterator(streams_.erase(std::next(it).base()));
        else
            ++it;
    }
    streams_.emplace(++last_stream_, std::move(log));
    return last_stream_;
}

Session::Question Session::ask() {
    const std::lock_guard lock(mutex_);
    Question question;
    question.id = "assistd-" + std::to_string(++last_question_);
    questions_.emplace(question.id, question.answer);
    return question;
}

void Session::forget(const std::string& question) {
    const std::lock_guard lock(mutex_);
    questions_.erase(question);
}

void Session::answer(const Json& id, Json result) {
    std::optional<OneShot<std::optional<Json>>> waiting;
    {
        const std::lock_guard lock(mutex_);
        const auto found = id.is_string() ? questions_.find(id.get<std::string>()) : questions_.end();
        if (found == questions_.end()) return;
        waiting = found->second;
        questions_.erase(found);
    }
    waiting->set(std::move(result));
}

void Session::knows_tools(std::uint64_t version) {
    const std::lock_guard lock(mutex_);
    told_version_ = version;
}

void Session::tools_changed(std::uint64_t version) {
    std::shared_ptr<EventLog> log;
    {
        const std::lock_guard lock(mutex_);
        if (version == told_version_) return;
        told_version_ = version;
        log = streams_.at(0);
    }
    if (log->given() == log->last())
        log->push(to_text(notification("notifications/tools/list_changed", nullptr)));
}

void Session::end() {
    std::map<std::string, std::stop_source> running;
    std::map<std::string, OneShot<std::optional<Json>>> questions;
    std::shared_ptr<EventLog> general;
    {
        const std::lock_guard lock(mutex_);
        running.swap(running_);
        questions.swap(questions_);
        general = streams_.at(0);
    }
    for (auto& [request, stop] : running) stop.request_stop();
    for (const auto& [id, answer] : questions) answer.set(std::nullopt);
    general->end();  // a call's own ends with the call, which may still have an answer
}

void Session::touch() {
    const std::lock_guard lock(mutex_);
    touched_ = std::chrono::steady_clock::now();
}

std::optional<std::chrono::steady_clock::time_point> Session::idle_since() const {
    const std::lock_guard lock(mutex_);
    const bool is_read = std::any_of(streams_.begin(), streams_.end(),
                                     [](const auto& stream) { return stream.second->is_read(); });
    if (is_read || !running_.empty()) return std::nullopt;
    return touched_;
}

std::shared_ptr<Session> Sessions::add(core::Owner owner, std::string revision, bool can_elicit) {
    std::vector<std::shared_ptr<Session>> gone = take_expired();
    const auto session = std::make_shared<Session>(owner, std::move(revision), can_elicit);
    bool is_full = false;
    {
        const std::lock_guard lock(mutex_);
        const auto count = std::count_if(sessions_.begin(), sessions_.end(),
                                         [&](const auto& one) { return one.second->owner() == owner; });
        is_full = static_cast<std::size_t>(count) >= limits_.of_one_user;
        if (is_full) gone.push_back(take_idlest(owner));
        if (!is_full || gone.back()) sessions_.emplace(session->id(), session);
    }
    for (const auto& old : gone)
        if (old) old->end();
    if (is_full && !gone.back())
        throw RpcError(code::internal_error, "You have too many sessions in use; end one of them.", 503);
    return session;
}

std::shared_ptr<Session> Sessions::find(const core::Owner& owner, const std::string& id) {
    for (const auto& old : take_expired()) old->end();
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second->owner() != owner) return nullptr;
    found->second->touch();
    return found->second;
}

void Sessions::remove(const std::shared_ptr<Session>& session) {
    {
        const std::lock_guard lock(mutex_);
        sessions_.erase(session->id());
    }
    session->end();
}

std::vector<std::shared_ptr<Session>> Sessions::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Session>> all;
    for (const auto& [id, session] : sessions_) all.push_back(session);
    return all;
}

void Sessions::end_all() {
    for (const auto& session : all()) remove(session);
}

std::vector<std::shared_ptr<Session>> Sessions::take_expired() {
    const auto oldest = std::chrono::steady_clock::now() - limits_.idle;
    std::vector<std::shared_ptr<Session>> expired;
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const auto& one) {
        const auto idle = one.second->idle_since();
        const bool is_over = idle && *idle <= oldest;
        if (is_over) expired.push_back(one.second);
        return is_over;
    });
    return expired;
}

// With the lock held.
std::shared_ptr<Session> Sessions::take_idlest(const core::Owner& owner) {
    auto idlest = sessions_.end();
    auto since = std::chrono::steady_clock::time_point::max();
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
        const auto idle = it->second->idle_since();
        if (it->second->owner() != owner || !idle || *idle >= since) continue;
        idlest = it;
        since = *idle;
    }
    if (idlest == sessions_.end()) return nullptr;
    const std::shared_ptr<Session> taken = idlest->second;
    sessions_.erase(idlest);
    return taken;
}

}  // namespace assistd::api::mcp
