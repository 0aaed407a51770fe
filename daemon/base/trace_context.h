#pragma once
// Where a piece of work stands in a distributed trace: W3C Trace Context, Level 2. Value types; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assistd {

using SpanId = std::uint64_t;  // 0 is none
SpanId new_span_id();
std::string hex_of(SpanId id);

struct TraceContext {
    std::array<std::uint8_t, 16> trace_id{};  // all zero: there is no trace
    SpanId parent = 0;                        // the caller's; 0: the trace begins here
    bool sampled = false;
    bool random = false;  // the last seven bytes of the id were drawn at random
    std::string state;    // the tracestate header, passed on as it came

    bool is_there() const { return trace_id != std::array<std::uint8_t, 16>{}; }
    std::string trace_id_hex() const;
};

// A trace of our own.
TraceContext new_trace(bool sampled);

// What a request's header says. Nothing for one that is malformed, which the specification has ignored.
std::optional<TraceContext> read_traceparent(std::string_view text);
// The list members of one or several tracestate headers; empty when they are malformed.
std::string read_tracestate(std::string_view text);

// The header for a server that is asked on behalf of `span`.
std::string traceparent_of(const TraceContext& trace, SpanId span);

// Whether a trace of this id is among the part (0 to 1) that is kept: the same for the same id, wherever it
// is asked.
bool is_in_sample(const TraceContext& trace, double part);

}  // namespace assistd
