#pragma once
// Tools as model servers take them: names of letters, digits, "_" and "-" with at most 64 characters and a
// way back to the real ones, and schemas within the subset that all of them read. Pure functions, and a cache
// of the tools' text that any thread may use.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ports.h"

namespace assistd::providers {

// The name unchanged when servers take it; otherwise a name of its own that they take. Always the same for
// the same name, so that a history reads the same in every request.
std::string wire_name(std::string_view name);

// An input schema with a type and without the keywords that servers refuse at its top; the daemon itself
// checks arguments against the whole schema.
std::string wire_schema(const std::string& schema);

struct WireTools {
    std::string text;                                    // JSON of the list; empty for a set without tools
    std::unordered_map<std::string, std::string> names;  // real ones by wire names, where they differ
};

// Gives the calls of a reply their tools' real names.
void restore_names(core::ProviderReply& reply, const WireTools& tools);

// {"type": "function", "function": {"name", "description", "parameters"}} for each tool.
std::string render_function_tools(const core::ToolSet& tools);

// Keeps the rendered text of the newest tool sets: it is the largest part of most requests and changes
// rarely.
class WireToolsCache {
  public:
    using Render = std::function<std::string(const core::ToolSet& tools)>;

    explicit WireToolsCache(Render render) : render_(std::move(render)) {}
    std::shared_ptr<const WireTools> get(const core::ToolSet& tools);
    // The same; a null set has no tools.
    std::shared_ptr<const WireTools> get(const std::shared_ptr<const core::ToolSet>& tools);

  private:
    struct Entry {
        std::uint64_t version;
        std::shared_ptr<const WireTools> tools;
    };
    const Render render_;
    const std::shared_ptr<const WireTools> none_ = std::make_shared<const WireTools>();
    std::mutex mutex_;
    std::vector<Entry> entries_;  // newest last
};

}  // namespace assistd::providers
