#include "upstream/http_client.h"

#include <curl/curl.h>

#include <new>
#include <utility>

#include "base/activity.h"
#include "upstream/http_exchange.h"
#include "upstream/http_loop.h"

namespace assistd {
namespace {

// The headers, and where in its trace the request stands.
std::shared_ptr<const HttpHeaders> traced(const std::shared_ptr<const HttpHeaders>& headers,
                                          const Activity& activity) {
    std::vector<std::string> lines;
    for (const curl_slist* line = headers ? headers->list() : nullptr; line; line = line->next)
        lines.emplace_back(line->data);
    lines.push_back("traceparent: " + traceparent_of(activity.trace, activity.doing));
    if (!activity.trace.state.empty()) lines.push_back("tracestate: " + activity.trace.state);
    return std::make_shared<HttpHeaders>(lines);
}

}  // namespace

HttpHeaders::HttpHeaders(const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        curl_slist* longer = curl_slist_append(list_, line.c_str());
        if (longer == nullptr) {
            curl_slist_free_all(list_);
            throw std::bad_alloc();
        }
        list_ = longer;
    }
}

HttpHeaders::~HttpHeaders() {
    curl_slist_free_all(list_);
}

// A stop request reaches the client's thread; it may come from any thread, also from this reply's own.
struct HttpReply::Cancel {
    struct Call {
        std::shared_ptr<HttpExchange> exchange;
        std::shared_ptr<HttpLoop> loop;
        void operator()() const { loop->cancel(exchange); }
    };
    std::stop_callback<Call> callback;
};

HttpReply::HttpReply(std::shared_ptr<HttpExchange> exchange, std::shared_ptr<HttpLoop> loop,
                     std::stop_token stop)
    : exchange_(std::move(exchange)), loop_(std::move(loop)) {
    if (!stop.stop_possible()) return;
    const Cancel::Call call{exchange_, loop_};
    cancel_.reset(new Cancel{std::stop_callback<Cancel::Call>(std::move(stop), call)});
}

HttpReply::HttpReply(HttpReply&&) noexcept = default;

HttpReply::~HttpReply() {
    cancel_.reset();
    if (exchange_ && !exchange_->over()) loop_->cancel(exchange_);
}

Task<HttpHead> HttpReply::head() {
    return exchange_->head();
}

Task<bool> HttpReply::read(std::string& bytes) {
    const HttpExchange::Read read = co_await exchange_->read(bytes);
    if (read.resume) loop_->resume(exchange_);
    co_return read.any;
}

void HttpReply::let_end() {
    cancel_.reset();
    exchange_->discard();
    if (!exchange_->over()) loop_->drain(exchange_);
    exchange_.reset();
}

HttpClient::HttpClient() : HttpClient(Options()) {}

HttpClient::HttpClient(Options options) : loop_(std::make_shared<HttpLoop>(std::move(options))) {}

HttpClient::~HttpClient() {
    loop_->stop();
}

void HttpClient::release_memory() {
    loop_->release_memory();
}

HttpReply HttpClient::send(HttpRequest request) {
    const Activity* activity = this_activity();
    if (activity && activity->trace.is_there()) request.headers = traced(request.headers, *activity);
    std::stop_token stop = request.stop;
    auto exchange = std::make_shared<HttpExchange>(std::move(request));
    loop_->start(exchange);
    return HttpReply(std::move(exchange), loop_, std::move(stop));
}

}  // namespace assistd
