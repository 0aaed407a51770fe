#include "upstream/http_client.h"

#include <curl/curl.h>

#include <new>
#include <utility>

#include "upstream/http_exchange.h"
#include "upstream/http_loop.h"

namespace assistd {

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
    std::stop_token stop = request.stop;
    auto exchange = std::make_shared<HttpExchange>(std::move(request));
    loop_->start(exchange);
    return HttpReply(std::move(exchange), loop_, std::move(stop));
}

}  // namespace assistd
