#include "api/download.h"

#include "api/conversations/byte_range.h"
#include "api/file_name.h"

namespace assistd::api {
namespace {

// Tools give all that they make the same few names; in a folder of downloads they have to be told apart. What
// people have sent they know by the name that they gave it.
std::string saved_as(const core::Artifact& artifact) {
    const std::string handle = artifact.handle + "-";
    if (artifact.tool.empty() || artifact.name.starts_with(handle)) return artifact.name;
    return safe_file_name(handle + artifact.name);
}

}  // namespace

Task<http::Reply> download(core::Artifacts& artifacts, core::Artifact artifact, const http::Request& request,
                           http::ErrorRenderer refusal, bool shown) {
    const std::string etag = '"' + artifact.sha256 + '"';
    const auto known = request.header("If-None-Match");
    if (known && (*known == "*" || known->find(etag) != std::string::npos))
        co_return http::Reply::empty(304).with("ETag", etag);

    const auto if_range = request.header("If-Range");
    std::optional<conversations::ByteRange> range;
    try {
        if (!if_range || *if_range == etag)
            range = conversations::range_of(request.header("Range").value_or(""), artifact.size);
    } catch (const Error& outside) {
        co_return refusal(outside, request.request_id)
            .with("Content-Range", "bytes */" + std::to_string(artifact.size));
    }
    UniqueFd file = co_await artifacts.open(artifact);
    http::FileBody body{std::make_shared<UniqueFd>(std::move(file)), 0, artifact.size};
    if (range) {
        body.offset = range->offset;
        body.length = range->length;
    }
    // Else never shown in the daemon's own origin: a file may be anything, also a page with a script.
    const bool harmless = artifact.media_type == "application/pdf" || artifact.media_type == "image/png" ||
                          artifact.media_type == "image/jpeg" || artifact.media_type == "image/webp" ||
                          artifact.media_type == "image/gif";
    constexpr std::string_view attached = "attachment";
    const std::string disposition = attachment(saved_as(artifact));
    http::Reply reply = http::Reply::file(std::move(body), artifact.media_type);
    reply.with("ETag", etag)
        .with("Accept-Ranges", "bytes")
        .with("Content-Disposition",
              shown && harmless ? "inline" + disposition.substr(attached.size()) : disposition)
        .with("X-Content-Type-Options", "nosniff");
    if (range) {
        reply.status = 206;
        reply.with("Content-Range", "bytes " + std::to_string(range->offset) + "-" +
                                        std::to_string(range->offset + range->length - 1) + "/" +
                                        std::to_string(artifact.size));
    }
    co_return reply;
}

}  // namespace assistd::api
