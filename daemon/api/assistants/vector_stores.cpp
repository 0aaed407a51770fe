#include "api/assistants/vector_store_fields.h"
#include "api/assistants/vector_store_handlers.h"
#include "api/assistants/vector_store_render.h"
#include "api/openai/metadata.h"
#include "api/openai/query.h"

namespace assistd::api::assistants {
namespace {

constexpr std::size_t most_name = 256;
constexpr std::size_t most_description = 512;
constexpr std::size_t most_first_files = 500;

}  // namespace

Task<Reply> create_vector_store(const Services& services, Request request) {
    const openai::Json json = openai::read_body(request, true);
    const openai::Fields body(json);
    core::VectorStore store;
    store.owner = request.user;
    store.name = body.text("name", most_name).value_or("");
    store.description = body.text("description", most_description).value_or("");
    store.metadata = openai::read_metadata(body);
    store.expires_after_days = read_expires_after(body).value_or(std::nullopt);
    std::vector<core::FileToIndex> files = read_file_ids(body, most_first_files, "{}");
    co_await check_files(services, request.user, files);
    const core::VectorStore added = co_await services.knowledge.add_store(std::move(store), std::move(files));
    co_return openai::json_reply(render(added));
}

Task<Reply> list_vector_stores(const Services& services, Request request) {
    const auto range =
        openai::QueryKeys(request).listing<VectorStoreId>(openai::prefix::vector_store, "a vector store");
    const auto slice = co_await services.knowledge.stores(request.user, range);
    const auto each = [](const core::VectorStore& store) { return render(store); };
    co_return openai::json_reply(openai::render_list(slice, each));
}

Task<Reply> show_vector_store(const Services& services, Request request) {
    const core::VectorStore store = co_await services.knowledge.store(request.user, store_in(request));
    co_return openai::json_reply(render(store));
}

Task<Reply> change_vector_store(const Services& services, Request request) {
    const VectorStoreId id = store_in(request);
    const openai::Json json = openai::read_body(request, true);
    const openai::Fields body(json);
    core::VectorStoreChange change;
    change.name = body.is_null("name") ? std::string() : body.text("name", most_name);
    change.description =
        body.is_null("description") ? std::string() : body.text("description", most_description);
    change.metadata = openai::read_metadata_patch(body);
    change.expires_after_days = read_expires_after(body);
    const core::VectorStore changed =
        co_await services.knowledge.change_store(request.user, id, std::move(change));
    co_return openai::json_reply(render(changed));
}

Task<Reply> delete_vector_store(const Services& services, Request request) {
    co_await services.knowledge.remove_store(request.user, store_in(request));
    co_return openai::json_reply(render_gone(request.path_value("store"), "vector_store.deleted"));
}

Task<Reply> search_vector_store(const Services& services, Request request) {
    const openai::Json json = openai::read_body(request);
    core::SearchRequest search = read_search(openai::Fields(json));
    search.owner = request.user;
    search.stores.push_back(store_in(request));
    const std::vector<std::string> queries = search.queries;
    const std::vector<core::Passage> found = co_await services.knowledge.search(std::move(search));
    co_return openai::json_reply(render_search(queries, found));
}

}  // namespace assistd::api::assistants
