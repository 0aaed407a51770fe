#include "api/conversations/handlers.h"
#include "api/conversations/media_type.h"
#include "api/conversations/project_field.h"
#include "api/conversations/render.h"
#include "api/download.h"
#include "api/file_name.h"
#include "api/json_body.h"
#include "api/query.h"
#include "core/reproduction.h"

namespace assistd::api::conversations {
Task<Reply> list_artifacts(const Services& services, Request request) {
    Query query(request);
    core::ArtifactQuery wanted;
    wanted.owner = request.user;
    wanted.kind = query.text("kind").value_or("");
    wanted.project_id = query.text("project_id").value_or("");
    if (const auto conversation = query.text("conversation_id")) {
        wanted.conversation = ConversationId::parse(*conversation);
        if (!wanted.conversation) query.wrong("conversation_id", "conversation_id is no conversation's id.");
    }
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    const core::Page<core::Artifact> page = co_await services.artifacts.list(wanted);
    co_return Reply::json(to_text(render_page("artifacts", page)));
}

// The body is the file; its name is ?name=, its type the Content-Type when it says one.
Task<Reply> upload_artifact(const Services& services, Request request) {
    Query query(request);
    core::ArtifactDraft draft;
    draft.about.owner = request.user;
    draft.about.kind = "file";
    draft.about.name = safe_file_name(query.text("name").value_or("file"));
    draft.about.project_id = query.text("project_id").value_or("");
    const auto problem =
        co_await problem_with_project(services.projects, request.user, draft.about.project_id);
    if (problem) query.wrong("project_id", *problem);
    query.finish();
    draft.about.media_type =
        media_type_of_upload(request.header("Content-Type").value_or(""), draft.about.name);
    if (request.body_size == 0)
        throw Error(ErrorCode::invalid_request, "The file is empty: its bytes are the body.");
    draft.file = std::move(request.body_file);
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(std::move(draft));
    const std::vector<core::Artifact> stored = co_await services.artifacts.add(std::move(drafts));
    co_return Reply::json(to_text(render(stored.front())), 201)
        .with("Location", "/api/v1/ai/artifacts/" + stored.front().handle);
}

Task<Reply> show_artifact(const Services& services, Request request) {
    Query(request).finish();
    const core::Artifact artifact =
        co_await services.artifacts.find(request.user, request.path_value("handle"));
    co_return Reply::json(to_text(render(artifact)));
}

Task<Reply> download_artifact(const Services& services, Request request) {
    Query(request).finish();
    const core::Artifact artifact =
        co_await services.artifacts.find(request.user, request.path_value("handle"));
    const http::ErrorRenderer refusal = http::error_reply;
    co_return co_await download(services.artifacts, artifact, request, refusal);
}

Task<Reply> delete_artifact(const Services& services, Request request) {
    Query(request).finish();
    co_await services.artifacts.remove(request.user, request.path_value("handle"));
    co_return Reply::empty();
}

// Answers when the tool has run. Who goes away meanwhile stops it.
Task<Reply> reproduce_artifact(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request, true);
    body.finish();
    const core::Reproduction done = co_await core::reproduce(services.tools, services.artifacts, request.user,
                                                             request.path_value("handle"), request.gone);
    co_return Reply::json(to_text(render(done)));
}

}  // namespace assistd::api::conversations
