#pragma once
// The one thing that a turn was about without making it: what a question was answered for ("simulation-2 has
// the highest"), or what the user called by its handle or name ("render soot1"). It is what "it" means next.
// Used for one request, on one thread.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The words that look like handles, the last one first.
std::vector<std::string> handles_in(const std::string& text);

// The handles that the call was given, the last first.
std::vector<std::string> given_to(const Call& call, const GrammarTool& tool);

class BroughtUp {
  public:
    BroughtUp(const Grammar& grammar, History& history) : grammar_(grammar), history_(history) {}

    // Its handle, which a reply may have made up; empty when the exchange was about none, or about several.
    std::string in(std::size_t exchange);

  private:
    bool is_called(const std::string& handle, const std::string& text);

    const Grammar& grammar_;
    History& history_;
    std::optional<std::map<std::string, std::string>> names_;  // that users gave, by handle
};

}  // namespace assistd::providers::offline
