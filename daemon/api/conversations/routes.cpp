#include "api/conversations/routes.h"

#include "api/came_by.h"
#include "api/conversations/handlers.h"

namespace assistd::api::conversations {
namespace {

constexpr std::int64_t chat_body = 4 << 20;
constexpr std::int64_t assistant_body = 4 << 20;
constexpr std::int64_t upload_body = 512LL << 20;

}  // namespace

void add_routes(http::Router& router, const Services& services) {
    using enum http::Method;
    const http::RouteOptions uploads{.max_body = upload_body, .body_to_file = true, .form_file = "file"};
    const http::RouteOptions tools{.needs = http::Needs::tools};
    const http::RouteOptions admin{.needs = http::Needs::admin};
    const auto route = [&](http::Method method, const std::string& path,
                           Task<Reply> (*handler)(const Services&, Request),
                           http::RouteOptions options = {}) {
        router.add(
            method, "/api/v1/ai" + path,
            [&services, handler](Request request) { return handler(services, std::move(request)); }, options);
    };

    route(get, "/conversations", list_conversations);
    route(post, "/conversations", create_conversation);
    route(get, "/conversations/{id}", show_conversation);
    route(patch, "/conversations/{id}", change_conversation);
    route(del, "/conversations/{id}", delete_conversation);
    route(post, "/conversations/{id}/archive", archive_conversation);
    route(post, "/conversations/{id}/unarchive", unarchive_conversation);
    route(get, "/conversations/{id}/messages", list_messages);

    route(put, "/conversations/{id}/messages/{message}/feedback", set_feedback);

    const auto at_door = place_for_turn(services.turns);
    route(post, "/conversations/{id}/chat", chat,
          {.max_body = chat_body, .waits_soon = true, .at_door = at_door});
    route(post, "/conversations/{id}/regenerate", regenerate, {.max_body = chat_body, .at_door = at_door});
    route(get, "/conversations/{id}/turns/{turn}", show_turn);
    route(get, "/conversations/{id}/turns/{turn}/messages", list_turn_messages);
    route(post, "/conversations/{id}/turns/{turn}/approvals", decide_approval);
    route(post, "/conversations/{id}/turns/{turn}/cancel", cancel_turn);
    route(get, "/conversations/{id}/turns/{turn}/events", stream_turn);

    route(get, "/tools", list_tools);
    route(get, "/tools/{name}", show_tool);
    route(post, "/tools/{name}/execute", execute_tool, tools);

    route(get, "/plugins", list_plugins);
    route(get, "/plugins/{plugin}", show_plugin);
    route(post, "/plugins/{plugin}/release", release_plugin, admin);
    route(post, "/plugins/{plugin}/approve", approve_plugin, admin);

    route(get, "/providers", list_providers);

    route(get, "/artifacts", list_artifacts);
    route(post, "/artifacts", upload_artifact, uploads);
    route(get, "/artifacts/{handle}", show_artifact);
    route(get, "/artifacts/{handle}/content", download_artifact);
    route(del, "/artifacts/{handle}", delete_artifact);
    route(post, "/artifacts/{handle}/reproduce", reproduce_artifact, tools);

    route(get, "/documents", list_documents);
    route(post, "/documents", upload_document, uploads);
    route(post, "/documents/search", search_documents, {.needs = http::Needs::read});
    route(get, "/documents/{document}", show_document);
    route(get, "/documents/{document}/text", show_document_text);
    route(del, "/documents/{document}", delete_document);

    route(get, "/projects", list_projects);
    route(post, "/projects", create_project);
    route(get, "/projects/{project}", show_project);
    route(patch, "/projects/{project}", change_project);
    route(del, "/projects/{project}", delete_project);
    route(post, "/projects/{project}/archive", archive_project);
    route(post, "/projects/{project}/unarchive", unarchive_project);

    route(get, "/assistants", list_assistants);
    route(post, "/assistants", create_assistant, {.max_body = assistant_body});
    route(get, "/assistants/{assistant}", show_assistant);
    route(patch, "/assistants/{assistant}", change_assistant, {.max_body = assistant_body});
    route(del, "/assistants/{assistant}", delete_assistant);

    route(get, "/usage", show_usage);
    route(get, "/audit", list_audit);

    route(get, "/jobs", list_jobs);
    route(get, "/jobs/{job}", show_job);
    route(post, "/jobs/{job}/cancel", cancel_job);

    route(get, "/studies", list_studies);
    route(post, "/studies", create_study, tools);
    route(get, "/studies/{study}", show_study);
    route(del, "/studies/{study}", delete_study);
    route(post, "/studies/{study}/cancel", cancel_study, tools);
    route(post, "/studies/{study}/retry", retry_study, tools);
    route(get, "/studies/{study}/runs", list_study_runs);
    route(get, "/studies/{study}/runs/{run}", show_study_run);
    route(get, "/studies/{study}/results", show_study_results);
}

}  // namespace assistd::api::conversations
