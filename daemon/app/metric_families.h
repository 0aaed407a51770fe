#pragma once
// The daemon's metrics, each with its name and its sentence. Made and used by Metrics alone; the counters may
// be counted from any thread.

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

namespace assistd::app {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

struct MetricFamilies {
    MetricFamilies();
    MetricFamilies(const MetricFamilies&) = delete;
    MetricFamilies& operator=(const MetricFamilies&) = delete;

    prometheus::Registry registry;

    Family<Counter>& http_requests;
    Family<Histogram>& http_time;
    Family<Histogram>& http_stream_time;
    Family<Counter>& http_bytes;
    Gauge& connections;
    Gauge& streams;
    Family<Counter>& authentications_refused;
    Family<Counter>& requests_refused;
    Gauge& requests_waiting;

    Family<Counter>& turns;
    Family<Histogram>& turn_time;
    Family<Histogram>& first_text;
    Family<Counter>& turn_failures;
    Gauge& turns_running;
    Family<Counter>& turns_refused;
    Gauge& turns_waiting;
    Family<Counter>& tokens;
    Family<Counter>& cost;

    Family<Counter>& provider_requests;
    Family<Histogram>& provider_time;
    Family<Counter>& provider_retries;
    Family<Gauge>& circuits;
    Family<Gauge>& failures;

    Family<Counter>& calls;
    Family<Counter>& refusals;
    Family<Histogram>& call_time;
    Family<Counter>& call_cpu;
    Gauge& tools;
    Family<Gauge>& plugins;
    Family<Gauge>& mcp_servers;
    Gauge& jobs;

    Family<Gauge>& queues;
    Family<Counter>& writes;
    Histogram& commit_time;
    Gauge& free_bytes;
    Gauge& database_bytes;
    Family<Counter>& spans;
    Gauge& io_lag;
    Gauge& keys_missing_for;

    Gauge& resident;
    Gauge& addresses;
    Gauge& files;
    Gauge& most_files;
    Counter& processor;
    Gauge& since;
};

namespace bounds {

// Seconds: of requests and commits, of turns and models, and of tools.
extern const Histogram::BucketBoundaries quick;
extern const Histogram::BucketBoundaries slow;
extern const Histogram::BucketBoundaries calls;

}  // namespace bounds

}  // namespace assistd::app
