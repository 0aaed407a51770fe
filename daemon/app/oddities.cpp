#include "app/oddities.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/model_windows.h"
#include "app/prompts.h"

namespace assistd::app {
namespace {

constexpr std::string_view own_plugin = "assistd";   // of the daemon's own tools
constexpr std::string_view server_category = "mcp";  // of all MCP servers' tools
const std::string server_plugin = "mcp.";            // and the server's name

// What there is, or may come from an MCP server without another word of the configuration.
class Offered {
  public:
    Offered(const std::vector<McpServerConfig>& servers, const core::ToolSet& tools,
            const HasPlugin& has_plugin)
        : servers_(servers), tools_(tools), has_plugin_(has_plugin) {}

    bool tool(const std::string& name) const {
        return tools_.find(name) != nullptr || std::ranges::any_of(servers_, [&](const auto& server) {
                   return name.starts_with(server.prefix);
               });
    }
    bool category(const std::string& name) const {
        if (name == server_category && !servers_.empty()) return true;
        return std::ranges::any_of(tools_.tools, [&](const auto& tool) { return tool->category == name; });
    }
    bool plugin(const std::string& id) const {
        return id == own_plugin || has_plugin_(id) || std::ranges::any_of(servers_, [&](const auto& server) {
                   return id == server_plugin + server.name;
               });
    }

  private:
    const std::vector<McpServerConfig>& servers_;
    const core::ToolSet& tools_;
    const HasPlugin& has_plugin_;
};

// Empty: it is not in vain.
std::string vain(const ToolPattern& pattern, const Offered& offered) {
    const std::string& text = pattern.text;
    if (text.find('*') != std::string::npos) return {};
    switch (pattern.kind) {
        case ToolPattern::Kind::name:
            if (offered.tool(text)) return {};
            return fmt::format("the tool \"{}\", which no loaded plugin offers", text);
        case ToolPattern::Kind::category:
            if (offered.category(text)) return {};
            return fmt::format("the category \"{}\", which no loaded plugin's tool is of", text);
        case ToolPattern::Kind::plugin:
            if (offered.plugin(text)) return {};
            return fmt::format("the plugin \"{}\", and no plugin file and no MCP server has that id", text);
        case ToolPattern::Kind::effect:
            return {};
    }
    return {};
}

}  // namespace

std::vector<std::string> named_in_vain(const Config& config, const core::ToolSet& tools,
                                       const HasPlugin& has_plugin) {
    const Offered offered(config.mcp.servers, tools, has_plugin);
    std::vector<std::string> sentences;
    const auto add = [&](const std::string& place, const std::string& what) {
        sentences.push_back(place + ": " + what + "; it counts once there is one.");
    };
    const auto place_of = [&](const std::string& path) { return origin_of(config, path).place; };

    std::set<std::string> named;
    for (const auto& [tool, after] : config.job_after) named.insert(tool);
    for (const auto& [tool, always] : config.approvals) named.insert(tool);
    for (const std::string& tool : named)
        if (!offered.tool(tool))
            add(place_of("tools." + tool), "tools." + tool + " is about a tool that no loaded plugin offers");
    for (const auto& [key, ids] : {std::pair("plugins.in_process", &config.plugins_in_process),
                                   std::pair("plugins.network", &config.plugins_with_network)})
        for (const std::string& id : *ids)
            if (!has_plugin(id))
                add(place_of(key), fmt::format("{} names \"{}\", and no plugin file has that id", key, id));

    const auto look_at = [&](const std::vector<ToolPattern>& patterns, const std::string& place) {
        for (const ToolPattern& pattern : patterns)
            if (const std::string what = vain(pattern, offered); !what.empty())
                add(place, "policy names " + what);
    };
    for (const PolicyRule& rule : config.policy.rules) look_at(rule.tools, rule.whole_place);
    for (const CallLimit& limit : config.policy.limits) look_at(limit.tools, limit.whole_place);
    return sentences;
}

std::vector<std::string> users_named_in_vain(const Config& config, const KnowsUser& knows) {
    std::vector<std::string> sentences;
    if (config.auth.mode == AuthMode::none) return sentences;  // nobody is told from anybody
    const auto look_at = [&](const People& people, const std::string& place, const std::string& section) {
        for (const std::string& user : people.users)
            if (user != "*" && !knows(user))
                sentences.push_back(fmt::format(
                    "{}: {} names the user \"{}\", whom nobody knows here; it counts once there is one.",
                    place, section, user));
    };
    for (const UserLimits& entry : config.limits.users) look_at(entry.people, entry.place, "limits.users");
    for (const PolicyRule& rule : config.policy.rules) look_at(rule.people, rule.whole_place, "policy.rules");
    for (const CallLimit& limit : config.policy.limits)
        look_at(limit.people, limit.whole_place, "policy.limits");
    return sentences;
}

std::vector<std::string> oddities_of(const Config& config, const core::ToolSet& tools,
                                     const HasPlugin& has_plugin) {
    std::vector<std::string> sentences = named_in_vain(config, tools, has_plugin);
    std::vector<std::string> small = small_windows(config, core::PromptBuilder(prompts_of(config)), tools);
    sentences.insert(sentences.end(), std::make_move_iterator(small.begin()),
                     std::make_move_iterator(small.end()));
    return sentences;
}

}  // namespace assistd::app
