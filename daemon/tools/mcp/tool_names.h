#pragma once
// What a server's tools are called here: a prefix, and of their own names what every model takes. Names that
// would be the same are numbered, and stay as they are as long as the daemon runs, whatever else is listed
// later. One for each server, used by one coroutine at a time.

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace assistd::tools::mcp {

class ToolNames {
  public:
    explicit ToolNames(std::string prefix) : prefix_(std::move(prefix)) {}

    // The names of these tools, by their own. What names itself as it is called here is never numbered.
    std::map<std::string, std::string> name_all(const std::set<std::string>& own_names);

  private:
    std::string prefix_;
    std::map<std::string, std::string> names_;  // by the server's
    std::set<std::string> taken_;
};

// Letters, digits, '_' and '-'; anything else becomes '_'. Cut to what fits behind the prefix.
std::string clean_name(std::string_view prefix, std::string_view own_name);

}  // namespace assistd::tools::mcp
