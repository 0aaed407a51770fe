#pragma once
// The handlers of the conversation API, by resource; the table that says which is called when is routes.cpp.
// Each is a coroutine on a strand of its own. They translate and check; everything else is the core's.

#include "api/services.h"
#include "base/async.h"
#include "http/reply.h"
#include "http/request.h"

namespace assistd::api::conversations {

using http::Reply;
using http::Request;

// conversations.cpp
Task<Reply> list_conversations(const Services& services, Request request);
Task<Reply> create_conversation(const Services& services, Request request);
Task<Reply> show_conversation(const Services& services, Request request);
Task<Reply> change_conversation(const Services& services, Request request);
Task<Reply> delete_conversation(const Services& services, Request request);
Task<Reply> archive_conversation(const Services& services, Request request);
Task<Reply> unarchive_conversation(const Services& services, Request request);
Task<Reply> list_messages(const Services& services, Request request);

// turns.cpp
Task<Reply> chat(const Services& services, Request request);
Task<Reply> regenerate(const Services& services, Request request);
Task<Reply> set_feedback(const Services& services, Request request);
Task<Reply> show_turn(const Services& services, Request request);
Task<Reply> list_turn_messages(const Services& services, Request request);
Task<Reply> decide_approval(const Services& services, Request request);
Task<Reply> cancel_turn(const Services& services, Request request);
Task<Reply> stream_turn(const Services& services, Request request);

// tools.cpp
Task<Reply> list_tools(const Services& services, Request request);
Task<Reply> show_tool(const Services& services, Request request);
Task<Reply> execute_tool(const Services& services, Request request);

// plugins.cpp
Task<Reply> list_plugins(const Services& services, Request request);
Task<Reply> show_plugin(const Services& services, Request request);
Task<Reply> release_plugin(const Services& services, Request request);
Task<Reply> approve_plugin(const Services& services, Request request);

// artifacts.cpp
Task<Reply> list_artifacts(const Services& services, Request request);
Task<Reply> upload_artifact(const Services& services, Request request);
Task<Reply> show_artifact(const Services& services, Request request);
Task<Reply> download_artifact(const Services& services, Request request);
Task<Reply> delete_artifact(const Services& services, Request request);
Task<Reply> reproduce_artifact(const Services& services, Request request);

// documents.cpp
Task<Reply> list_documents(const Services& services, Request request);
Task<Reply> upload_document(const Services& services, Request request);
Task<Reply> search_documents(const Services& services, Request request);
Task<Reply> show_document(const Services& services, Request request);
Task<Reply> show_document_text(const Services& services, Request request);
Task<Reply> delete_document(const Services& services, Request request);

// providers.cpp
Task<Reply> list_providers(const Services& services, Request request);

// jobs.cpp
Task<Reply> list_jobs(const Services& services, Request request);
Task<Reply> show_job(const Services& services, Request request);
Task<Reply> cancel_job(const Services& services, Request request);

// studies.cpp
Task<Reply> list_studies(const Services& services, Request request);
Task<Reply> create_study(const Services& services, Request request);
Task<Reply> show_study(const Services& services, Request request);
Task<Reply> delete_study(const Services& services, Request request);
Task<Reply> cancel_study(const Services& services, Request request);
Task<Reply> retry_study(const Services& services, Request request);
Task<Reply> list_study_runs(const Services& services, Request request);
Task<Reply> show_study_run(const Services& services, Request request);
Task<Reply> show_study_results(const Services& services, Request request);

// projects.cpp
Task<Reply> list_projects(const Services& services, Request request);
Task<Reply> create_project(const Services& services, Request request);
Task<Reply> show_project(const Services& services, Request request);
Task<Reply> change_project(const Services& services, Request request);
Task<Reply> delete_project(const Services& services, Request request);
Task<Reply> archive_project(const Services& services, Request request);
Task<Reply> unarchive_project(const Services& services, Request request);

// assistants.cpp
Task<Reply> list_assistants(const Services& services, Request request);
Task<Reply> create_assistant(const Services& services, Request request);
Task<Reply> show_assistant(const Services& services, Request request);
Task<Reply> change_assistant(const Services& services, Request request);
Task<Reply> delete_assistant(const Services& services, Request request);

// audit.cpp
Task<Reply> list_audit(const Services& services, Request request);

// usage.cpp
Task<Reply> show_usage(const Services& services, Request request);

// An id in a path that is none names nothing.
template <class IdType>
IdType id_in_path(const Request& request, std::string_view name, const char* what) {
    const auto id = IdType::parse(request.path_value(name));
    if (!id)
        throw Error(ErrorCode::not_found, "There is no " + std::string(what) + " \"" +
                                              request.path_value(name).substr(0, 80) + "\".");
    return *id;
}

}  // namespace assistd::api::conversations
