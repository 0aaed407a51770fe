#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/conversations/upload.h"
#include "api/download.h"
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
    wanted.q = query.text("q").value_or("");
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

Task<Reply> upload_artifact(const Services& services, Request request) {
    const Upload stored = co_await store_upload(services, std::move(request), "file");
    co_return Reply::json(to_text(render(stored.artifact)), 201)
        .with("Location", "/api/v1/ai/artifacts/" + stored.artifact.handle);
}

Task<Reply> show_artifact(const Services& services, Request request) {
    Query(request).finish();
    const core::Artifact artifact =
        co_await services.artifacts.find(request.user, request.path_value("handle"));
    co_return Reply::json(to_text(render(artifact)));
}

Task<Reply> download_artifact(const Services& services, Request request) {
    Query query(request);
    const bool shown = query.boolean("inline").value_or(false);
    query.finish();
    const core::Artifact artifact =
        co_await services.artifacts.find(request.user, request.path_value("handle"));
    const http::ErrorRenderer refusal = http::error_reply;
    co_return co_await download(services.artifacts, artifact, request, refusal, shown);
}

Task<Reply> delete_artifact(const Services& services, Request request) {
    Query(request).finish();
    const std::string handle = request.path_value("handle");
    const core::Artifact artifact = co_await services.artifacts.find(request.user, handle);
    co_await services.artifacts.remove(request.user, handle);
    co_await services.knowledge.forget_file(request.user, artifact.id);
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
