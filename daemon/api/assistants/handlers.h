#pragma once
// The handlers of the Assistants API, by resource; the table that says which is called when is routes.cpp.
// Each is a coroutine on a strand of its own. They translate and check; everything else is the core's.

#include <string>
#include <string_view>

#include "api/openai/ids.h"
#include "api/services.h"
#include "base/async.h"
#include "http/reply.h"
#include "http/request.h"

namespace assistd::api::assistants {

using http::Reply;
using http::Request;

// assistants.cpp
Task<Reply> create_assistant(const Services& services, Request request);
Task<Reply> list_assistants(const Services& services, Request request);
Task<Reply> show_assistant(const Services& services, Request request);
Task<Reply> change_assistant(const Services& services, Request request);
Task<Reply> delete_assistant(const Services& services, Request request);

// threads.cpp
Task<Reply> create_thread(const Services& services, Request request);
Task<Reply> show_thread(const Services& services, Request request);
Task<Reply> change_thread(const Services& services, Request request);
Task<Reply> delete_thread(const Services& services, Request request);

// messages.cpp
Task<Reply> create_message(const Services& services, Request request);
Task<Reply> list_messages(const Services& services, Request request);
Task<Reply> show_message(const Services& services, Request request);
Task<Reply> change_message(const Services& services, Request request);
Task<Reply> delete_message(const Services& services, Request request);

inline ConversationId thread_in(const Request& request) {
    return openai::id_in_path<ConversationId>(request, "thread", openai::prefix::thread, "thread");
}

// The task's result; what is not found is said in this API's words.
template <class T>
Task<T> found(Task<T> task, std::string_view what, std::string id) {
    try {
        co_return co_await std::move(task);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    throw openai::nothing_found(what, id);
}

// The conversation behind a thread of the user's.
Task<core::Conversation> find_thread(const Services& services, const Request& request);
// Keeps runs from beginning in a thread while its messages are changed; refuses it while one is under way.
Task<core::ConversationLocks::Lock> hold_thread(const Services& services, const Request& request);

}  // namespace assistd::api::assistants
