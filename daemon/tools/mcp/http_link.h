#pragma once
// An MCP server behind a URL: Streamable HTTP of both eras. Each request is a POST whose reply is JSON or a
// stream of events. In the older era the server may have a session, a stream for what it has to say by
// itself, and streams that it breaks off and lets us take up again. As Link.

#include <set>

#include "tools/mcp/link.h"
#include "upstream/http_client.h"
#include "upstream/secrets.h"

namespace assistd::tools::mcp {

struct HttpPlan {
    std::string url;
    std::vector<std::string> headers;  // "Name: value", also that of the key
    Secrets secrets;
};

class HttpLink : public Link {
  public:
    HttpLink(asio::io_context& context, std::shared_ptr<HttpClient> client, HttpPlan plan, LinkEvents events);

    Task<void> tell(std::string method, Json params) override;
    void listen() override;

  protected:
    void send(Outgoing outgoing) override;
    Task<void> do_close() override;
    void forget(std::int64_t id, const std::string& method) override;

  private:
    // Where a stream of events can be taken up again.
    struct Place {
        std::string last_event;
        std::chrono::milliseconds retry{1'000};
    };
    enum class Heard { json, events, nothing };

    static Task<void> exchange(std::shared_ptr<HttpLink> self, Outgoing outgoing, std::stop_token stop);
    static Task<void> hear_server(std::shared_ptr<HttpLink> self);
    Task<std::optional<McpError>> post(Outgoing outgoing, std::stop_token stop);
    Task<void> take_up_again(std::int64_t id, Place place, Limits limits, std::stop_token stop);
    Task<int> get(Place& place, Limits limits, std::stop_token stop);
    Task<Heard> hear(HttpReply& reply, const HttpHead& head, Place& place);
    Task<std::string> whole_body(HttpReply& reply);
    McpError refusal(const HttpHead& head, const std::string& body, bool has_session);

    HttpRequest request(const Outgoing& outgoing, std::stop_token stop) const;
    std::vector<std::string> common_headers(const Era& era) const;
    std::string session() const;
    std::stop_token begin(std::int64_t id);

    const asio::strand<asio::io_context::executor_type> strand_;
    const std::shared_ptr<HttpClient> client_;
    const HttpPlan plan_;
    std::stop_source stop_;  // of everything

    mutable std::mutex http_mutex_;
    std::string session_;
    std::map<std::int64_t, std::stop_source> running_;
};

}  // namespace assistd::tools::mcp
