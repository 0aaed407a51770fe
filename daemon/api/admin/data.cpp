#include "api/admin/data.h"

#include <nlohmann/json.hpp>

#include "api/file_name.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::admin {
namespace {

using http::Reply;
using http::Request;

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

Task<Reply> back_up(core::DataCare& care, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    core::DataArchive archive = co_await care.back_up(request.gone);
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

Task<Reply> check(core::DataCare& care, Request request) {
    Query(request).finish();
    JsonBody body(request, true);
    core::DataCheck wish;
    wish.contents = body.boolean("contents").value_or(false);
    wish.remove_orphans = body.boolean("remove_orphans").value_or(false);
    body.finish();
    const core::DataReport report = co_await care.check(wish, request.gone);
    co_return Reply::json(text_of(json_of(report)));
}

Task<Reply> export_own(core::DataCare& care, Request request) {
    Query(request).finish();
    core::DataArchive archive = co_await care.export_user(request.user, request.gone);
    co_return as_reply(std::move(archive), "application/zip");
}

// Whoever has nothing is most likely somebody whose name was mistyped.
Task<Reply> export_user(core::DataCare& care, Request request) {
    Query(request).finish();
    const std::string& user = request.path_value("user");
    core::DataArchive archive = co_await care.export_user(user, request.gone);
    if (archive.rows == 0) throw Error(ErrorCode::not_found, "Nothing is stored of a user of that name.");
    co_return as_reply(std::move(archive), "application/zip");
}

Task<Reply> remove_user(core::DataCare& care, Request request) {
    Query query(request);
    const std::string& user = request.path_value("user");
    if (query.text("confirm").value_or("") != user)
        query.wrong("confirm",
                    "confirm must be the user's name once more: all that the user has is removed, and no "
                    "backup is made.");
    query.finish();
    const core::DataRemoval removal = co_await care.remove_user(user);
    const nlohmann::ordered_json json = {
        {"user", user}, {"removed", removal.removed}, {"kept", removal.kept}};
    co_return Reply::json(text_of(json));
}

Task<Reply> show_removal(core::DataCare& care, Request request) {
    Query(request).finish();
    const std::string& user = request.path_value("user");
    const auto removed = care.removal_of(user);
    const std::map<std::string, std::int64_t> nothing;
    const nlohmann::ordered_json json = {
        {"user", user}, {"running", removed.has_value()}, {"removed", removed.value_or(nothing)}};
    co_return Reply::json(text_of(json));
}

}  // namespace

void add_data_routes(http::Router& router, core::DataCare& care) {
    const http::RouteOptions by_admin{.needs = http::Needs::admin};
    router.add(
        http::Method::post, "/api/v1/ai/admin/backup",
        [&care](Request request) { return back_up(care, std::move(request)); }, by_admin);
    router.add(
        http::Method::post, "/api/v1/ai/admin/check",
        [&care](Request request) { return check(care, std::move(request)); }, by_admin);
    router.add(http::Method::get, "/api/v1/ai/me/export",
               [&care](Request request) { return export_own(care, std::move(request)); });
    router.add(
        http::Method::get, "/api/v1/ai/users/{user}/export",
        [&care](Request request) { return export_user(care, std::move(request)); }, by_admin);
    router.add(
        http::Method::get, "/api/v1/ai/users/{user}/removal",
        [&care](Request request) { return show_removal(care, std::move(request)); }, by_admin);
    router.add(
        http::Method::del, "/api/v1/ai/users/{user}/data",
        [&care](Request request) { return remove_user(care, std::move(request)); }, by_admin);
}

}  // namespace assistd::api::admin
