// Files that are attached to messages in ChatKit: sent at once to the upload's address (direct), or announced
// first and then sent to an address of their own (two-phase). Each becomes an artifact.

#include "api/chatkit/door.h"
#include "api/conversations/media_type.h"
#include "api/download.h"
#include "api/file_name.h"
#include "api/openai/errors.h"

namespace assistd::api::chatkit {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t largest_file = 512LL << 20;
constexpr auto announced_for = 1h;
constexpr std::size_t most_announced = 10'000;

Json render_artifact(const core::Artifact& file, const Setting& setting) {
    return render_attachment({file.id, file.handle, file.name, file.media_type, file.size}, setting);
}

Error no_attachment(const std::string& id) {
    return {ErrorCode::not_found, "There is no attachment \"" + id + "\"."};
}

}  // namespace

Task<http::Reply> Door::create_attachment(Call call) {
    Announced file;
    file.owner = call.request.user;
    file.name = safe_file_name(call.params.required_text("name", 255));
    file.size = call.params.required("size").integer(1, largest_file);
    file.media_type =
        conversations::media_type_of_upload(call.params.required_text("mime_type", 255), file.name);
    file.at = now();
    const ArtifactId id = ArtifactId::make();
    Json json = render_attachment({id, {}, file.name, file.media_type, file.size}, call.setting);
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(announced_, [&](const auto& one) { return file.at - one.second.at > announced_for; });
        if (announced_.size() >= most_announced)
            throw Error(ErrorCode::unavailable, "Too many uploads are announced. Try again soon.")
                .with_retry_after(60s);
        announced_.emplace(id, std::move(file));
    }
    json["upload_descriptor"] = {
        {"url", call.setting.origin + "/api/v1/chatkit/attachments/" + id.text(prefix::attachment)},
        {"method", "POST"},
        {"headers", Json::object()}};
    co_return http::Reply::json(to_text(json));
}

Task<http::Reply> Door::delete_attachment(Call call) {
    const std::string given = call.params.required_text("attachment_id", 100);
    const auto id = ArtifactId::parse(given, prefix::attachment);
    if (!id) throw no_attachment(given);
    bool was_announced = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = announced_.find(*id);
        was_announced = found != announced_.end() && found->second.owner == call.request.user;
        if (was_announced) announced_.erase(found);
    }
    if (!was_announced) {
        co_await services_.artifacts.remove(call.request.user, id->text());
        co_await services_.knowledge.forget_file(call.request.user, *id);
    }
    co_return http::Reply::json("{}");
}

// The multipart form's file. With `announced`, the one that was announced under this id.
Task<http::Reply> Door::upload(http::Request request, std::optional<ArtifactId> announced) {
    if (!request.form.file)
        openai::refuse("file",
                       "file is missing: it must be a part of the form with a file name and the bytes.");
    http::FormFile& file = *request.form.file;
    if (file.size == 0) openai::refuse("file", "The file is empty.");
    if (file.size > largest_file)
        throw Error(
            ErrorCode::payload_too_large,
            "The file has more than the " + std::to_string(largest_file) + " bytes that are allowed.");
    std::vector<core::ArtifactDraft> drafts(1);
    core::Artifact& about = drafts.front().about;
    about.owner = request.user;
    about.kind = "file";
    about.name = safe_file_name(file.name);
    about.media_type = conversations::media_type_of_upload(file.content_type, about.name);
    Announced upload;
    if (announced) {
        const std::lock_guard lock(mutex_);
        const auto found = announced_.find(*announced);
        if (found == announced_.end() || found->second.owner != request.user)
            throw no_attachment(announced->text(prefix::attachment));
        if (file.size != found->second.size)
            openai::refuse("file", "The file has " + std::to_string(file.size) + " bytes; " +
                                       std::to_string(found->second.size) + " were announced.");
        about.id = *announced;
        about.name = found->second.name;
        about.media_type = found->second.media_type;
        upload = std::move(found->second);
        announced_.erase(found);
    }
    drafts.front().file = std::move(file.content);
    std::vector<core::Artifact> added;
    try {
        added = co_await services_.artifacts.add(std::move(drafts));
    } catch (...) {
        // It can be sent once more.
        const std::lock_guard lock(mutex_);
        if (announced) announced_.emplace(*announced, std::move(upload));
        throw;
    }
    co_return http::Reply::json(to_text(render_artifact(added.front(), setting_of(request))));
}

// Who is not let in learns nothing of what is there.
Task<http::Reply> Door::preview(http::Request request) {
    const std::optional<PreviewAddresses::Shown> shown = previews_.shown_at(request, now());
    if (!shown || !core::why_shut_out(shut_out_, shown->owner).empty())
        throw Error(ErrorCode::not_found,
                    "There is no picture at this address, or it does not hold any more. Ask for the thread "
                    "again: it tells a new one.");
    core::Artifact picture = co_await services_.artifacts.find(shown->owner, shown->picture.text());
    const core::Attachment file{picture.id, picture.handle, picture.name, picture.media_type, picture.size};
    if (!file.is_picture()) throw no_attachment(shown->picture.text(prefix::attachment));
    const http::ErrorRenderer refusal = http::error_reply;
    http::Reply reply = co_await download(services_.artifacts, std::move(picture), request, refusal, true);
    reply.with("Cache-Control", "private");
    co_return reply;
}

}  // namespace assistd::api::chatkit
