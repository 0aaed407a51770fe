#include "base/config_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace assistd {
namespace {

[[noreturn]] void refuse_at(const Origin& origin, const std::string& key, const std::string& sentence) {
    const std::string whole = origin.place + ": " + sentence + ".";
    throw Error(ErrorCode::validation, whole, {{key, whole}});
}

// Written as it would have to stand in the file.
std::string as_list(const ConfigValue& value) {
    return value.name + ": [" + (value.kind == ConfigValue::Kind::scalar ? value.text : "") + "]";
}

}  // namespace

const ConfigValue* ConfigValue::child(std::string_view wanted) const {
    const auto found = std::find_if(children.begin(), children.end(),
                                    [&](const ConfigValue& one) { return one.name == wanted; });
    return found == children.end() ? nullptr : &*found;
}

void Mistakes::add(const Error& error) {
    if (error.code() != ErrorCode::validation) throw error;
    sentences_ += (sentences_.empty() ? "" : "\n") + std::string(error.what());
    fields_.insert(fields_.end(), error.fields().begin(), error.fields().end());
}

void Mistakes::tell() const {
    if (!sentences_.empty()) throw Error(ErrorCode::validation, sentences_, fields_);
}

void refuse(const Origin& origin, const std::string& sentence) {
    refuse_at(origin, "", sentence);
}

void refuse(const ConfigValue& value, const std::string& words) {
    refuse_at(value.origin, value.path, value.path + " " + words);
}

void refuse_unknown(const ConfigValue& value) {
    refuse_at(value.origin, value.path, "there is no key " + in_quotes(value.path));
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 80;
    std::string shown;
    for (const char c : text.substr(0, most)) shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return "\"" + shown + (text.size() > most ? "…" : "") + "\"";
}

void merge(ConfigValue& into, ConfigValue from) {
    using enum ConfigValue::Kind;
    if (into.kind != map || from.kind != map) {
        into = std::move(from);
        return;
    }
    into.files.merge(from.files);
    for (ConfigValue& member : from.children) {
        const auto same = std::find_if(into.children.begin(), into.children.end(),
                                       [&](const ConfigValue& one) { return one.name == member.name; });
        if (same == into.children.end())
            into.children.push_back(std::move(member));
        else
            merge(*same, std::move(member));
    }
}

void put(ConfigValue& root, ConfigValue value) {
    ConfigValue* parent = &root;
    const std::string path = value.path;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
        const std::string below = path.substr(0, dot);
        const auto found = std::find_if(parent->children.begin(), parent->children.end(),
                                        [&](const ConfigValue& one) { return one.path == below; });
        if (found != parent->children.end() && found->kind != ConfigValue::Kind::map) return;
        if (found == parent->children.end()) {
            ConfigValue section;
            section.kind = ConfigValue::Kind::map;
            section.path = below;
            section.name = below.substr(below.rfind('.') + 1);
            section.origin = value.origin;
            parent->children.push_back(std::move(section));
            parent = &parent->children.back();
        } else {
            parent = &*found;
        }
    }
    value.name = path.substr(path.rfind('.') + 1);
    std::erase_if(parent->children, [&](const ConfigValue& one) { return one.path == path; });
    parent->children.push_back(std::move(value));
}

const ConfigValue* find(const ConfigValue& root, std::string_view path) {
    for (const ConfigValue& member : root.children) {
        if (member.path == path) return &member;
        if (member.kind == ConfigValue::Kind::map && path.starts_with(member.path + "."))
            return find(member, path);
    }
    return nullptr;
}

const std::string& text_of(const ConfigValue& value) {
    using enum ConfigValue::Kind;
    if (value.kind == nothing) refuse(value, "must have a value");
    if (value.kind == list) refuse(value, "must be one value, not a list");
    if (value.kind == map) refuse(value, "must be one value, not a mapping of keys to values");
    return value.text;
}

std::vector<std::string> texts_of(const ConfigValue& value) {
    using enum ConfigValue::Kind;
    if (value.kind == nothing) refuse(value, "must have a value; an empty list is []");
    if (value.kind == scalar && value.text.size() < 80)
        refuse(value, "must be a list; write " + as_list(value));
    if (value.kind != list) refuse(value, "must be a list, such as " + value.name + ": [one, two]");
    std::vector<std::string> texts;
    for (const ConfigValue& item : value.children) {
        if (item.kind != scalar) refuse(item, "must be a list of plain values");
        texts.push_back(item.text);
    }
    return texts;
}

const std::vector<ConfigValue>& members_of(const ConfigValue& value) {
    if (value.kind != ConfigValue::Kind::map) refuse(value, "must be a mapping of keys to values");
    return value.children;
}

const std::string& word_of(const ConfigValue& value, std::initializer_list<std::string_view> allowed) {
    const std::string& text = text_of(value);
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
    std::string all;
    for (const std::string_view word : allowed) all.append(all.empty() ? "" : ", ").append(word);
    refuse(value, "must be one of " + all + "; it is " + in_quotes(text));
}

bool truth_of(const ConfigValue& value) {
    return word_of(value, {"true", "false"}) == "true";
}

template <class Number>
Number number_of(const ConfigValue& value, Number least, Number most) {
    const std::string& text = text_of(value);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // The second comparison is also false for what is not a number at all.
    if (error != std::errc() || end != text.data() + text.size() || !(number >= least && number <= most))
        refuse(value, fmt::format("must be a number from {} to {}; it is {}", least, most, in_quotes(text)));
    return number;
}

template int number_of(const ConfigValue&, int, int);
template std::int64_t number_of(const ConfigValue&, std::int64_t, std::int64_t);
template std::uint16_t number_of(const ConfigValue&, std::uint16_t, std::uint16_t);
template double number_of(const ConfigValue&, double, double);

std::chrono::milliseconds seconds_of(const ConfigValue& value, double least, double most) {
    return std::chrono::milliseconds(std::llround(number_of(value, least, most) * 1000));
}

}  // namespace assistd
