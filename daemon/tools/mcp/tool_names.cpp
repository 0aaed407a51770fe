#include "tools/mcp/tool_names.h"

#include <algorithm>

namespace assistd::tools::mcp {
namespace {

// What every model's interface takes.
constexpr std::size_t longest_name = 64;
// A server may make up new names for ever; those that it has forgotten are then forgotten here as well.
constexpr std::size_t most_names = 20'000;

bool is_allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string numbered(const std::string& name, int number) {
    const std::string end = "_" + std::to_string(number);
    return name.substr(0, longest_name - end.size()) + end;
}

}  // namespace

std::string clean_name(std::string_view prefix, std::string_view own_name) {
    std::string name(prefix);
    for (std::size_t i = 0; i < own_name.size(); ++i) {
        // One for a whole character, however many bytes it has.
        if ((static_cast<unsigned char>(own_name[i]) & 0xC0) == 0x80) continue;
        name += is_allowed(own_name[i]) ? own_name[i] : '_';
    }
    name.resize(std::min(name.size(), longest_name));
    return name;
}

std::map<std::string, std::string> ToolNames::name_all(const std::set<std::string>& own_names) {
    if (names_.size() > most_names) {
        names_.clear();
        taken_.clear();
    }
    const auto give = [&](const std::string& own, const std::string& name) {
        names_[own] = name;
        taken_.insert(name);
    };
    for (const std::string& own : own_names) {
        const std::string name = clean_name(prefix_, own);
        if (!names_.contains(own) && name == prefix_ + own && !taken_.contains(name)) give(own, name);
    }
    std::map<std::string, std::string> all;
    for (const std::string& own : own_names) {
        if (!names_.contains(own)) {
            const std::string name = clean_name(prefix_, own);
            std::string free = name;
            for (int number = 2; taken_.contains(free); ++number) free = numbered(name, number);
            give(own, free);
        }
        all[own] = names_.at(own);
    }
    return all;
}

}  // namespace assistd::tools::mcp
