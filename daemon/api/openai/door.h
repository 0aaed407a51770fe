#pragma once
// Chat completions and models as OpenAI's API has them. It renders turns of the core, kept in a conversation
// or not, and no more. Owned by app/; lives as long as the server; any thread.

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "api/openai/chat_request.h"
#include "api/openai/completion.h"
#include "api/openai/handed_out_calls.h"
#include "api/services.h"
#include "base/live.h"
#include "http/router.h"

namespace assistd::api::openai {

struct DoorOptions {
    bool offers_tools = true;  // the daemon's own, beside the client's
};

class Door {
  public:
    explicit Door(const Services& services, DoorOptions options = {});

    void add_routes(http::Router& router);
    void change(DoorOptions options) { options_.replace(options); }  // from the next request on

  private:
    // The turn that answers a request, and from which of its events on.
    struct Answer {
        core::TurnHandle turn;
        std::int64_t after = 0;
        std::shared_ptr<const core::UnkeptTurn> told;  // null: the turn is kept
        std::string conversation;                      // in which it is kept
    };

    Task<http::Reply> chat(http::Request request);
    Task<Answer> answer(const http::Request& request, ChatRequest& read);
    Task<std::string> take_model(core::Owner owner, std::string named, core::TurnOptions& options);
    Task<Answer> keep(const http::Request& request, ChatRequest& read, core::ProviderChoice choice,
                      core::TurnOptionsPtr options);
    Task<ConversationId> conversation_for(core::Owner owner, std::string given);
    Task<std::vector<core::Artifact>> keep_pictures(core::Owner owner, ConversationId conversation,
                                                    core::Message message);
    Task<http::Reply> whole(Answer answer, std::string model, std::stop_token gone);
    Task<http::Reply> stream(Answer answer, std::string model, bool with_usage, std::stop_token gone);
    Task<void> write_chunks(Answer answer, std::shared_ptr<Completion> completion, std::string begin,
                            std::int64_t last, bool with_usage, std::stop_token gone,
                            std::shared_ptr<http::StreamWriter> out);
    void remember(const Answer& answer);

    // models.cpp
    Task<std::vector<std::string>> model_names(core::Owner owner);
    Task<http::Reply> list_models(http::Request request);
    Task<http::Reply> show_model(http::Request request);

    const Services& services_;
    Live<DoorOptions> options_;
    HandedOutCalls handed_out_;

    std::mutex mutex_;
    std::vector<std::string> models_;  // as the servers listed them
    std::chrono::steady_clock::time_point models_asked_{};
};

}  // namespace assistd::api::openai
