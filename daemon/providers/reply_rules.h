#pragma once
// What holds for every reply, whichever server sent it: bounds, ids of its calls, arguments. Pure data, used
// by one coroutine at a time.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/ports.h"

namespace assistd::providers {

// How large a reply may become.
class ReplyBounds {
  public:
    // Each throws UpstreamError{reply} beyond all bounds.
    void grow(std::size_t bytes);
    void check_calls(std::size_t calls) const;

  private:
    std::size_t bytes_ = 0;
};

// The ids of all calls in a history.
std::unordered_set<std::string> call_ids(std::span<const std::shared_ptr<const core::Message>> messages);

// The server's id when it gave one that is not taken, else a new one.
std::string claim_call_id(std::string id, std::unordered_set<std::string>& taken);

// The call that ends up in the reply. Nothing at all means "{}", unless the reply was cut off there: then the
// arguments must not pass for whole ones. Throws UpstreamError{reply} for a call without a name, and for
// arguments that are nested so deeply that nobody could walk them.
core::ToolCallBlock finished_call(std::string id, std::string name, std::string arguments, bool cut_off,
                                  std::unordered_set<std::string>& taken);

// Adds what came after the server had paused.
void append(core::ProviderReply& whole, core::ProviderReply part);

// Whether a reply that has ended as it should neither says anything nor calls a tool.
bool says_nothing(const core::ProviderReply& reply);

// Says whose the thoughts of a reply are: they are sent back to that provider only.
void mark_thoughts(core::ProviderReply& reply, const std::string& provider);

}  // namespace assistd::providers
