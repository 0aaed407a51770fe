#pragma once
// What tools are called where people read: by their titles, as everywhere, and once by the name that is
// typed. Asks the daemon when the first one is to be shown; where it does not answer, names stay names. One
// thread.

#include <map>
#include <optional>
#include <string>

#include "cli/api_client.h"

namespace assistd::cli {

class ToolTitles {
  public:
    std::string title(const ApiClient& api, const std::string& name);  // "Eden growth"
    // "Eden growth (run_eden_simulation)"
    std::string with_name(const ApiClient& api, const std::string& name);
    // The text with titles in the place of names.
    std::string in(const ApiClient& api, const std::string& text);

  private:
    const std::map<std::string, std::string>& known(const ApiClient& api);

    std::optional<std::map<std::string, std::string>> titles_;
};

}  // namespace assistd::cli
