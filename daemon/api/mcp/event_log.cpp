#include "api/mcp/event_log.h"

#include <algorithm>

namespace assistd::api::mcp {

void EventLog::push(std::string text) {
    std::unique_lock lock(mutex_);
    if (ended_) return;
    bytes_ += text.size();
    messages_.push_back({++last_, std::move(text)});
    if (messages_.size() > most_) {
        bytes_ -= messages_.front().text.size();
        messages_.pop_front();
    }
    wake(lock);
}

void EventLog::end() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    wake(lock);
}

bool EventLog::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

int EventLog::begin_reading() {
    std::unique_lock lock(mutex_);
    const int reader = ++reader_;
    reading_ = true;
    wake(lock);
    return reader;
}

void EventLog::end_reading(int reader) {
    bool is_left = false;
    {
        const std::lock_guard lock(mutex_);
        if (reader != reader_) return;
        reading_ = false;
        is_left = !ended_;
    }
    if (is_left && left_) left_();
}

bool EventLog::is_read() const {
    const std::lock_guard lock(mutex_);
    return reading_;
}

// Readers are resumed outside the lock: a resumed reader comes straight back to next().
void EventLog::wake(std::unique_lock<std::mutex>& lock) {
    const std::vector<OneShot<>> waiting = std::move(waiting_);
    waiting_.clear();
    lock.unlock();
    for (const OneShot<>& reader : waiting) reader.set();
}

Task<std::vector<LoggedMessage>> EventLog::next(std::int64_t after, int reader, std::stop_token stop) const {
    while (!stop.stop_requested()) {
        const OneShot<> news;
        {
            const std::lock_guard lock(mutex_);
            if (reader != reader_) break;
            const auto first =
                std::find_if(messages_.begin(), messages_.end(),
                             [after](const LoggedMessage& message) { return message.number > after; });
            if (first != messages_.end()) co_return std::vector<LoggedMessage>(first, messages_.end());
            if (ended_) break;
            waiting_.push_back(news);
        }
        const std::stop_callback on_stop(stop, [news] { news.set(); });
        co_await news.wait();
    }
    co_return std::vector<LoggedMessage>{};
}

std::int64_t EventLog::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

std::int64_t EventLog::given() const {
    const std::lock_guard lock(mutex_);
    return given_;
}

void EventLog::set_given(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    given_ = std::max(given_, number);
}

std::size_t EventLog::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace assistd::api::mcp
