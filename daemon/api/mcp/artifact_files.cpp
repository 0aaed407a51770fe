#include "api/mcp/artifact_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/base64.h"
#include "base/error.h"
#include "core/artifact_json.h"

namespace assistd::api::mcp {
namespace {

constexpr std::string_view uri_prefix = "assistd://artifacts/";
constexpr int page_size = 100;
constexpr std::int64_t most_read = 8 << 20;
constexpr std::int64_t most_shown = 256 << 10;
constexpr std::size_t longest_uri = 2'000;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

// Empty for what is no address of an artifact.
std::string handle_of(const std::string& uri) {
    if (!uri.starts_with(uri_prefix) || uri.size() > longest_uri) return {};
    std::string handle;
    for (std::size_t i = uri_prefix.size(); i < uri.size(); ++i) {
        if (uri[i] != '%') {
            handle += uri[i];
            continue;
        }
        const int high = i + 2 < uri.size() ? value_of(uri[i + 1]) : -1;
        const int low = high < 0 ? -1 : value_of(uri[i + 2]);
        if (low < 0) return {};
        handle += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return handle;
}

bool is_text_type(const std::string& type) {
    const std::string plain = type.substr(0, type.find(';'));
    return plain.starts_with("text/") || plain == "application/json" || plain == "application/xml" ||
           plain == "application/x-ndjson" || plain == "application/yaml" || plain.ends_with("+json") ||
           plain.ends_with("+xml");
}

bool is_utf8(const std::string& bytes) {
    try {
        (void)Json(bytes).dump();
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

Json describe(const core::Artifact& artifact) {
    Json json = {{"uri", uri_of(artifact.handle)}, {"name", artifact.handle}, {"title", artifact.name}};
    if (!artifact.tool.empty()) json["description"] = artifact.kind + " made by " + artifact.tool;
    json["mimeType"] = artifact.media_type;
    json["size"] = artifact.size;
    json["annotations"] = {{"lastModified", to_iso8601(artifact.created_at)}};
    return json;
}

[[noreturn]] void refuse(const std::string& sentence, int error = code::invalid_params, Json data = nullptr) {
    throw RpcError(error, sentence, 200, std::move(data));
}

}  // namespace

std::string uri_of(const std::string& handle) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string uri(uri_prefix);
    for (const char c : handle) {
        if (is_plain(c)) {
            uri += c;
            continue;
        }
        uri += '%';
        uri += digits[static_cast<unsigned char>(c) >> 4];
        uri += digits[static_cast<unsigned char>(c) & 15];
    }
    return uri;
}

Json resource_link(const core::ArtifactRef& artifact) {
    return {{"type", "resource_link"},
            {"uri", uri_of(artifact.handle)},
            {"name", artifact.handle},
            {"title", artifact.name},
            {"description",
             "A file of the kind " + artifact.kind + "; tools take it as \"" + artifact.handle + "\"."},
            {"mimeType", artifact.media_type},
            {"size", artifact.size}};
}

std::string shown_as(const core::ArtifactRef& artifact) {
    if (artifact.size > most_shown) return {};
    for (const char* picture : {"image/png", "image/jpeg", "image/gif", "image/webp"})
        if (artifact.media_type == picture) return "image";
    for (const char* sound : {"audio/wav", "audio/mpeg", "audio/ogg"})
        if (artifact.media_type == sound) return "audio";
    return {};
}

Task<std::string> bytes_of(const Backend& backend, core::Artifact artifact) {
    const UniqueFd file = co_await backend.artifacts.open(artifact);
    std::string bytes(static_cast<std::size_t>(artifact.size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got =
            ::pread(file.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0)
            throw Error(ErrorCode::unavailable, "The file of " + artifact.handle + " cannot be read.");
        done += static_cast<std::size_t>(got);
    }
    co_return bytes;
}

Task<Json> list_resources(const Backend& backend, core::Owner user, Json params) {
    core::ArtifactQuery query;
    query.owner = std::move(user);
    query.limit = page_size;
    const Json& cursor = member(params, "cursor");
    if (!cursor.is_null() && !cursor.is_string()) refuse("The cursor must be a text.");
    if (cursor.is_string()) query.cursor = cursor.get<std::string>();
    const core::Page<core::Artifact> page = co_await backend.artifacts.list(query);
    Json resources = Json::array();
    for (const core::Artifact& artifact : page.items) resources.push_back(describe(artifact));
    Json result = {{"resources", std::move(resources)}};
    if (!page.next.empty()) result["nextCursor"] = page.next;
    co_return result;
}

Json list_templates() {
    const Json artifact = {
        {"uriTemplate", std::string(uri_prefix) + "{handle}"},
        {"name", "artifact"},
        {"title", "Artifact"},
        {"description", "A file that a tool made or somebody uploaded, by its handle, such as plot-3"}};
    return {{"resourceTemplates", Json::array({artifact})}};
}

Task<Json> read_resource(const Backend& backend, core::Owner user, Json params, int not_found) {
    const Json& uri = member(params, "uri");
    if (!uri.is_string()) refuse("The params must have a text uri.");
    const std::string address = uri.get<std::string>();
    const std::string handle = handle_of(address);
    std::optional<core::Artifact> found;
    if (!handle.empty()) {
        try {
            found = co_await backend.artifacts.find(user, handle);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
        }
    }
    const Json data = {{"uri", address.substr(0, longest_uri)}};
    if (!found) refuse("There is no resource at this address.", not_found, data);
    if (found->size > most_read)
        refuse(found->handle + " is larger than 8 MiB; download it with GET " +
                   core::content_url(found->handle) + ".",
               code::invalid_params, data);
    std::string bytes = co_await bytes_of(backend, *found);
    Json content = {{"uri", address}, {"mimeType", found->media_type}};
    if (is_text_type(found->media_type) && is_utf8(bytes))
        content["text"] = std::move(bytes);
    else
        content["blob"] = to_base64(bytes);
    Json result;
    result["contents"] = Json::array({std::move(content)});
    co_return result;
}

}  // namespace assistd::api::mcp
