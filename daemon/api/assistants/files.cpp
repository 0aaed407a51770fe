#include "api/assistants/files.h"

#include <charconv>

#include "api/conversations/media_type.h"
#include "api/download.h"
#include "api/file_name.h"
#include "api/openai/ids.h"
#include "api/openai/query.h"
#include "api/openai/routes.h"

namespace assistd::api::assistants {
namespace {

using http::Reply;
using http::Request;
using openai::Json;

constexpr std::int64_t max_file = 512LL << 20;
constexpr std::int64_t max_form = max_file + (1 << 20);  // with what stands around the file
constexpr int max_listed = 10'000;
constexpr std::int64_t least_lifetime_s = 3'600;
constexpr std::int64_t most_lifetime_s = 2'592'000;

const std::initializer_list<std::string_view> purposes = {
    "assistants", "assistants_output", "batch", "fine-tune", "vision", "user_data", "evals"};

Json render_file(const core::File& file) {
    return {{"id", file.artifact.id.text(openai::prefix::file)},
            {"object", "file"},
            {"bytes", file.artifact.size},
            {"created_at", openai::seconds(file.artifact.created_at)},
            {"expires_at", file.expires_at ? Json(openai::seconds(*file.expires_at)) : Json()},
            {"filename", file.artifact.name},
            {"purpose", file.purpose},
            {"status", file.status},
            {"status_details", nullptr}};
}

const std::string* find(const http::Form& form, std::string_view name) {
    for (const auto& [field, text] : form.fields)
        if (field == name) return &text;
    return nullptr;
}

std::string read_purpose(const http::Form& form) {
    const std::string* purpose = find(form, "purpose");
    if (!purpose) openai::refuse("purpose", "purpose is missing: it says what the file is for.");
    const Json value = *purpose;
    return openai::Field{&value, "purpose"}.choice(purposes);
}

std::optional<std::chrono::seconds> read_lifetime(const http::Form& form) {
    constexpr const char* anchor_field = "expires_after[anchor]";
    constexpr const char* seconds_field = "expires_after[seconds]";
    const std::string* anchor = find(form, anchor_field);
    const std::string* seconds = find(form, seconds_field);
    if (!anchor && !seconds) return std::nullopt;
    if (!anchor || *anchor != "created_at")
        openai::refuse(anchor_field, "expires_after[anchor] must be \"created_at\".");
    std::int64_t number = 0;
    const char* end = seconds ? seconds->data() + seconds->size() : nullptr;
    const bool is_number = seconds && std::from_chars(seconds->data(), end, number).ptr == end;
    if (!is_number || number < least_lifetime_s || number > most_lifetime_s)
        openai::refuse(seconds_field, "expires_after[seconds] must be a whole number from " +
                                          std::to_string(least_lifetime_s) + " to " +
                                          std::to_string(most_lifetime_s) + ".");
    return std::chrono::seconds(number);
}

core::ArtifactDraft read_file(http::Form& form, const std::string& owner) {
    if (!form.file)
        openai::refuse("file",
                       "file is missing: it must be a part of the form with a file name and the bytes.");
    http::FormFile& file = *form.file;
    if (file.size == 0) openai::refuse("file", "The file is empty.");
    if (file.size > max_file)
        throw Error(ErrorCode::payload_too_large,
                    "The file has more than the " + std::to_string(max_file) + " bytes that are allowed.");
    core::ArtifactDraft draft;
    draft.file = std::move(file.content);
    draft.about.owner = owner;
    draft.about.name = safe_file_name(file.name);
    // What clients say of a file that they know nothing of.
    const bool says_nothing = file.content_type.starts_with("application/octet-stream");
    draft.about.media_type =
        conversations::media_type_of_upload(says_nothing ? "" : file.content_type, draft.about.name);
    return draft;
}

Task<Reply> create(const Services& services, Request request) {
    const std::string purpose = read_purpose(request.form);
    const auto lifetime = read_lifetime(request.form);
    core::ArtifactDraft draft = read_file(request.form, request.user);
    const core::File file = co_await services.files.add(std::move(draft), purpose, lifetime);
    co_return openai::json_reply(render_file(file));
}

Task<Reply> list(const Services& services, Request request) {
    const openai::QueryKeys keys(request);
    core::FileQuery query;
    query.owner = request.user;
    query.purpose = keys.choice("purpose", purposes).value_or("");
    query.limit = static_cast<int>(keys.integer("limit", 1, max_listed).value_or(max_listed));
    if (keys.choice("order", {"asc", "desc"}) == "asc") query.order = core::Order::ascending;
    query.after = keys.id<ArtifactId>("after", openai::prefix::file, "a file");
    const auto slice = co_await services.files.list(std::move(query));
    co_return openai::json_reply(openai::render_list(slice, render_file));
}

ArtifactId id_in_path(const Request& request) {
    return openai::id_in_path<ArtifactId>(request, "file", openai::prefix::file, "file");
}

Task<Reply> show(const Services& services, Request request) {
    const core::File file = co_await services.files.find(request.user, id_in_path(request));
    co_return openai::json_reply(render_file(file));
}

Task<Reply> content(const Services& services, Request request) {
    core::File file = co_await services.files.find(request.user, id_in_path(request));
    const http::ErrorRenderer refusal = [](const Error& error, std::string_view) {
        return openai::error_reply(error);
    };
    co_return co_await download(services.artifacts, std::move(file.artifact), request, refusal);
}

Task<Reply> remove(const Services& services, Request request) {
    const ArtifactId id = id_in_path(request);
    co_await services.files.remove(request.user, id);
    co_await services.knowledge.forget_file(request.user, id);
    const Json reply = {{"id", id.text(openai::prefix::file)}, {"object", "file"}, {"deleted", true}};
    co_return openai::json_reply(reply);
}

// What the store does not find is told by the id that the client knows.
Task<Reply> answer(Task<Reply> (*handler)(const Services&, Request), const Services& services,
                   Request request) {
    const auto value = request.path_values.find("file");
    const std::string id = value == request.path_values.end() ? "" : value->second;
    try {
        co_return co_await handler(services, std::move(request));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found || id.empty()) throw;
    }
    throw openai::nothing_found("file", id);
}

}  // namespace

void add_file_routes(http::Router& router, const Services& services) {
    using enum http::Method;
    const auto route = [&](http::Method method, const std::string& path,
                           Task<Reply> (*handler)(const Services&, Request),
                           http::RouteOptions options = {}) {
        const auto answered = [&services, handler](Request request) {
            return answer(handler, services, std::move(request));
        };
        openai::add_route(router, method, "/files" + path, answered, std::move(options));
    };
    route(post, "", create, {.max_body = max_form, .form_file = "file"});
    route(get, "", list);
    route(get, "/{file}", show);
    route(del, "/{file}", remove);
    route(get, "/{file}/content", content);
}

}  // namespace assistd::api::assistants
