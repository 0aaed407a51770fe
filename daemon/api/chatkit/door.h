#pragma once
// ChatKit's own protocol: one endpoint, POST /api/v1/chatkit, whose body says what is wanted; and below it
// the uploads of attachments and the sessions of the REST wrapper. Threads are the conversations of every
// other door. Made once; outlives the server. Any thread.

#include <mutex>
#include <unordered_map>

#include "api/chatkit/input.h"
#include "api/chatkit/item_pages.h"
#include "api/chatkit/preview_addresses.h"
#include "api/chatkit/thread_events.h"
#include "base/live.h"
#include "core/shut_out.h"
#include "http/router.h"

namespace assistd::api::chatkit {

struct DoorOptions {
    int sessions = 10;             // of a user
    int session_messages = 100;    // of a session
    int message_characters = 500;  // of a session's message
};

class Door {
  public:
    // `shut_out`: to whom nothing is shown.
    Door(const Services& services, DoorOptions options, core::WhyShutOut shut_out);
    void add_routes(http::Router& router);
    void change(DoorOptions options) { options_.replace(options); }  // from the next request on

  private:
    struct Call {
        const http::Request& request;
        openai::Fields params;

        Setting setting;
    };
    using Handler = Task<http::Reply> (Door::*)(Call call);

    Task<http::Reply> answer(http::Request request);

    // streams.cpp: these answer with a stream.
    Task<http::Reply> create_thread(Call call);
    Task<http::Reply> add_user_message(Call call);
    Task<http::Reply> add_client_tool_output(Call call);
    Task<http::Reply> add_structured_input(Call call);
    Task<http::Reply> retry_after_item(Call call);
    Task<http::Reply> custom_action(Call call);

    // threads.cpp
    Task<http::Reply> get_thread(Call call);
    Task<http::Reply> list_threads(Call call);
    Task<http::Reply> list_items(Call call);
    Task<http::Reply> give_feedback(Call call);
    Task<http::Reply> change_thread(Call call);
    Task<http::Reply> delete_thread(Call call);
    Task<http::Reply> sync_custom_action(Call call);
    Task<http::Reply> transcribe(Call call);

    // attachments.cpp
    Task<http::Reply> create_attachment(Call call);
    Task<http::Reply> delete_attachment(Call call);
    Task<http::Reply> upload(http::Request request, std::optional<ArtifactId> announced);
    Task<http::Reply> preview(http::Request request);

    // sessions.cpp
    void add_session_routes(http::Router& router);
    Task<http::Reply> create_session(http::Request request);
    Task<http::Reply> create_session_thread(http::Request request);
    Task<http::Reply> run_session(http::Request request);
    Task<http::Reply> list_sessions(http::Request request);
    Task<http::Reply> show_session(http::Request request);
    Task<http::Reply> delete_session(http::Request request);
    Task<core::Conversation> session_in(const http::Request& request);

    Setting setting_of(const http::Request& request) const;
    Task<core::Conversation> thread_in(const Call& call);
    // Begins the turn and answers with its stream, which begins with `first` and the user's message.
    Task<http::Reply> begin(core::Conversation thread, core::TurnRequest request, Setting setting,
                            std::string first, bool await_model);
    Task<core::Message> asking_message(core::Owner owner, ConversationId thread, MessageId id);
    // A turn that waits for an answer of the client's is given up: the user goes on without it.
    Task<void> give_up_waiting(core::Owner owner, ConversationId thread);

    // What the client said of a file that it is about to upload.
    struct Announced {
        core::Owner owner;
        std::string name;
        std::string media_type;
        std::int64_t size = 0;
        Timestamp at;
    };
    using Outputs = std::vector<core::ClientOutput>;
    Outputs take_output(TurnId turn, const std::vector<core::ToolCallBlock>& waiting, std::string output,
                        Timestamp turn_began, std::vector<core::ToolCallBlock>& rest);

    const Services& services_;
    Live<DoorOptions> options_;
    const core::WhyShutOut shut_out_;
    const PreviewAddresses previews_;
    core::ConversationLocks session_locks_;  // by user
    std::mutex mutex_;
    std::unordered_map<ArtifactId, Announced> announced_;
    // By call id: the results that have come of the calls that a turn waits for, until all are there.
    std::unordered_map<TurnId, std::map<std::string, std::string>> outputs_;
    const Timestamp began_ = now();
};

}  // namespace assistd::api::chatkit
