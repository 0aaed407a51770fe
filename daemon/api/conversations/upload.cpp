#include "api/conversations/upload.h"

#include <algorithm>

#include "api/conversations/media_type.h"
#include "api/file_name.h"
#include "core/project_check.h"

namespace assistd::api::conversations {
namespace {

constexpr std::size_t longest_key = 255;

// The file in a form stands for the body, its type for the request's, and the fields for the query. Returns
// the file's name; empty for a body that is no form.
std::string take_form(http::Request& request) {
    if (request.body_file || request.body_size == 0) return "";
    http::Form& form = request.form;
    if (!form.file)
        throw Error(ErrorCode::invalid_request,
                    "The form has no file: its part \"file\" must have a file name and the bytes.");
    std::ranges::move(form.fields, std::back_inserter(request.query));
    request.headers.erase("Content-Type");
    request.headers.emplace("Content-Type", std::move(form.file->content_type));
    request.body_file = std::move(form.file->content);
    request.body_size = form.file->size;
    return std::move(form.file->name);
}

}  // namespace

Task<Upload> store_upload(const Services& services, http::Request request, std::string kind) {
    const std::string form_name = take_form(request);
    Query query(request);
    core::ArtifactDraft draft;
    draft.about.id = ArtifactId::make();
    const ArtifactId promised = draft.about.id;
    draft.about.owner = request.user;
    draft.about.kind = std::move(kind);
    draft.about.name = safe_file_name(query.text("name").value_or(form_name.empty() ? "file" : form_name));
    draft.about.project_id = query.text("project_id").value_or("");
    const auto problem =
        co_await core::problem_with_project(services.projects, request.user, draft.about.project_id);
    if (problem) query.wrong("project_id", *problem);
    draft.idempotency_key = request.header("Idempotency-Key").value_or("");
    if (draft.idempotency_key.size() > longest_key)
        query.wrong("Idempotency-Key", "The Idempotency-Key header may have at most 255 characters.");
    query.finish();
    draft.about.media_type =
        media_type_of_upload(request.header("Content-Type").value_or(""), draft.about.name);
    if (request.body_size == 0)
        throw Error(ErrorCode::invalid_request, "The file is empty: its bytes are the body.");
    draft.file = std::move(request.body_file);
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(std::move(draft));
    std::vector<core::Artifact> stored = co_await services.artifacts.add(std::move(drafts));
    Upload upload;
    upload.artifact = std::move(stored.front());
    upload.is_new = upload.artifact.id == promised;
    co_return upload;
}

}  // namespace assistd::api::conversations
