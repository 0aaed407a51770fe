#include "knowledge/extract/kind.h"

#include <algorithm>
#include <array>

#include "knowledge/extract/failure.h"

namespace assistd::extract {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t beginning_bytes = 4'096;

struct Magic {
    std::size_t at;
    std::string_view bytes;
    const char* what;  // "is …"
};
constexpr const char* picture = "a picture; only text is read, so upload what it says as text or PDF";
constexpr const char* sound = "a sound or video file; upload a transcript of it";
constexpr const char* archive = "an archive; unpack it and upload the documents in it";
constexpr const char* program = "a program";
constexpr const char* database = "a database; export what is needed of it as csv or json";
constexpr std::array<Magic, 27> refused = {{{0, "\x89PNG", picture},
                                            {0, "\xFF\xD8\xFF", picture},
                                            {0, "GIF8", picture},
                                            {0, "II*\0"sv, picture},
                                            {0, "MM\0*"sv, picture},
                                            {8, "WEBP", picture},
                                            {0, "8BPS", picture},
                                            {8, "WAVE", sound},
                                            {8, "AVI ", sound},
                                            {0, "ID3", sound},
                                            {0, "OggS", sound},
                                            {0, "fLaC", sound},
                                            {4, "ftyp", sound},
                                            {0, "\x1A\x45\xDF\xA3", sound},
                                            {0, "\x1F\x8B", archive},
                                            {0, "BZh", archive},
                                            {0,
                                             "\xFD"
                                             "7zXZ",
                                             archive},
                                            {0, "\x28\xB5\x2F\xFD", archive},
                                            {0, "7z\xBC\xAF", archive},
                                            {0, "Rar!", archive},
                                            {257, "ustar", archive},
                                            {0,
                                             "\x7F"
                                             "ELF",
                                             program},
                                            {0, "MZ", program},
                                            {0, "SQLite format 3", database},
                                            {0, "\x89HDF\r\n", database},
                                            {0, "PAR1", database},
                                            {0, "%!PS", "PostScript; convert it to PDF"}}};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

std::string ending_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? "" : lower(name.substr(dot + 1));
}

bool is_one_of(const std::string& ending, std::initializer_list<const char*> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](const char* one) { return ending == one; });
}

// Files of the old Microsoft Office, and new ones with a password, are in the same container.
[[noreturn]] void refuse_compound_file(const InputFile& file, const std::string& ending) {
    constexpr std::string_view encrypted = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
    std::string tail;
    Blocks blocks(file);
    for (std::string block; blocks.next(block);) {
        tail += block;
        if (tail.find(encrypted) != std::string::npos)
            invalid("is protected by a password; upload it without one");
        tail.erase(0, tail.size() - std::min(tail.size(), encrypted.size()));
    }
    if (is_one_of(ending, {"xls", "xlt"}))
        unsupported("is an old Excel spreadsheet; save it as csv and upload that");
    if (is_one_of(ending, {"ppt", "pps"}))
        unsupported("is an old PowerPoint presentation; save it as PDF and upload that");
    if (ending == "msg") unsupported("is an Outlook message; save it as text or html and upload that");
    unsupported("is an old Word document (.doc) or another old Office file; save it as docx and upload that");
}

bool begins_as_html(std::string beginning) {
    beginning = lower(std::move(beginning));
    if (beginning.starts_with("\xEF\xBB\xBF")) beginning.erase(0, 3);
    std::size_t at = 0;
    for (;;) {
        at = beginning.find_first_not_of(" \t\r\n", at);
        if (at == std::string::npos || beginning.compare(at, 4, "<!--") != 0) break;
        at = beginning.find("-->", at);
        if (at != std::string::npos) at += 3;
    }
    if (at == std::string::npos) return false;
    const std::string_view rest = std::string_view(beginning).substr(at);
    return rest.starts_with("<!doctype html") || rest.starts_with("<html") ||
           (rest.starts_with("<?xml") && rest.find("<html") != std::string_view::npos);
}

Kind kind_by_name(const std::string& ending) {
    if (is_one_of(ending, {"md", "markdown", "mkd", "mdx"})) return Kind::markdown;
    if (is_one_of(ending, {"csv", "tsv", "tab"})) return Kind::csv;
    if (is_one_of(ending, {"json", "geojson", "jsonl", "ndjson"})) return Kind::json;
    if (is_one_of(ending, {"html", "htm", "xhtml"})) return Kind::html;
    if (ending == "pdf") invalid("is no PDF, whatever its name says; perhaps its download was not complete");
    if (is_one_of(ending, {"docx", "docm", "dotx"})) invalid("is no Word document, whatever its name says");
    if (ending == "rtf") invalid("is no RTF, whatever its name says");
    if (is_one_of(ending, {"xlsx", "xls", "pptx", "ppt", "odt", "ods", "odp", "epub", "zip", "doc"}))
        invalid("is no ." + ending + " file, whatever its name says");
    return Kind::plain;
}

}  // namespace

Kind kind_of(const InputFile& file, const std::string& name) {
    if (file.size() == 0) invalid("is empty");
    const std::string beginning = file.read(0, beginning_bytes);
    const std::string ending = ending_of(name);
    const std::string_view first = std::string_view(beginning).substr(0, 1'024);
    const std::size_t pdf = first.find("%PDF-");
    if (pdf == 0 || (pdf != std::string_view::npos && ending == "pdf")) return Kind::pdf;
    if (beginning.starts_with("PK\x03\x04") || beginning.starts_with("PK\x05\x06")) return Kind::docx;
    if (beginning.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) refuse_compound_file(file, ending);
    if (beginning.starts_with("{\\rtf")) return Kind::rtf;
    for (const Magic& magic : refused)
        if (beginning.size() >= magic.at &&
            std::string_view(beginning).substr(magic.at).starts_with(magic.bytes))
            unsupported(std::string("is ") + magic.what);
    return begins_as_html(beginning) ? Kind::html : kind_by_name(ending);
}

}  // namespace assistd::extract
