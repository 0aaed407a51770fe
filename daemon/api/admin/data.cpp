#include "api/admin/data.h"

#include <nlohmann/json.hpp>

#include "api/deeds.h"
#include "api/file_name.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::admin {
namespace {

using http::Reply;
using http::Request;

// What the handlers are given.
struct Parts {
    core::DataCare& care;
    core::AuditLog& audit;
};

// Saved by whoever asked, and by nobody on the way.
Reply as_reply(core::DataArchive archive, const char* media_type) {
    http::FileBody body{std::make_shared<UniqueFd>(std::move(archive.file)), 0, archive.size};
    Reply reply = Reply::file(std::move(body), media_type);
    reply.with("Content-Disposition", attachment(archive.name))
        .with("Cache-Control", "no-store")
        .with("X-Content-Type-Options", "nosniff")
        .with("Assistd-Faults", std::to_string(archive.faults.size()));
    return reply;
}

Task<Reply> back_up(Parts parts, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    core::DataArchive archive = co_await parts.care.back_up(request.gone);
    co_await note_deed(parts.audit, request, "data.backup", "", archive.name);
    co_return as_reply(std::move(archive), "application/zstd");
}

nlohmann::ordered_json json_of(const core::DataReport& report) {
    nlohmann::ordered_json json = {{"ok", report.faults.empty()},
                                   {"faults", nlohmann::ordered_json::array()},
                                   {"conversations", report.conversations},
                                   {"messages", report.messages},
                                   {"artifacts", report.artifacts},
                                   {"documents", report.documents},
                                   {"chunks", report.chunks},
                                   {"orphans", report.orphans},
                                   {"orphans_removed", report.orphans_removed},
                                   {"database_bytes", report.bytes},
                                   {"free_bytes", report.free_bytes}};
    for (const core::DataFault& fault : report.faults)
        json["faults"].push_back(
            {{"about", fault.about}, {"message", fault.message}, {"advice", fault.advice}});
    return json;
}

std::string text_of(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Task<Reply> check(Parts parts, Request request) {
    Query(request).finish();
    JsonBody body(request, true);
    core::DataCheck wish;
    wish.contents = body.boolean("contents").value_or(false);
    wish.remove_orphans = body.boolean("remove_orphans").value_or(false);
    body.finish();
    const core::DataReport report = co_await parts.care.check(wish, request.gone);
    co_return Reply::json(text_of(json_of(report)));
}

Task<Reply> export_own(Parts parts, Request request) {
    Query(request).finish();
    core::DataArchive archive = co_await parts.care.export_user(request.user, request.gone);
    co_return as_reply(std::move(archive), "application/zip");
}

Task<Reply> show_amounts(Parts parts, Request request) {
    Query(request).finish();
    const std::string& user = request.path_value("user");
    const std::map<std::string, std::int64_t> amounts = co_await parts.care.amounts(user);
    const nlohmann::ordered_json json = {{"user", user}, {"amounts", amounts}};
    co_return Reply::json(text_of(json));
}

// Whoever has nothing is most likely somebody whose name was mistyped.
Task<Reply> export_user(Parts parts, Request request) {
    Query(request).finish();
    const std::string& user = request.path_value("user");
    core::DataArchive archive = co_await parts.care.export_user(user, request.gone);
    if (archive.rows == 0) throw Error(ErrorCode::not_found, "Nothing is stored of a user of that name.");
    if (user != request.user) co_await note_deed(parts.audit, request, "users.export", user, "");
    co_return as_reply(std::move(archive), "application/zip");
}

Task<Reply> remove_user(Parts parts, Request request) {
    Query query(request);
    const std::string& user = request.path_value("user");
    if (query.text("confirm").value_or("") != user)
        query.wrong("confirm",
                    "confirm must be the user's name once more: all that the user has is removed, and no "
                    "backup is made.");
    query.finish();
    const core::DataRemoval removal = co_await parts.care.remove_user(user);
    co_await note_deed(parts.audit, request, "users.remove_data", removal.known_as, "");
    const nlohmann::ordered_json json = {
        {"user", user}, {"removed", removal.removed}, {"kept", removal.kept}};
    co_return Reply::json(text_of(json));
}

Task<Reply> show_removal(Parts parts, Request request) {
    Query(request).finish();
    const std::string& user = request.path_value("user");
    const auto removed = parts.care.removal_of(user);
    if (!removed) throw Error(ErrorCode::not_found, "Nothing of a user of that name is being removed.");
    const nlohmann::ordered_json json = {{"user", user}, {"removed", *removed}};
    co_return Reply::json(text_of(json));
}

}  // namespace

void add_data_routes(http::Router& router, core::DataCare& care, core::AuditLog& audit) {
    using enum http::Method;
    const auto add = [&](http::Method method, const std::string& path, Task<Reply> (*handler)(Parts, Request),
                         http::Needs needs = http::Needs::admin) {
        router.add(method, "/api/v1/ai" + path,
                   [parts = Parts{care, audit}, handler](Request request) {
                       return handler(parts, std::move(request));
                   },
                   {.needs = needs});
    };
    add(post, "/admin/backup", back_up);
    add(post, "/admin/check", check);
    add(get, "/me/export", export_own, http::Needs::by_method);
    add(get, "/users/{user}/export", export_user);
    add(get, "/users/{user}/data", show_amounts);
    add(get, "/users/{user}/removal", show_removal);
    add(del, "/users/{user}/data", remove_user);
}

}  // namespace assistd::api::admin
