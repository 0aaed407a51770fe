#include "api/openapi/description.h"

#include <mutex>
#include <nlohmann/json.hpp>

#include "api/openapi/document.h"
#include "api/query.h"
#include "base/sha256.h"

namespace assistd::api::openapi {
namespace {

using http::Reply;
using http::Request;
using Json = nlohmann::ordered_json;

// Put together when somebody asks for it first: most daemons are never asked.
class Description {
  public:
    // Before the first request.
    void set_routes(std::vector<LiveRoute> routes) { routes_ = std::move(routes); }

    Reply whole(const Request& request) {
        std::call_once(made_, [this] {
            text_ = assemble(parts(), routes_).dump();
            etag_ = '"' + sha256(text_).substr(0, 32) + '"';
        });
        const auto known = request.header("If-None-Match");
        const bool is_known = known && known->find(etag_) != std::string::npos;
        Reply reply = is_known ? Reply::empty(304) : Reply::json(text_);
        return std::move(reply.with("ETag", etag_).with("Cache-Control", "no-cache"));
    }

    Reply routes() const {
        Json list = Json::array();
        for (const LiveRoute& route : routes_)
            list.push_back(
                {{"method", http::name_of(route.method)}, {"path", route.path}, {"needs", scope_of(route)}});
        Json json = {{"count", list.size()}};
        json["routes"] = std::move(list);
        return Reply::json(json.dump());
    }

  private:
    std::vector<LiveRoute> routes_;
    std::once_flag made_;
    std::string text_;
    std::string etag_;
};

}  // namespace

void add_routes(http::Router& router) {
    const auto description = std::make_shared<Description>();
    router.add(http::Method::get, "/openapi.json",
               [description](Request request) -> Task<Reply> { co_return description->whole(request); },
               {.needs = http::Needs::nothing});
    router.add(http::Method::get, "/api/v1/ai/routes",
               [description](Request request) -> Task<Reply> {
                   Query(request).finish();
                   co_return description->routes();
               },
               {.needs = http::Needs::admin});
    description->set_routes(routes_of(router));
}

}  // namespace assistd::api::openapi
