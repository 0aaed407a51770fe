#pragma once
// Counts of HTTP requests, found without a lock that all requests share: the counters of a route are looked
// up once. Owned by Metrics; any thread.

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string_view>

#include "app/metric_families.h"
#include "http/observer.h"

namespace assistd::app {

// The part of the daemon that a route belongs to: one of few words.
std::string_view door_of(std::string_view route);

class HttpCounts {
  public:
    explicit HttpCounts(MetricFamilies& families) : families_(families) {}
    HttpCounts(const HttpCounts&) = delete;
    HttpCounts& operator=(const HttpCounts&) = delete;

    void count(const http::RequestNote& note, const http::Outcome& outcome);

  private:
    struct Counters {
        std::array<Counter*, 5> statuses{};  // 1xx to 5xx
        Histogram* time = nullptr;
        Histogram* stream_time = nullptr;
        Counter* bytes = nullptr;
    };
    // A route's pattern lives as long as the server does, and there is one for each.
    using Key = std::pair<const char*, int>;

    Counters& counters_of(const http::RequestNote& note);
    Counters made_for(std::string_view route, std::string_view method);

    MetricFamilies& families_;
    std::shared_mutex mutex_;  // of the map; what it holds stays where it is
    std::map<Key, Counters> routes_;
};

}  // namespace assistd::app
