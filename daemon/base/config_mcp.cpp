#include "base/config_mcp.h"

#include "base/config_value.h"

namespace assistd {

McpConfig read_mcp(const ConfigValue& section) {
    McpConfig mcp;
    for (const ConfigValue& key : members_of(section)) {
        if (key.name == "serve")
            mcp.serve = truth_of(key);
        else
            refuse_unknown(key);
    }
    return mcp;
}

}  // namespace assistd
