#pragma once
// Who may call what, and how often, as the configuration's section `policy` says it. Values, shared
// read-only; what they mean for a call is decided in tools/.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace assistd {

// Some tools: by name ("export_*"), category, plugin id or effect. `*` in `text` stands for anything, but for
// effects, which are reads, writes, network and destructive.
struct ToolPattern {
    enum class Kind { name, category, plugin, effect };
    Kind kind = Kind::name;
    std::string text;

    bool operator==(const ToolPattern&) const = default;
};

// Users by name ("*": all of them) and by role; whoever is in one of the lists. Both empty: everybody.
struct People {
    std::vector<std::string> users;
    std::vector<std::string> roles;

    bool operator==(const People&) const = default;
};

enum class Verdict { allow, ask, deny };

struct PolicyRule {
    Verdict verdict = Verdict::allow;
    std::vector<ToolPattern> tools;
    People people;
    std::string place;             // "assistd.yaml:12", as people are told it
    std::string whole_place = {};  // with the folders, as who configures is

    bool operator==(const PolicyRule&) const = default;
};

// How often each of the people may call the tools, all of them taken together. 0: no limit of that kind.
struct CallLimit {
    std::vector<ToolPattern> tools;  // empty: all but the daemon's own, which only look after the others
    People people;
    int per_minute = 0;        // in any 60 seconds
    std::int64_t per_day = 0;  // of UTC
    int at_once = 0;
    std::string place;
    std::string whole_place = {};

    bool operator==(const CallLimit&) const = default;
};

struct PolicyConfig {
    std::map<std::string, std::vector<std::string>> roles;  // by role: the users who have it
    std::vector<PolicyRule> rules;                          // the first that fits decides
    std::vector<CallLimit> limits;                          // all that fit count

    bool operator==(const PolicyConfig&) const = default;
};

// As it stands in the configuration: "effect:network".
std::string text_of(const ToolPattern& pattern);

}  // namespace assistd
