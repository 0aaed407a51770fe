#include "providers/offline/reply/result_text.h"

#include "providers/offline/reply/passages.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t most_rows = 20;
constexpr std::size_t longest_text = 2'000;  // bytes of one value: a row may end with what to mind
constexpr std::size_t longest_summary = 6'000;

std::string shortened(std::string text, std::size_t longest = longest_text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string text_at(const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? shortened(found->get<std::string>()) : std::string();
}

std::string value_text(const json& value) {
    return shortened(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string first_of(const json& row, std::initializer_list<const char*> keys, std::string* used) {
    for (const char* key : keys)
        if (std::string text = text_at(row, key); !text.empty()) {
            *used = key;
            return text;
        }
    return "";
}

// "- **dla**: grows …" for an object, "- dla" for a plain value.
std::string row_text(const json& row) {
    if (!row.is_object()) return "- " + value_text(row) + "\n";
    std::string name_key;
    std::string about_key;
    const std::string name =
        first_of(row, {"handle", "name", "id", "job_id", "algorithm", "title"}, &name_key);
    std::string about =
        first_of(row, {"summary", "description", "grows", "title", "status", "kind"}, &about_key);
    if (about_key == name_key) about.clear();
    if (about.empty())
        for (const auto& [key, value] : row.items())
            if (key != name_key && value.is_primitive() && !value.is_null())
                about += (about.empty() ? "" : ", ") + key + " " + value_text(value);
    // Studies of one tool are called alike: the id tells which.
    std::string id_key;
    if (const std::string id = first_of(row, {"table", "study_id"}, &id_key);
        name_key == "name" && !id.empty())
        about = id + (about.empty() ? "" : ", ") + about;
    if (name.empty()) return "- " + about + "\n";
    return "- **" + name + "**" + (about.empty() ? "" : ": " + about) + "\n";
}

// ", 3 of which warn": of the rows that are not shown.
std::string warned_of(const json& rows) {
    const auto warns = [](const json& row) {
        return row.is_object() && row.contains("warnings") && !row["warnings"].empty();
    };
    const auto count = std::count_if(rows.begin() + static_cast<long>(most_rows), rows.end(), warns);
    return count == 0 ? "" : ", " + std::to_string(count) + " of which warn";
}

void bold(std::string& text, const std::string& handle) {
    for (std::size_t at = 0; (at = text.find(handle, at)) != std::string::npos;) {
        const char before = at == 0 ? ' ' : text[at - 1];
        const std::size_t end = at + handle.size();
        const char after = end < text.size() ? text[end] : ' ';
        const auto part_of_word = [](char c) {
            return c == '*' || c == '-' || c == '_' || std::isalnum(static_cast<unsigned char>(c));
        };
        if (!part_of_word(before) && !part_of_word(after)) {
            text.replace(at, handle.size(), "**" + handle + "**");
            at += 4;
        }
        at += handle.size();
    }
}

}  // namespace

std::string result_line(const Call& call, const std::string& title) {
    // What a tool wrote to be read is the answer; its summary is of that.
    if (const std::string text = call.text("text"); !text.empty() && call.artifacts().empty()) return text;
    std::string line = shortened(call.summary(), longest_summary);
    if (line.empty()) line = title + " is done.";
    std::string others;
    for (const MadeArtifact& artifact : call.artifacts()) {
        const std::string before = line;
        bold(line, artifact.handle);
        if (line == before) others += (others.empty() ? "" : ", ") + ("**" + artifact.handle + "**");
    }
    return others.empty() ? line : line + " → " + others;
}

std::string result_rows(const Call& call) {
    const auto data = call.body.find("data");
    if (data == call.body.end()) return "";
    if (call.block->name == "file_search") {
        const json arguments = json::parse(call.block->arguments, nullptr, false);
        return text_of_passages(call, text_at(arguments, "query"), Fit::any);
    }
    const json* rows = data->is_array() ? &*data : nullptr;
    if (data->is_object())
        for (const auto& [key, value] : data->items())
            if (value.is_array() && !rows) rows = &value;
    std::string text;
    if (!rows) {
        if (!data->is_object() || !call.summary().empty()) return "";
        for (const auto& [key, value] : data->items())
            if (value.is_primitive() && !value.is_null())
                text += "- " + key + ": " + value_text(value) + "\n";
        return text;
    }
    for (std::size_t i = 0; i < rows->size() && i < most_rows; ++i) text += row_text((*rows)[i]);
    if (rows->size() > most_rows)
        text += "- … and " + std::to_string(rows->size() - most_rows) + " more" + warned_of(*rows) + "\n";
    return text;
}

std::string failure_text(const Call& call) {
    const json none = json::object();
    const json& error =
        call.body.contains("error") && call.body["error"].is_object() ? call.body["error"] : none;
    std::string text = text_at(error, "message");
    if (text.empty()) text = "It gave no reason.";
    const auto details = error.find("details");
    if (details == error.end() || !details->is_object() || !details->contains("errors")) return text;
    for (const json& one : (*details)["errors"]) {
        const std::string sentence =
            one.is_string() ? shortened(one.get<std::string>()) : text_at(one, "message");
        if (!sentence.empty() && text.find(sentence) == std::string::npos) text += " " + sentence;
    }
    return text;
}

}  // namespace assistd::providers::offline
