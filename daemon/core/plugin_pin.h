#pragma once
// What a plugin told of its tools when somebody last agreed to it, to be compared with what it tells now.
// Value type, and how it is kept; any thread.

#include <string>
#include <vector>

#include "base/time.h"
#include "core/ports.h"

namespace assistd::core {

struct PluginPin {
    std::string id;
    std::string version;
    std::string tools;  // JSON object: by each tool's name what models and people are told of it
    Timestamp at;       // since when the plugin is known
};

class PluginPins {
  public:
    virtual ~PluginPins() = default;
    virtual Task<std::vector<PluginPin>> all() = 0;
    virtual Write put(const PluginPin& pin) = 0;  // in place of the one before
};

}  // namespace assistd::core
