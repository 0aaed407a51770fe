#include "cli/http_client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <memory>
#include <utility>

#include "cli/failure.h"
#include "cli/how_to_start.h"

namespace assistd::cli {
namespace {

constexpr int tick_ms = 100;
constexpr long connect_timeout_s = 10;

template <auto function>
struct Call {
    template <class T>
    void operator()(T* object) const {
        function(object);
    }
};
using Easy = std::unique_ptr<CURL, Call<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Call<curl_multi_cleanup>>;
using Form = std::unique_ptr<curl_mime, Call<curl_mime_free>>;
using Headers = std::unique_ptr<curl_slist, Call<curl_slist_free_all>>;

// What the write callback needs. Exceptions must not cross libcurl: they wait here.
struct Receiver {
    CURL* easy;
    const HttpRequest& request;
    HttpReply reply;
    std::exception_ptr error;
    bool has_begun = false;

    bool take(std::string_view bytes) {
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        try {
            if (request.sink && status >= 200 && status < 300) {
                if (request.head && !std::exchange(has_begun, true)) request.head(reply.headers);
                request.sink(bytes);
            } else {
                reply.body += bytes;
            }
        } catch (...) {
            error = std::current_exception();
        }
        return !error;
    }

    void take_header(std::string_view line) {
        if (line.starts_with("HTTP/")) reply.headers.clear();  // an interim answer came before
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return;
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const std::size_t from = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
        const std::size_t end = line.find_last_not_of(" \t\r\n") + 1;
        reply.headers[name] = line.substr(from, std::max(end, from) - from);
    }
};

std::size_t receive(char* bytes, std::size_t, std::size_t size, void* receiver) {
    return static_cast<Receiver*>(receiver)->take({bytes, size}) ? size : 0;
}

std::size_t receive_header(char* bytes, std::size_t, std::size_t size, void* receiver) {
    static_cast<Receiver*>(receiver)->take_header({bytes, size});
    return size;
}

std::size_t send_file(char* bytes, std::size_t, std::size_t size, void* file) {
    const ssize_t got = ::read(*static_cast<const int*>(file), bytes, size);
    return got < 0 ? CURL_READFUNC_ABORT : static_cast<std::size_t>(got);
}

Headers headers_of(const HttpRequest& request, const std::string& key) {
    curl_slist* list = nullptr;
    if (!key.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + key).c_str());
    for (const std::string& header : request.headers) list = curl_slist_append(list, header.c_str());
    if (!request.body.empty()) list = curl_slist_append(list, "Content-Type: application/json");
    // Its name tells what it is.
    if (request.file >= 0) list = curl_slist_append(list, "Content-Type:");
    list = curl_slist_append(list, "Expect:");
    return Headers(list);
}

// Runs the transfer, with a tick in between, and returns libcurl's verdict.
CURLcode perform(CURLM* multi, const HttpRequest& request) {
    int running = 1;
    while (true) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
        if (running == 0) break;
        if (request.tick) request.tick();
        curl_waitfd wake{request.wake_fd, CURL_WAIT_POLLIN, 0};
        curl_multi_poll(multi, &wake, request.wake_fd >= 0 ? 1 : 0, tick_ms, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi, &left);
    return message ? message->data.result : CURLE_FAILED_INIT;
}

Form form_of(CURL* easy, const HttpRequest& request) {
    if (request.form.empty()) return nullptr;
    Form form(curl_mime_init(easy));
    for (const FormPart& part : request.form) {
        curl_mimepart* made = curl_mime_addpart(form.get());
        curl_mime_name(made, part.name.c_str());
        const CURLcode read = part.path.empty() ? curl_mime_data(made, part.text.data(), part.text.size())
                                                : curl_mime_filedata(made, part.path.c_str());
        if (read != CURLE_OK)
            throw Failure(ExitCode::failed, "The file \"" + part.path + "\" cannot be read.");
        if (!part.file_name.empty()) curl_mime_filename(made, part.file_name.c_str());
    }
    return form;
}

void set_options(CURL* easy, const HttpRequest& request, const std::string& url, curl_slist* headers,
                 curl_mime* form) {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    if (form) curl_easy_setopt(easy, CURLOPT_MIMEPOST, form);
    if (form || request.method == "GET") return;
    if (request.file >= 0) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, send_file);
        curl_easy_setopt(easy, CURLOPT_READDATA, &request.file);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.file_bytes));
        return;
    }
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
}

// A proxy that the environment names is for other machines.
bool is_loopback(const std::string& server) {
    for (const char* host : {"://127.", "://localhost", "://[::1]"})
        if (server.find(host) != std::string::npos) return true;
    return false;
}

// Whether the connection stood when it came to that.
bool was_reached(CURLcode verdict) {
    return verdict == CURLE_SEND_ERROR || verdict == CURLE_RECV_ERROR || verdict == CURLE_GOT_NOTHING;
}

}  // namespace

HttpClient::HttpClient(std::string server, std::string key)
    : server_(std::move(server)), key_(std::move(key)) {
    while (server_.ends_with('/')) server_.pop_back();
}

HttpReply HttpClient::send(HttpRequest request) const {
    if (!std::all_of(key_.begin(), key_.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
        throw Failure(ExitCode::usage,
                      "The API key has blanks or characters that no key has; give it as it was shown.");
    const Easy easy(curl_easy_init());
    const Multi multi(curl_multi_init());
    const Headers headers = headers_of(request, key_);
    const Form form = form_of(easy.get(), request);
    Receiver receiver{easy.get(), request, {}, nullptr, false};
    set_options(easy.get(), request, server_ + request.path, headers.get(), form.get());
    if (is_loopback(server_)) curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &receiver);
    curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &receiver);
    curl_multi_add_handle(multi.get(), easy.get());
    // Also when a tick throws, the handles part before they go.
    struct Parting {
        CURLM* multi;
        CURL* easy;
        ~Parting() { curl_multi_remove_handle(multi, easy); }
    } const parting{multi.get(), easy.get()};
    const CURLcode verdict = perform(multi.get(), request);
    if (receiver.error) std::rethrow_exception(receiver.error);
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &receiver.reply.status);
    if (verdict == CURLE_URL_MALFORMAT || verdict == CURLE_UNSUPPORTED_PROTOCOL)
        throw Failure(ExitCode::usage, "\"" + server_ + "\" is no address of a server; give one like " +
                                           "http://127.0.0.1:8080.");
    if (verdict != CURLE_OK && receiver.reply.status == 0)
        throw Unreachable("assistd does not answer at " + server_ + " (" + curl_easy_strerror(verdict) +
                              "); start it with " + how_to_start() +
                              ", or name another address with --server.",
                          was_reached(verdict));
    receiver.reply.complete = verdict == CURLE_OK;
    return std::move(receiver.reply);
}

std::string HttpClient::escaped(const std::string& path_segment) {
    const std::unique_ptr<char, Call<curl_free>> text(
        curl_easy_escape(nullptr, path_segment.data(), static_cast<int>(path_segment.size())));
    return text ? std::string(text.get()) : std::string();
}

}  // namespace assistd::cli
