#include "http/part_head.h"

#include "base/error.h"
#include "http/header_parameters.h"
#include "http/percent.h"
#include "http/text.h"

namespace assistd::http {
namespace {

Error bad(const std::string& sentence) {
    return Error(ErrorCode::invalid_request, sentence);
}

// Names come with these three escaped and nothing else, a percent sign included (WHATWG HTML, "multipart form
// data").
std::string without_escapes(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        char c = text.front();
        std::size_t size = 3;
        if (equal_ignoring_case(text.substr(0, 3), "%22"))
            c = '"';
        else if (equal_ignoring_case(text.substr(0, 3), "%0d"))
            c = '\r';
        else if (equal_ignoring_case(text.substr(0, 3), "%0a"))
            c = '\n';
        else
            size = 1;
        plain += c;
        text.remove_prefix(size);
    }
    return plain;
}

// filename*=UTF-8'en'na%C3%AFve.txt (RFC 8187). No form should have it, but some libraries send it.
std::optional<std::string> extended_text(std::string_view value) {
    const std::size_t charset = value.find('\'');
    if (charset == std::string_view::npos) return std::nullopt;
    const std::size_t language = value.find('\'', charset + 1);
    if (language == std::string_view::npos || !equal_ignoring_case(value.substr(0, charset), "utf-8"))
        return std::nullopt;
    return percent_decode(value.substr(language + 1), false);
}

void read_disposition(PartHead& head, std::string_view value) {
    const auto disposition = parse_parameters(value);
    const std::string* name = disposition ? disposition->find("name") : nullptr;
    if (!disposition || disposition->value != "form-data" || name == nullptr || name->empty())
        throw bad(
            "Each part of the form needs the header Content-Disposition: form-data; name=\"…\"; one has \"" +
            std::string(value.substr(0, 200)) + "\".");
    head.name = without_escapes(*name);
    if (const std::string* filename = disposition->find("filename"))
        head.filename = without_escapes(*filename);
    if (const std::string* extended = disposition->find("filename*"))
        if (auto text = extended_text(*extended)) head.filename = std::move(text);
}

void read_header(PartHead& head, std::string_view line, bool& has_disposition) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
        line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        throw bad("A part of the form has a line in its head that is no header: \"" +
                  std::string(line.substr(0, 200)) + "\".");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (equal_ignoring_case(name, "Content-Disposition")) {
        if (std::exchange(has_disposition, true))
            throw bad("A part of the form has the header Content-Disposition twice.");
        read_disposition(head, value);
    } else if (equal_ignoring_case(name, "Content-Type")) {
        if (equal_ignoring_case(value.substr(0, 10), "multipart/"))
            throw bad("A part of the form is a multipart itself; send each file as a part of its own.");
        head.content_type = value;
    } else if (equal_ignoring_case(name, "Content-Transfer-Encoding")) {
        for (const std::string_view plain : {"7bit", "8bit", "binary"})
            if (equal_ignoring_case(value, plain)) return;
        throw bad("A part of the form is encoded as \"" + std::string(value.substr(0, 80)) +
                  "\"; send its bytes as they are.");
    }
}

}  // namespace

PartHead parse_part_head(std::string_view text) {
    PartHead head;
    bool has_disposition = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        read_header(head, text.substr(0, end), has_disposition);
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    if (!has_disposition)
        throw bad(
            "A part of the form has no name: it needs the header Content-Disposition: form-data; "
            "name=\"…\".");
    return head;
}

}  // namespace assistd::http
