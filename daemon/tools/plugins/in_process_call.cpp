#include "tools/plugins/in_process_call.h"

#include "tools/plugins/call_result.h"

namespace assistd::tools {

Task<SourceResult> InProcessCall::follow(std::shared_ptr<InProcessCall> call, core::ProgressSink progress) {
    OneShot<> news = call->news_;
    for (;;) {
        co_await news.wait();
        std::optional<HostProgress> told;
        std::optional<SourceResult> result;
        std::optional<HostQuestion> question;
        {
            const std::lock_guard lock(call->mutex_);
            news = call->news_ = OneShot<>();
            told.swap(call->progress_);
            result.swap(call->result_);
            question.swap(call->question_);
        }
        if (told && progress) progress(progress_of(*told));
        if (result) co_return std::move(*result);
        if (!question) continue;
        SourceCall asking;
        asking.spec = call->spec;
        asking.catalogue = call->catalogue;
        HostReply reply = co_await answer_of(asking, std::move(*question));
        {
            const std::lock_guard lock(call->mutex_);
            call->reply_ = std::move(reply);
        }
        call->replied_.notify_all();
    }
}

void InProcessCall::ask_to_stop() {
    Clock::time_point never = Clock::time_point::max();
    asked_to_stop_at_.compare_exchange_strong(never, Clock::now());
    {
        const std::lock_guard lock(mutex_);
        replied_.notify_all();
        if (begun_) return;
    }
    end(failed_result(core::ToolErrorType::CancelledError, "The call was cancelled.", true));
}

bool InProcessCall::begin() {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    begun_ = true;
    return true;
}

bool InProcessCall::end(SourceResult result) {
    OneShot<> news;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(ended_, true)) return false;
        result_ = std::move(result);
        news = news_;
        replied_.notify_all();
    }
    news.set();
    return true;
}

bool InProcessCall::has_ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

// The pool's watch ends a call that is over its time, so this wait has an end.
std::optional<HostReply> InProcessCall::ask(const HostQuestion& question) {
    OneShot<> news;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return std::nullopt;
        question_ = question;
        reply_.reset();
        news = news_;
    }
    news.set();
    std::unique_lock lock(mutex_);
    replied_.wait(lock, [&] { return reply_ || ended_ || cancel_has_come(question.number); });
    if (ended_ || cancel_has_come(question.number)) return std::nullopt;
    return std::exchange(reply_, std::nullopt);
}

void InProcessCall::progress(const HostProgress& progress) {
    OneShot<> news;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
        progress_ = progress;
        news = news_;
    }
    news.set();
}

}  // namespace assistd::tools
