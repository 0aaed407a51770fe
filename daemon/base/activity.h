#pragma once
// What a thread is working for at the moment: the request with its id, and where it stands in its trace. It
// goes with the executor, so that whatever a coroutine calls can name it in the log and pass it on to the
// servers that it asks, without an argument for it.
//
//     asio::co_spawn(continuing(asio::make_strand(io)), work(), asio::detached);   // for the same request
//
// An activity belongs to one strand: only what runs there may change what it is doing.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/trace_context.h"

namespace assistd {

namespace asio = boost::asio;

class SpanSink;

struct Activity {
    std::string request_id;
    std::string correlation_id = {};  // the caller's X-Correlation-ID, when it is another one
    TraceContext trace;
    std::shared_ptr<SpanSink> spans;  // null: nobody wants this trace's spans
    SpanId doing = 0;                 // the span that contains what is done next
};

// On this thread, while it lives.
class ActivityScope {
  public:
    explicit ActivityScope(const std::shared_ptr<Activity>& activity) noexcept
        : outer_(std::exchange(current(), &activity)) {}
    ~ActivityScope() { current() = outer_; }
    ActivityScope(const ActivityScope&) = delete;
    ActivityScope& operator=(const ActivityScope&) = delete;

  private:
    friend std::shared_ptr<Activity> current_activity();
    friend Activity* this_activity() noexcept;
    static const std::shared_ptr<Activity>*& current() noexcept;

    const std::shared_ptr<Activity>* outer_;
};

// Null when the thread works for nobody in particular.
std::shared_ptr<Activity> current_activity();
Activity* this_activity() noexcept;  // the same, to be looked at on the spot

// Runs what it is given on `Inner`, as work of the activity. Copies are alike; any thread.
template <class Inner>
class ActivityExecutor {
  public:
    ActivityExecutor(Inner inner, std::shared_ptr<Activity> activity)
        : inner_(std::move(inner)), activity_(std::move(activity)) {}

    template <class Function>
    void execute(Function&& function) const {
        inner_.execute([activity = activity_,
                        function = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
            const ActivityScope scope(activity);
            std::move(function)();
        });
    }

    template <class Property, class = std::enable_if_t<asio::can_query<const Inner&, Property>::value>>
    decltype(auto) query(const Property& property) const {
        return asio::query(inner_, property);
    }
    template <class Property, class = std::enable_if_t<asio::can_require<const Inner&, Property>::value>>
    auto require(const Property& property) const {
        auto inner = asio::require(inner_, property);
        return ActivityExecutor<decltype(inner)>(std::move(inner), activity_);
    }

    friend bool operator==(const ActivityExecutor& a, const ActivityExecutor& b) noexcept {
        return a.activity_ == b.activity_ && a.inner_ == b.inner_;
    }
    friend bool operator!=(const ActivityExecutor& a, const ActivityExecutor& b) noexcept {
        return !(a == b);
    }

  private:
    Inner inner_;
    std::shared_ptr<Activity> activity_;
};

// For another strand that works for the same request.
std::shared_ptr<Activity> copy_of(const std::shared_ptr<Activity>& activity);

// For the same request as the caller, in an activity of its own; for nobody when the caller works for nobody.
template <class Inner>
asio::any_io_executor continuing(Inner inner) {
    const Activity* activity = this_activity();
    if (activity == nullptr) return inner;
    return ActivityExecutor<Inner>(std::move(inner), std::make_shared<Activity>(*activity));
}

template <class Inner>
asio::any_io_executor working_for(std::shared_ptr<Activity> activity, Inner inner) {
    if (!activity) return inner;
    return ActivityExecutor<Inner>(std::move(inner), std::move(activity));
}

}  // namespace assistd
