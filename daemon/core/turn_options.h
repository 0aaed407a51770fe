#pragma once
// What a turn is to be like, where a door may say so: an assistant's instructions, the model's settings,
// which of the daemon's tools are offered, and tools that the client runs itself. Stored with the turn, so
// that it goes on the same way after a restart. Values and pure functions.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "core/model_wishes.h"

namespace assistd::core {

// A function of the client's: the model may call it, and the client answers the call.
struct ClientTool {
    std::string name;
    std::string description = {};
    std::string parameters = "{}";  // JSON Schema text of an object

    friend bool operator==(const ClientTool&, const ClientTool&) = default;
};

struct TurnOptions {
    ModelWishes wishes = {};
    std::string assistant_id = {};  // whose turn it is, as its door names it
    std::string echo = {};          // JSON text that the door wants back with the turn
    std::string instructions = {};  // instead of the default ones
    // The instructions are the whole system prompt: nothing is added about the user, the day or tools.
    bool plain_prompt = false;
    std::optional<std::vector<std::string>> tools = {};  // of the daemon's, by name; unset: all
    std::vector<ClientTool> client_tools = {};           // one hides a tool of the daemon by the same name
    // Calls of client tools end the turn, and another request brings their results; else the turn waits.
    bool client_calls_end_it = false;
    // Nobody can be asked: a call that needs a person's approval is refused at once.
    bool unattended = false;
    std::vector<VectorStoreId> vector_stores = {};  // that file_search looks into; empty: all of the user's
    int search_results = 0;                         // of one file_search, at most; 0: as its call says
    double search_threshold = 0;                    // that its results reach, 0..1
    // Of the conversation, at most, with the one that is answered; 0: as the config says.
    int last_messages = 0;
    std::int64_t max_prompt_tokens = 0;  // of all its requests together; 0: any number
    std::int64_t max_completion_tokens = 0;
    Timestamp expires_at =
        {};  // when it is not waited for the client's results any more; 0: as for approvals

    bool is_client_tool(std::string_view name) const;
    friend bool operator==(const TurnOptions&, const TurnOptions&) = default;
};
using TurnOptionsPtr = std::shared_ptr<const TurnOptions>;

// Those that say nothing.
const TurnOptionsPtr& usual_options();
TurnOptionsPtr unattended(TurnOptions options);

// For the store: empty for the usual ones.
std::string text_of(const TurnOptions& options);
TurnOptionsPtr options_from(std::string_view text);

}  // namespace assistd::core
