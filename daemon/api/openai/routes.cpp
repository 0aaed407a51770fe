#include "api/openai/routes.h"

#include "api/openai/errors.h"
#include "http/text.h"

namespace assistd::api::openai {
namespace {

void check_version(const http::Request& request) {
    const auto [begin, end] = request.headers.equal_range("OpenAI-Beta");
    for (auto header = begin; header != end; ++header) {
        bool first_version = false;
        http::for_each_item(header->second, [&](std::string_view item) {
            first_version = first_version || http::equal_ignoring_case(item, "assistants=v1");
        });
        if (first_version)
            refuse("OpenAI-Beta",
                   "The header OpenAI-Beta asks for assistants=v1; this server speaks assistants=v2.");
    }
}

}  // namespace

void add_route(http::Router& router, http::Method method, const std::string& path, http::Handler handler,
               http::RouteOptions options) {
    router.add(
        method, "/v1" + path,
        [handler = std::move(handler)](http::Request request) {
            check_version(request);
            return handler(std::move(request));
        },
        options);
}

}  // namespace assistd::api::openai
