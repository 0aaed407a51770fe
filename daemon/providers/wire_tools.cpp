#include "providers/wire_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.h"

namespace assistd::providers {
namespace {

constexpr std::size_t longest_name = 64;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// FNV-1a: the same on every machine and in every version, unlike std::hash.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037u;
    for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
    return hash;
}

}  // namespace

std::string wire_name(std::string_view name) {
    const bool fits =
        !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), is_plain);
    if (fits) return std::string(name);
    const std::string tail = fmt::format("_{:016x}", hash_of(name));
    std::string plain(name.substr(0, longest_name - tail.size()));
    for (char& c : plain)
        if (!is_plain(c)) c = '_';
    return plain + tail;
}

std::string wire_schema(const std::string& schema) {
    nlohmann::ordered_json parsed = nlohmann::ordered_json::parse(schema, nullptr, false);
    if (!parsed.is_object()) return R"({"type":"object","properties":{}})";
    bool changed = false;
    if (!parsed.contains("type")) {
        parsed["type"] = "object";
        changed = true;
    }
    if (parsed.size() == 1) {  // some servers want the list of properties even when it is empty
        parsed["properties"] = nlohmann::ordered_json::object();
        changed = true;
    }
    for (const char* key : {"oneOf", "anyOf", "allOf", "not", "enum", "if", "then", "else"})
        changed = parsed.erase(key) > 0 || changed;
    return changed ? parsed.dump() : schema;
}

void restore_names(core::ProviderReply& reply, const WireTools& tools) {
    if (tools.names.empty()) return;
    for (core::Block& block : reply.blocks) {
        auto* call = std::get_if<core::ToolCallBlock>(&block);
        if (call == nullptr) continue;
        const auto real = tools.names.find(call->name);
        if (real != tools.names.end()) call->name = real->second;
    }
}

std::string render_function_tools(const core::ToolSet& tools) {
    std::string out;
    if (tools.tools.empty()) return out;
    out += '[';
    for (const auto& tool : tools.tools) {
        out += R"({"type":"function","function":{"name":)";
        append_json_string(out, wire_name(tool->name));
        append_json_member(out, "description", tool->description);
        out += R"(,"parameters":)";
        out += wire_schema(tool->input_schema);
        out += "}},";
    }
    close_json(out, ']');
    return out;
}

std::shared_ptr<const WireTools> WireToolsCache::get(const core::ToolSet& tools) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) {
        if (entry.version == tools.version) return entry.tools;
    }
    constexpr std::size_t kept = 4;  // running turns may still use the sets before the newest
    if (entries_.size() == kept) entries_.erase(entries_.begin());
    auto rendered = std::make_shared<WireTools>();
    rendered->text = render_(tools);
    for (const auto& tool : tools.tools) {
        std::string name = wire_name(tool->name);
        if (name != tool->name) rendered->names.emplace(std::move(name), tool->name);
    }
    entries_.push_back({tools.version, std::move(rendered)});
    return entries_.back().tools;
}

std::shared_ptr<const WireTools> WireToolsCache::get(const std::shared_ptr<const core::ToolSet>& tools) {
    return tools ? get(*tools) : none_;
}

}  // namespace assistd::providers
