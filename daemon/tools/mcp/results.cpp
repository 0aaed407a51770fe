#include "tools/mcp/results.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/base64.h"
#include "base/error.h"
#include "base/utf8.h"
#include "tools/results.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

constexpr std::size_t longest_summary = 200;
constexpr std::size_t longest_failure = 16u << 10;
constexpr std::size_t longest_beside = 16u << 10;  // as plugins' summaries
constexpr std::size_t most_files = 32;
constexpr std::size_t longest_name = 120;

std::string extension_of(const std::string& media_type) {
    const std::string kind = media_type.substr(0, media_type.find(';'));
    constexpr std::pair<std::string_view, const char*> known[] = {
        {"image/png", ".png"},       {"image/jpeg", ".jpg"},        {"image/gif", ".gif"},
        {"image/webp", ".webp"},     {"image/svg+xml", ".svg"},     {"audio/wav", ".wav"},
        {"audio/x-wav", ".wav"},     {"audio/mpeg", ".mp3"},        {"audio/ogg", ".ogg"},
        {"application/pdf", ".pdf"}, {"application/json", ".json"}, {"application/gzip", ".gz"},
        {"application/zip", ".zip"}, {"text/plain", ".txt"},        {"text/csv", ".csv"},
        {"text/html", ".html"},      {"text/markdown", ".md"},
    };
    for (const auto& [type, extension] : known)
        if (type == kind) return extension;
    return "";
}

// type/subtype, and nothing that a header could not take.
std::string media_type_of(const Json& content, const char* otherwise) {
    const std::string type = text_in(content, "mimeType");
    const bool good = type.find('/') != std::string::npos && type.size() <= 100 &&
                      std::all_of(type.begin(), type.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    return good ? type : otherwise;
}

// The last step of a URI, as a file's name.
std::string name_from(const std::string& uri) {
    std::string path = uri.substr(0, uri.find_first_of("?#"));
    while (path.ends_with('/')) path.pop_back();
    std::string name = path.substr(path.find_last_of("/:") + 1);
    for (char& c : name)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\' || c == '"') c = '_';
    if (name.find_first_not_of('.') == std::string::npos) name.clear();
    return excerpt(name, longest_name);
}

// Whether the text says no more than the data does: servers repeat structured content as text, the whole or
// its parts.
bool is_in(const Json& data, const std::string& text, const Json& meaning) {
    if (data == meaning || (data.is_string() && data == text)) return true;
    return data.is_structured() && std::any_of(data.begin(), data.end(),
                                               [&](const Json& part) { return is_in(part, text, meaning); });
}

const Json no_data;

// Gathers the pieces of one answer. `data`: what it has beside them; null: nothing.
class Gathering {
  public:
    Gathering(core::Artifacts& artifacts, const std::string& prefix, const Json& data = no_data)
        : artifacts_(artifacts), prefix_(prefix), data_(data) {}

    void add(const Json& content) {
        const std::string type = text_in(content, "type");
        if (type == "text")
            add_told(text_in(content, "text"));
        else if (type == "image" || type == "audio")
            add_base64(type, text_in(content, "data"),
                       media_type_of(content, type == "image" ? "image/png" : "audio/wav"), "");
        else if (type == "resource")
            add_resource(member(content, "resource"));
        else if (type == "resource_link")
            add_link(content);
        else
            add_text("[Content of the kind \"" + excerpt(type, 40) + "\" was left out.]");
    }

    void add_resource(const Json& resource) {
        const std::string uri = text_in(resource, "uri");
        const Json& text = member(resource, "text");
        if (!text.is_string())
            add_base64("resource", text_in(resource, "blob"),
                       media_type_of(resource, "application/octet-stream"), uri);
        else if (data_.is_null())
            add_text(text.get<std::string>());
        else
            add_file("resource", text.get<std::string>(), media_type_of(resource, "text/plain"), uri);
    }

    void add_text(const std::string& text) {
        if (!text_.empty()) text_ += '\n';
        text_ += text;
    }

    const std::string& text() const { return text_; }
    std::vector<core::ArtifactDraft> take_files() { return std::move(files_); }

  private:
    void add_link(const Json& link) {
        std::string line =
            "[Resource " + excerpt(text_in(link, "name"), longest_name) + ": " + text_in(link, "uri");
        const std::string about = excerpt(text_in(link, "description"), 300);
        if (!about.empty()) line += " - " + about;
        add_text(line + (prefix_.empty() ? ".]" : ". " + prefix_ + "read_resource reads it.]"));
    }

    void add_told(const std::string& text) {
        if (data_.is_null() || !is_in(data_, text, Json::parse(text, nullptr, false))) add_text(text);
    }

    void add_base64(const std::string& kind, const std::string& base64, const std::string& media_type,
                    const std::string& uri) {
        const std::optional<std::string> bytes = from_base64(base64);
        if (!bytes || bytes->empty())
            add_text("[" + kind + " content that cannot be read was left out.]");
        else
            add_file(kind, *bytes, media_type, uri);
    }

    void add_file(const std::string& kind, const std::string& bytes, const std::string& media_type,
                  const std::string& uri) {
        if (files_.size() >= most_files) return add_text("[More than 32 files: one was left out.]");
        core::ArtifactDraft draft;
        draft.file = artifacts_.new_file();
        write(draft.file.get(), bytes);
        draft.about.kind = kind == "image" || media_type.starts_with("image/") ? "image" : kind;
        draft.about.media_type = media_type;
        draft.about.name = name_from(uri);
        if (draft.about.name.empty())
            draft.about.name = kind + "-" + std::to_string(files_.size() + 1) + extension_of(media_type);
        if (!uri.empty()) draft.about.metadata = "{\"uri\":" + json_string(uri) + "}";
        files_.push_back(std::move(draft));
    }

    static void write(int file, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(file, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0)
                throw Error(ErrorCode::unavailable, std::string("A file of a result cannot be written: ") +
                                                        std::strerror(errno) + ".");
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    core::Artifacts& artifacts_;
    const std::string& prefix_;
    const Json& data_;
    std::string text_;
    std::vector<core::ArtifactDraft> files_;
};

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string first_line(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return "";
    return excerpt(std::string_view(text).substr(begin, text.find('\n', begin) - begin), longest_summary);
}

// What there is to say beside the data.
std::string told_beside(const std::string& text) {
    std::string told(whole_characters(text, longest_beside));
    while (!told.empty() && std::strchr(" \t\r\n", told.back())) told.pop_back();
    return text.size() > longest_beside ? told + "…" : told;
}

// Many servers write JSON as text, which is easier to read as what it is.
Json as_data(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin != std::string::npos && (text[begin] == '{' || text[begin] == '[')) {
        Json json = Json::parse(text, nullptr, false);
        if (!json.is_discarded() && json.is_structured()) return json;
    }
    return text;
}

SourceResult good(Json data, std::string summary, Gathering& gathering) {
    SourceResult result;
    result.success = true;
    result.data = to_text(data);
    result.summary = std::move(summary);
    result.artifacts = gathering.take_files();
    return result;
}

SourceResult not_mcp(const char* what) {
    return failed(core::ToolErrorType::InternalError,
                  std::string("The MCP server's answer has no ") + what + ", so nothing can be told of it.",
                  true);
}

}  // namespace

SourceResult call_result(const Json& result, core::Artifacts& artifacts, const std::string& prefix) {
    const Json& content = member(result, "content");
    const Json& structured = member(result, "structuredContent");
    if (!content.is_array() && structured.is_null()) return not_mcp("content");
    const bool has_failed = member(result, "isError") == true;
    Gathering gathering(artifacts, prefix, has_failed ? no_data : structured);
    if (content.is_array())
        for (const Json& one : content) gathering.add(one);
    if (has_failed) {
        std::string why = excerpt(gathering.text(), longest_failure);
        if (why.empty()) why = "The tool failed and did not say why.";
        return failed(core::ToolErrorType::InternalError, why, true,
                      structured.is_null() ? "" : to_text(structured));
    }
    if (!structured.is_null()) return good(structured, told_beside(gathering.text()), gathering);
    // What people are shown of a text that is JSON is the data itself.
    Json data = as_data(gathering.text());
    const std::string summary = data.is_string() ? first_line(gathering.text()) : "";
    return good(std::move(data), summary, gathering);
}

SourceResult resource_result(const Json& result, core::Artifacts& artifacts) {
    const Json& contents = member(result, "contents");
    if (!contents.is_array()) return not_mcp("contents");
    const std::string no_prefix;
    Gathering gathering(artifacts, no_prefix);
    for (const Json& one : contents) gathering.add_resource(one);
    return good(gathering.text(), first_line(gathering.text()), gathering);
}

SourceResult prompt_result(const Json& result, core::Artifacts& artifacts, const std::string& prefix) {
    const Json& messages = member(result, "messages");
    if (!messages.is_array()) return not_mcp("messages");
    Gathering files(artifacts, prefix);
    Json texts = Json::array();
    std::vector<core::ArtifactDraft> drafts;
    for (const Json& message : messages) {
        Gathering one(artifacts, prefix);
        one.add(member(message, "content"));
        texts.push_back({{"role", text_in(message, "role")}, {"text", one.text()}});
        for (core::ArtifactDraft& draft : one.take_files()) drafts.push_back(std::move(draft));
    }
    SourceResult all =
        good({{"messages", std::move(texts)}}, first_line(text_in(result, "description")), files);
    if (drafts.size() > most_files) drafts.resize(most_files);
    all.artifacts = std::move(drafts);
    return all;
}

SourceResult list_result(const std::vector<std::pair<std::string, std::vector<Json>>>& lists) {
    Json data = Json::object();
    std::string summary;
    for (const auto& [name, listed] : lists) {
        Json& kept = data[name] = Json::array();
        for (const Json& one : listed) {
            Json entry = Json::object();
            for (const char* key :
                 {"uri", "uriTemplate", "name", "title", "description", "mimeType", "arguments"})
                if (const Json& value = member(one, key); !value.is_null()) entry[key] = value;
            kept.push_back(std::move(entry));
        }
        summary += (summary.empty() ? "" : ", ") + std::to_string(listed.size()) + " " + name;
    }
    SourceResult result;
    result.success = true;
    result.data = to_text(data);
    result.summary = summary + ".";
    return result;
}

}  // namespace assistd::tools::mcp
