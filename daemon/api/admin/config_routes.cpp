#include "api/admin/config_routes.h"

#include <nlohmann/json.hpp>

#include "api/deeds.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::admin {
namespace {

using http::Reply;
using http::Request;

Reply told(const ConfigReport& report) {
    const nlohmann::ordered_json json = {
        {"changed", report.changed}, {"after_restart", report.after_restart}, {"warnings", report.warnings}};
    return Reply::json(json.dump());
}

// What is wrong with it, one field for each thing.
Task<Reply> told_or_refused(const std::function<Task<ConfigReport>()>& read) {
    std::vector<FieldError> wrong;
    try {
        const ConfigReport report = co_await read();
        co_return told(report);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::validation) throw;
        wrong = error.fields();
        if (wrong.empty()) wrong.push_back({"", error.what()});
    }
    throw Error(ErrorCode::validation, "The configuration is not good, so everything stays as it was.",
                wrong);
}

Task<Reply> reload(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    Reply reply = co_await told_or_refused(services.config.reload);
    co_await note_deed(services.audit, request, "config.reload", "", "");
    co_return reply;
}

Task<Reply> check(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    co_return co_await told_or_refused(services.config.check);
}

Task<Reply> show(const Services& services, Request request) {
    Query(request).finish();
    co_return Reply::text(services.config.print(), "application/yaml; charset=utf-8");
}

}  // namespace

void add_config_routes(http::Router& router, const Services& services) {
    const http::RouteOptions options{.foreign_origins_may_read = false, .needs = http::Needs::admin};
    const auto add = [&](http::Method method, const char* path,
                         Task<Reply> (*handler)(const Services&, Request)) {
        router.add(
            method, path,
            [&services, handler](Request request) { return handler(services, std::move(request)); }, options);
    };
    add(http::Method::get, "/api/v1/ai/admin/config", show);
    add(http::Method::post, "/api/v1/ai/admin/config/check", check);
    add(http::Method::post, "/api/v1/ai/admin/reload", reload);
}

}  // namespace assistd::api::admin
