#include "base/config_sections.h"

#include <algorithm>

#include "base/config_limits.h"
#include "base/config_mcp.h"
#include "base/config_policy.h"
#include "base/config_providers.h"
#include "base/config_telemetry.h"

namespace assistd {
namespace {

// tools: {NAME: {job_after_s: 5, approval: always}}
void read_tools(Config& config, const ConfigValue& tools) {
    const auto read = [&](const std::string& tool, const ConfigValue& key) {
        if (key.name == "job_after_s")
            config.job_after[tool] = seconds_of(key, 0, 86'400);
        else if (key.name == "approval")
            config.approvals[tool] = word_of(key, {"always", "never"}) == "always";
        else
            refuse_unknown(key);
    };
    read_members(tools, [&](const ConfigValue& tool) {
        read_members(tool, [&](const ConfigValue& key) { read(tool.name, key); });
    });
}

struct Section {
    std::string_view name;
    void (*read)(Config&, const ConfigValue&, const KeySources&);
};

// In the order of config/assistd.yaml.
constexpr Section sections[] = {
    {"providers",
     [](Config& c, const ConfigValue& v, const KeySources& k) { c.providers = read_providers(v, k); }},
    {"tools", [](Config& c, const ConfigValue& v, const KeySources&) { read_tools(c, v); }},
    {"policy",
     [](Config& c, const ConfigValue& v, const KeySources&) { c.policy = read_policy(v, c.warnings); }},
    {"limits",
     [](Config& c, const ConfigValue& v, const KeySources&) { c.limits = read_limits(v, c.warnings); }},
    {"mcp", [](Config& c, const ConfigValue& v, const KeySources& k) { c.mcp = read_mcp(v, k); }},
    {"telemetry", [](Config& c, const ConfigValue& v, const KeySources&) { read_telemetry(c, v); }},
};

}  // namespace

bool read_section(Config& config, const ConfigValue& section, const KeySources& keys) {
    const auto found = std::find_if(std::begin(sections), std::end(sections),
                                    [&](const Section& one) { return one.name == section.name; });
    if (found == std::end(sections)) return false;
    found->read(config, section, keys);
    return true;
}

}  // namespace assistd
