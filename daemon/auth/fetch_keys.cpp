#include "auth/fetch_keys.h"

#include "upstream/http_client.h"
#include "upstream/upstream_error.h"

namespace assistd::auth {
namespace {

constexpr std::size_t most_bytes = 1 << 20;
constexpr HttpTimeLimits patience{
    .connect = std::chrono::seconds(3), .idle = std::chrono::seconds(4), .total = std::chrono::seconds(5)};

Task<std::string> fetch(std::shared_ptr<HttpClient> client, std::string url) {
    static const auto headers =
        std::make_shared<const HttpHeaders>(std::vector<std::string>{"Accept: application/json"});
    HttpRequest request;
    request.url = std::move(url);
    request.headers = headers;
    request.limits = patience;
    HttpReply reply = client->send(std::move(request));
    const HttpHead head = co_await reply.head();
    if (head.status != 200)
        throw UpstreamError(UpstreamFault::status, "answered with status " + std::to_string(head.status));
    std::string text;
    std::string bytes;
    while (co_await reply.read(bytes)) {
        text += bytes;
        if (text.size() > most_bytes) throw UpstreamError(UpstreamFault::reply, "sent more than 1 MiB");
    }
    reply.let_end();
    co_return text;
}

}  // namespace

FetchText fetch_with(std::shared_ptr<HttpClient> client) {
    return [client = std::move(client)](std::string url) { return fetch(client, std::move(url)); };
}

}  // namespace assistd::auth
