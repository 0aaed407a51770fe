#include "api/web/page.h"

#include <array>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/sha256.h"
#include "http/gzip.h"

namespace assistd::api::web {
namespace {

namespace fs = std::filesystem;

// The page's own paths, which it reads itself: all of them are the same document.
constexpr std::array paths{"/",      "/c/{conversation}", "/documents", "/artifacts", "/artifacts/{handle}",
                           "/admin", "/admin/{view}"};

// What browsers and robots ask for by themselves, and the files of it.
constexpr std::array<std::pair<const char*, const char*>, 2> fixed_paths{
    {{"/favicon.ico", "icon.svg"}, {"/robots.txt", "robots.txt"}}};

// Nothing from elsewhere, and nothing that stands in the page's own text: whatever a model or a document
// makes the page show cannot run.
constexpr auto policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src "
    "'self'; "
    "font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw Error(ErrorCode::internal, "The chat page's file " + path.string() + " cannot be read.");
    return bytes;
}

std::string media_type_of(const fs::path& path) {
    const std::string ending = path.extension();
    if (ending == ".html") return "text/html; charset=utf-8";
    if (ending == ".txt") return "text/plain; charset=utf-8";
    if (ending == ".js") return "text/javascript; charset=utf-8";
    if (ending == ".css") return "text/css; charset=utf-8";
    if (ending == ".svg") return "image/svg+xml";
    if (ending == ".png") return "image/png";
    if (ending == ".woff2") return "font/woff2";
    if (ending == ".json" || ending == ".map") return "application/json";
    if (ending == ".webmanifest") return "application/manifest+json";
    return "application/octet-stream";
}

}  // namespace

Page::Page(const fs::path& folder) {
    if (!fs::exists(folder / "index.html")) return;
    index_ = read(folder / "index.html");
    for (const auto& [path, name] : fixed_paths)
        if (fs::exists(folder / name)) fixed_.emplace(path, read(folder / name));
    if (fs::exists(folder / "docs.html")) docs_ = read(folder / "docs.html");
    if (!fs::exists(folder / "assets")) return;
    for (const auto& entry : fs::directory_iterator(folder / "assets"))
        if (entry.is_regular_file() && entry.path().extension() != ".gz")
            assets_.emplace(entry.path().filename(), read(entry.path()));
}

Page::File Page::read(const fs::path& path) {
    File file{bytes_of(path), {}, media_type_of(path), {}};
    const fs::path packed = path.string() + ".gz";
    if (fs::exists(packed)) file.packed = bytes_of(packed);
    file.etag = '"' + sha256(file.content).substr(0, 32) + '"';
    return file;
}

http::Reply Page::answer(const File& file, const http::Request& request) {
    const bool packed =
        !file.packed.empty() && http::accepts_gzip(request.header("Accept-Encoding").value_or(""));
    const std::string etag = packed ? "W/" + file.etag : file.etag;
    const auto known = request.header("If-None-Match");
    const bool is_known = known && known->find(file.etag) != std::string::npos;
    http::Reply reply = is_known ? http::Reply::empty(304)
                                 : http::Reply::text(packed ? file.packed : file.content, file.media_type);
    if (!is_known && packed) reply.with("Content-Encoding", "gzip");
    return std::move(reply.with("ETag", etag)
                         .with("Vary", "Accept-Encoding")
                         .with("Content-Security-Policy", policy)
                         .with("X-Content-Type-Options", "nosniff")
                         .with("Referrer-Policy", "no-referrer")
                         .with("Cross-Origin-Opener-Policy", "same-origin"));
}

http::Reply Page::document(const std::optional<File>& file, const http::Request& request) {
    if (!file)
        throw Error(
            ErrorCode::not_found,
            "This daemon was built without its chat page. The API is below /api/v1/ai, and GET /openapi.json "
            "describes it; assistctl chat is the chat in a terminal.");
    return std::move(answer(*file, request).with("Cache-Control", "no-cache"));
}

http::Reply Page::asset(const http::Request& request) const {
    const auto found = assets_.find(request.path_value("name"));
    if (found == assets_.end()) throw Error(ErrorCode::not_found, "The chat page has no such file.");
    return std::move(
        answer(found->second, request).with("Cache-Control", "public, max-age=31536000, immutable"));
}

http::Reply Page::unknown(const http::Request& request) const {
    http::Reply reply = document(index_, request);
    if (reply.status == 200) reply.status = 404;
    return reply;
}

void Page::add_routes(http::Router& router) const {
    const http::RouteOptions open{.needs = http::Needs::nothing};  // the page itself asks for a login
    for (const char* path : paths)
        router.add(
            http::Method::get, path,
            [this](http::Request request) -> Task<http::Reply> { co_return document(index_, request); },
            open);
    router.add(
        http::Method::get, "/docs",
        [this](http::Request request) -> Task<http::Reply> { co_return document(docs_, request); }, open);
    for (const auto& [path, file] : fixed_)
        router.add(
            http::Method::get, path,
            [&file = file](http::Request request) -> Task<http::Reply> {
                co_return std::move(answer(file, request).with("Cache-Control", "public, max-age=86400"));
            },
            open);
    if (exists())
        router.answer_unknown(
            [this](http::Request request) -> Task<http::Reply> { co_return unknown(request); }, open);
    router.add(
        http::Method::get, "/assets/{name}",
        [this](http::Request request) -> Task<http::Reply> { co_return asset(request); }, open);
}

}  // namespace assistd::api::web
