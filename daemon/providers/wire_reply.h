#pragma once
// One reply of a model, put together as it arrives, whatever it is written in. Belongs to one coroutine.

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/ports.h"
#include "providers/reply_reader.h"
#include "upstream/line_reader.h"
#include "upstream/sse_reader.h"

namespace assistd::providers {

class WireReply : public ReplyReader {
  public:
    // What the server has reported so far, also of a reply that broke off; `estimated` says that something
    // is missing.
    virtual core::Usage usage() const = 0;
    // After the end. Throws UpstreamError for a reply that is not whole. No call gets an id that is in
    // `taken_ids`; its own are added.
    virtual core::ProviderReply finish(std::unordered_set<std::string>& taken_ids) = 0;
    // The blocks of a reply that the server has paused, as JSON with commas between: the same request with
    // them at its end goes on with the reply. Empty: it is whole.
    virtual std::string paused() const { return {}; }
};

// What a Reply that has take_whole(body), done(), usage() and finish(taken_ids) adds to any reader.
template <class Reply>
class ReplyOf : public WireReply {
  public:
    explicit ReplyOf(core::TextSink sink, core::TextSink thoughts = nullptr)
        : reply_(std::move(sink), std::move(thoughts)) {}
    void take_whole(std::string_view body) override { reply_.take_whole(body); }
    bool done() const override { return reply_.done(); }
    core::Usage usage() const override { return reply_.usage(); }
    core::ProviderReply finish(std::unordered_set<std::string>& taken_ids) override {
        return reply_.finish(taken_ids);
    }
    std::string paused() const override {
        if constexpr (requires { reply_.paused_blocks(); })
            return reply_.paused_blocks();
        else
            return {};
    }

  protected:
    Reply reply_;
};

// Server-sent events for a Reply that has take(SseEvent).
template <class Reply>
class EventReply : public ReplyOf<Reply> {
  public:
    using ReplyOf<Reply>::ReplyOf;
    void feed(std::string_view bytes) override { events_.feed(bytes, sink_); }
    void end_of_stream() override { events_.finish(sink_); }

  private:
    SseReader events_;
    const SseReader::Sink sink_ = [this](const SseEvent& event) { this->reply_.take(event); };
};

// Lines for a Reply that has take(line).
template <class Reply>
class LinesReply : public ReplyOf<Reply> {
  public:
    using ReplyOf<Reply>::ReplyOf;
    void feed(std::string_view bytes) override { lines_.feed(bytes, sink_); }
    void end_of_stream() override { lines_.finish(sink_); }

  private:
    LineReader lines_{SseLimits().line_bytes};
    const LineReader::Sink sink_ = [this](std::string_view line) { this->reply_.take(line); };
};

}  // namespace assistd::providers
