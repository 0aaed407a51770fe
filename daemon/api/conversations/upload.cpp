#include "api/conversations/upload.h"

#include "api/conversations/media_type.h"
#include "api/conversations/project_field.h"
#include "api/file_name.h"

namespace assistd::api::conversations {

Task<core::Artifact> store_upload(const Services& services, http::Request request, std::string kind) {
    Query query(request);
    core::ArtifactDraft draft;
    draft.about.owner = request.user;
    draft.about.kind = std::move(kind);
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
    std::vector<core::Artifact> stored = co_await services.artifacts.add(std::move(drafts));
    co_return std::move(stored.front());
}

}  // namespace assistd::api::conversations
