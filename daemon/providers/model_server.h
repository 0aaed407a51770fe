#pragma once
// One model server behind its URL: sends a request's body, gives the reply to whoever reads it, and says what
// went wrong in a sentence. Shared by all turns, usable from any thread; a reader belongs to one coroutine.

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.h"
#include "providers/http_client.h"
#include "providers/line_reader.h"
#include "providers/model_settings.h"
#include "providers/sse_reader.h"
#include "providers/upstream_error.h"

namespace assistd::providers {

// What takes a reply's body in. Everything may throw UpstreamError.
class ReplyReader {
  public:
    virtual ~ReplyReader() = default;
    virtual void feed(std::string_view bytes) = 0;  // of a stream
    virtual void end_of_stream() = 0;
    virtual void take_whole(std::string_view body) = 0;  // from a server that does not stream
    virtual bool done() const = 0;                       // nothing more is wanted
};

// Events for a Reply that has take(SseEvent), take_whole(body) and done().
template <class Reply>
class EventReader : public ReplyReader {
  public:
    explicit EventReader(Reply& reply) : reply_(reply) {}
    void feed(std::string_view bytes) override { events_.feed(bytes, sink_); }
    void end_of_stream() override { events_.finish(sink_); }
    void take_whole(std::string_view body) override { reply_.take_whole(body); }
    bool done() const override { return reply_.done(); }

  private:
    Reply& reply_;
    SseReader events_;
    const SseReader::Sink sink_ = [this](const SseEvent& event) { reply_.take(event); };
};

// Lines for a Reply that has take(line), take_whole(body) and done().
template <class Reply>
class JsonLinesReader : public ReplyReader {
  public:
    explicit JsonLinesReader(Reply& reply) : reply_(reply) {}
    void feed(std::string_view bytes) override { lines_.feed(bytes, sink_); }
    void end_of_stream() override { lines_.finish(sink_); }
    void take_whole(std::string_view body) override { reply_.take_whole(body); }
    bool done() const override { return reply_.done(); }

  private:
    Reply& reply_;
    LineReader lines_{SseLimits().line_bytes};
    const LineReader::Sink sink_ = [this](std::string_view line) { reply_.take(line); };
};

class ModelServer {
  public:
    // `headers` are those of its kind; the settings' own are added.
    ModelServer(ServerSettings settings, std::string url, std::vector<std::string> headers,
                std::shared_ptr<HttpClient> client);

    const ServerSettings& settings() const { return settings_; }
    const std::string& url() const { return url_; }

    // Without a body it is a GET. Throws UpstreamError.
    Task<void> ask(std::optional<std::string> body, std::stop_token stop, ReplyReader& reader) const;

    // Awaits `work` and turns its UpstreamError into a ProviderError.
    Task<core::ProviderReply> answer(Task<core::ProviderReply> work) const;
    ProviderError error_for(const UpstreamError& failure) const;

  private:
    Task<void> read(HttpReply& reply, const HttpHead& head, ReplyReader& reader) const;

    const ServerSettings settings_;
    const std::string url_;
    const std::shared_ptr<const HttpHeaders> headers_;
    const std::shared_ptr<HttpClient> client_;
};

// "https://host", "https://host/v1/" and "https://host/v1/messages" alike with ("/v1", "/messages") give
// "https://host/v1/messages". Where the base has another path, `version` is added only if `always` is set.
std::string endpoint_url(std::string base_url, std::string_view version, std::string_view path,
                         bool always = false);

}  // namespace assistd::providers
