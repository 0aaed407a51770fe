#pragma once
// A ProviderRequest written as the body of a chat completions request. Pure functions, and a cache of the
// tools' text that any thread may use.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ports.h"

namespace assistd::providers {

// Where OpenAI-compatible servers differ.
struct ChatDialect {
    std::string max_tokens_key = "max_tokens";  // newer OpenAI models want max_completion_tokens
};

// `tools` is what render_chat_tools() gave, or empty when there are none; it is copied in as it is.
std::string render_chat_request(const core::ProviderRequest& request, std::string_view tools,
                                const ChatDialect& dialect = {});

// The value of "tools"; empty for a set without any.
std::string render_chat_tools(const core::ToolSet& tools);

// Keeps the rendered text of the newest tool sets: it is the largest part of most requests and changes
// rarely.
class ChatToolsCache {
  public:
    std::shared_ptr<const std::string> text(const core::ToolSet& tools);

  private:
    struct Entry {
        std::uint64_t version;
        std::shared_ptr<const std::string> text;
    };
    std::mutex mutex_;
    std::vector<Entry> entries_;  // newest last
};

}  // namespace assistd::providers
