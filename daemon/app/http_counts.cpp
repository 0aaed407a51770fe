#include "app/http_counts.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace assistd::app {
namespace {

constexpr std::pair<std::string_view, std::string_view> doors[] = {
    {"/api/v1/ai", "conversations"},
    {"/api/v1/chatkit", "chatkit"},
    {"/v1/chat/completions", "openai"},
    {"/v1/models", "openai"},
    {"/v1/embeddings", "openai"},
    {"/v1", "assistants"},
    {"/mcp", "mcp"},
    {"/livez", "admin"},
    {"/readyz", "admin"},
    {"/health", "admin"},
    {"/metrics", "admin"},
};

constexpr const char* class_names[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

}  // namespace

std::string_view door_of(std::string_view route) {
    if (route.empty()) return "none";
    for (const auto& [prefix, door] : doors) {
        if (!route.starts_with(prefix)) continue;
        if (route.size() == prefix.size() || route[prefix.size()] == '/') return door;
    }
    return "web";
}

HttpCounts::Counters HttpCounts::made_for(std::string_view route, std::string_view method) {
    const std::string door(door_of(route));
    const prometheus::Labels labels = {
        {"door", door}, {"route", std::string(route)}, {"method", std::string(method)}};
    Counters counters;
    for (std::size_t i = 0; i < counters.statuses.size(); ++i) {
        prometheus::Labels with_status = labels;
        with_status["status"] = class_names[i];
        counters.statuses[i] = &families_.http_requests.Add(with_status);
    }
    counters.time = &families_.http_time.Add(labels, bounds::quick);
    counters.stream_time = &families_.http_stream_time.Add({{"door", door}}, bounds::slow);
    counters.bytes = &families_.http_bytes.Add({{"door", door}});
    return counters;
}

HttpCounts::Counters& HttpCounts::counters_of(const http::RequestNote& note) {
    const Key key{note.route.empty() ? nullptr : note.route.data(),
                  note.method ? static_cast<int>(*note.method) : -1};
    {
        const std::shared_lock lock(mutex_);
        const auto found = routes_.find(key);
        if (found != routes_.end()) return found->second;
    }
    const std::unique_lock lock(mutex_);
    const auto found = routes_.find(key);
    if (found != routes_.end()) return found->second;
    const std::string_view method = note.method ? http::name_of(*note.method) : "none";
    return routes_.emplace(key, made_for(note.route, method)).first->second;
}

void HttpCounts::count(const http::RequestNote& note, const http::Outcome& outcome) {
    Counters& counters = counters_of(note);
    const auto spent = std::chrono::steady_clock::now() - note.began;
    const double seconds = std::chrono::duration<double>(spent).count();
    const auto status = static_cast<std::size_t>(std::clamp(outcome.status / 100, 1, 5) - 1);
    counters.statuses[status]->Increment();
    (outcome.streamed ? counters.stream_time : counters.time)->Observe(seconds);
    if (outcome.bytes > 0) counters.bytes->Increment(static_cast<double>(outcome.bytes));
}

}  // namespace assistd::app
