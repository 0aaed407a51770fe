#include "upstream/http_transfer.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <new>
#include <utility>

namespace assistd {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t head_limit = 64 << 10;
// What a reply is received into, for each transfer as long as it waits: most replies come in small pieces.
constexpr long receive_buffer = 2'048;
// So too what a request of more than 64 KiB is sent from, and libcurl takes no less.
constexpr long send_buffer = 16 << 10;
constexpr std::chrono::seconds drain_time{1};

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

std::optional<long> whole_number(std::string_view text) {
    long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// The host of a URL without its port; enough to know this machine by.
std::string host_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    std::string rest = url.substr(scheme == std::string::npos ? 0 : scheme + 3);
    rest.resize(std::min(rest.find_first_of("/?#"), rest.size()));
    const std::size_t user = rest.rfind('@');
    if (user != std::string::npos) rest.erase(0, user + 1);
    const std::size_t end = rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':');
    rest.resize(std::min(end, rest.size()));
    return lower(rest);
}

bool is_loopback(const std::string& url) {
    const std::string host = host_of(url);
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
}

// Of a text that is let go of: it would keep what lies between small things that stay, for as long as they
// do.
void give_pages_back(const std::shared_ptr<const std::string>& text) {
    if (text.use_count() != 1) return;
    static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto data = reinterpret_cast<std::uintptr_t>(text->data());
    const std::uintptr_t begin = (data + page - 1) / page * page;
    const std::uintptr_t end = (data + text->size()) / page * page;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

HttpTransfer::HttpTransfer(std::string ca_file, curl_opensocket_callback on_open, void* on_open_data)
    : easy_(curl_easy_init()), ca_file_(std::move(ca_file)), on_open_(on_open), on_open_data_(on_open_data) {
    if (easy_ == nullptr) throw std::bad_alloc();
}

HttpTransfer::~HttpTransfer() {
    curl_easy_cleanup(easy_);
}

HttpTransfer& HttpTransfer::of(CURL* easy) {
    void* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *static_cast<HttpTransfer*>(self);
}

void HttpTransfer::begin(std::shared_ptr<HttpExchange> exchange, Changed& changed, Clock::time_point now) {
    exchange_ = std::move(exchange);
    exchange_->transfer = this;
    changed_ = &changed;
    head_ = HttpHead();
    retry_after_ = RetryAfter();
    head_bytes_ = 0;
    has_head_ = false;
    paused_ = false;
    body_is_gone_ = false;
    begun_ = last_heard_ = now;
    end_by_ = now + limits().total;
    error_[0] = '\0';
    // libcurl counts how often a handle had to ask again as its kept connection was closed, over all of the
    // handle's requests, and fails each sixth time (curl/curl#19066); a reset is what clears the count.
    curl_easy_reset(easy_);
    set_rules();
    set_request();
}

// The same for every request.
void HttpTransfer::set_rules() {
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);  // a key is sent to the configured host alone
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // No CURLOPT_PIPEWAIT: with a server that speaks HTTP/1.1 a request then waits for the end of whichever
    // reply is under way, which may be a long stream.
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, receive_buffer);
    curl_easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, send_buffer);
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, "assistd");
    if (!ca_file_.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, ca_file_.c_str());
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &HttpTransfer::before_request);
    curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, on_open_);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, on_open_data_);
}

void HttpTransfer::set_request() {
    const HttpRequest& request = exchange_->request;
    curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, request.headers ? request.headers->list() : nullptr);
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.limits.connect.count()));
    if (request.body) {
        curl_easy_setopt(easy_, CURLOPT_POST, 1L);
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body->data());  // not copied
    } else {
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, nullptr);
        curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.empty() ? nullptr : request.method.c_str());
    // An empty name switches proxies off, a null pointer leaves them to the environment.
    const char* proxy = request.proxy.c_str();
    if (is_loopback(request.url))
        proxy = "";
    else if (request.proxy.empty() && request.url.starts_with("https:"))
        proxy = nullptr;
    curl_easy_setopt(easy_, CURLOPT_PROXY, proxy);
}

void HttpTransfer::resume(Clock::time_point now) {
    paused_ = false;
    last_heard_ = now;
    curl_easy_pause(easy_, CURLPAUSE_CONT);
}

void HttpTransfer::drain(Clock::time_point now) {
    end_by_ = std::min(end_by_, now + drain_time);
    if (paused_) resume(now);
}

void HttpTransfer::end(const UpstreamError* error) {
    if (error != nullptr)
        exchange_->fail(*error);
    else
        exchange_->end();
    note_change();
    exchange_->transfer = nullptr;
    exchange_.reset();
}

void HttpTransfer::forget_body(Clock::time_point now, milliseconds kept) {
    auto& body = exchange_->request.body;
    if (!body) return;
    // Over a new connection libcurl does not ask a second time of its own accord.
    long new_connections = 0;
    curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &new_connections);
    if (new_connections == 0 && now - begun_ < kept) return;
    curl_off_t sent = 0;
    curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (static_cast<std::size_t>(sent) < body->size()) return;
    give_pages_back(body);
    body.reset();
    body_is_gone_ = true;
}

UpstreamError HttpTransfer::describe(CURLcode code) const {
    if (code == CURLE_ABORTED_BY_CALLBACK && body_is_gone_)
        return {UpstreamFault::connection, "closed the connection instead of replying"};
    const std::string reason = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return {UpstreamFault::timeout, fmt::format("did not take the connection in time: {}", reason)};
    }
    if (head_bytes_ > head_limit) {
        return {UpstreamFault::reply, fmt::format("sent headers of more than {} bytes", head_limit)};
    }
    const bool begun =
        has_head_ || code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
    if (begun) return {UpstreamFault::connection, fmt::format("broke off its reply: {}", reason)};
    return {UpstreamFault::connection, fmt::format("could not be reached: {}", reason)};
}

void HttpTransfer::note_change() {
    if (exchange_->changed) return;
    exchange_->changed = true;
    changed_->push_back(exchange_);
}

void HttpTransfer::heard() {
    last_heard_ = Clock::now();
}

bool HttpTransfer::take_header_line(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > head_limit) return false;
    if (line.starts_with("HTTP/")) {
        head_ = HttpHead();  // an interim reply may have come before
        retry_after_ = RetryAfter();
        const std::size_t space = line.find(' ');
        head_.status =
            static_cast<int>(whole_number(line.substr(std::min(space + 1, line.size()), 3)).value_or(0));
        return true;
    }
    if (trimmed(line).empty()) {
        if (head_.status < 200 || has_head_) return true;  // interim, or trailers
        has_head_ = true;
        head_.retry_after = retry_after_.wait();
        exchange_->put_head(head_);
        note_change();
        return true;
    }
    const std::size_t colon = line.find(':');
    if (has_head_ || colon == std::string_view::npos) return true;
    const std::string_view value = trimmed(line.substr(colon + 1));
    const char first = static_cast<char>(line[0] | 0x20);
    if (first != 'c' && first != 'l' && first != 'm' && first != 'r' && first != 'x')
        return true;  // none of ours
    const std::string name = lower(line.substr(0, colon));
    if (name == "content-type") {
        head_.content_type = value;
    } else if (name == "request-id" || name == "x-request-id") {
        head_.request_id = value.substr(0, 128);
    } else if (name == "mcp-session-id") {
        head_.session_id = value;
    } else if (name == "location") {
        head_.location = value;
    } else {
        retry_after_.take(name, value);
    }
    return true;
}

// Also before libcurl sends a request once more, of its own accord.
int HttpTransfer::before_request(void* self, char*, char*, int, int) {
    return static_cast<HttpTransfer*>(self)->body_is_gone_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t HttpTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.heard();
    return transfer.take_header_line({data, size * count}) ? size * count : 0;
}

std::size_t HttpTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.heard();
    transfer.paused_ = !transfer.exchange_->put_body({data, size * count});
    transfer.note_change();
    return transfer.paused_ ? CURL_WRITEFUNC_PAUSE : size * count;
}

}  // namespace assistd
