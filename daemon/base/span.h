#pragma once
// How long a step took and what it was, for whoever collects traces. A Span that belongs to no activity whose
// trace is collected costs a look at a pointer and records nothing. Used on the strand of its activity.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/activity.h"
#include "base/time.h"

namespace assistd {

using SpanValue = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>>;

// As OpenTelemetry numbers them.
enum class SpanKind { internal = 1, server = 2, client = 3 };

struct SpanRecord {
    TraceContext trace;
    SpanId id = 0;
    SpanId parent = 0;  // 0: none
    std::string name;
    SpanKind kind = SpanKind::internal;
    Timestamp began;
    std::chrono::nanoseconds duration{0};
    std::vector<std::pair<std::string, SpanValue>> attributes;
    bool failed = false;
    std::string failure;  // a sentence for people
};

// Where ended spans go. Any thread; never waits.
class SpanSink {
  public:
    virtual ~SpanSink() = default;
    virtual void ended(SpanRecord span) = 0;
};

class Span {
  public:
    // A step of what the present activity is doing.
    explicit Span(std::string_view name, SpanKind kind = SpanKind::internal);
    ~Span() { end(); }
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;

    // Until it ends, what the activity does is a part of this. Only where one step follows the other.
    void enter();
    // For steps side by side: an activity in which everything is a part of this.
    std::shared_ptr<Activity> activity() const;

    bool records() const { return record_ != nullptr; }
    void name(std::string name);
    void set(std::string_view key, SpanValue value);
    // `type` is one of few words: an error's code.
    void failed(std::string_view type, std::string_view sentence);
    void end();

  private:
    std::unique_ptr<SpanRecord> record_;  // null: nobody wants it
    std::shared_ptr<Activity> activity_;
    bool entered_ = false;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace assistd
