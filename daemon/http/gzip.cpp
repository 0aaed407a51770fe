#include "http/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "http/text.h"

namespace assistd::http {
namespace {

constexpr std::size_t smallest = 1024;
constexpr std::size_t largest = 8 << 20;  // beyond it the compression would hold up its thread for too long

// "gzip;q=0" means that gzip must not be used.
bool is_refused(std::string_view parameters) {
    const std::size_t q = parameters.find("q=");
    return q != std::string_view::npos &&
           parameters.substr(q + 2).find_first_not_of("0. \t") == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    std::optional<bool> named;
    bool any = false;
    for_each_item(accept_encoding, [&](std::string_view item) {
        const std::size_t semicolon = item.find(';');
        const std::string_view coding = trim(item.substr(0, semicolon));
        const bool wanted = semicolon == std::string_view::npos || !is_refused(item.substr(semicolon));
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) named = wanted;
        if (coding == "*") any = wanted;
    });
    return named.value_or(any);
}

bool worth_gzip(std::string_view content_type, std::size_t size) {
    if (size <= smallest || size > largest) return false;
    const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    return (type.starts_with("text/") && type != "text/event-stream") || type == "application/json" ||
           type == "application/javascript" || type == "application/xml" || type == "image/svg+xml" ||
           type.ends_with("+json") || type.ends_with("+xml");
}

std::optional<std::string> gzip(std::string_view text) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return std::nullopt;
    std::string packed(text.size(), '\0');  // if it does not fit in here it is not worth sending
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int result = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) return std::nullopt;
    return packed;
}

}  // namespace assistd::http
