#include "api/assistants/vector_store_routes.h"

#include "api/assistants/vector_store_handlers.h"
#include "api/openai/routes.h"

namespace assistd::api::assistants {

void add_vector_store_routes(http::Router& router, const Services& services) {
    using enum http::Method;
    const auto route = [&](http::Method method, const std::string& path,
                           Task<Reply> (*handler)(const Services&, Request),
                           http::RouteOptions options = {}) {
        openai::add_route(
            router, method, path,
            [&services, handler](Request request) { return handler(services, std::move(request)); }, options);
    };
    const std::string stores = "/vector_stores";
    const std::string store = stores + "/{store}";
    const std::string file = store + "/files/{file}";
    const std::string batch = store + "/file_batches/{batch}";

    route(post, stores, create_vector_store);
    route(get, stores, list_vector_stores);
    route(get, store, show_vector_store);
    route(post, store, change_vector_store);
    route(del, store, delete_vector_store);
    route(post, store + "/search", search_vector_store, {.needs = http::Needs::read});

    route(post, store + "/files", add_vector_store_file);
    route(get, store + "/files", list_vector_store_files);
    route(get, file, show_vector_store_file);
    route(post, file, change_vector_store_file);
    route(del, file, delete_vector_store_file);
    route(get, file + "/content", show_vector_store_file_content);

    route(post, store + "/file_batches", add_file_batch);
    route(get, batch, show_file_batch);
    route(post, batch + "/cancel", cancel_file_batch);
    route(get, batch + "/files", list_file_batch);
}

}  // namespace assistd::api::assistants
