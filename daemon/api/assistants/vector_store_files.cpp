#include "api/assistants/vector_store_fields.h"
#include "api/assistants/vector_store_handlers.h"
#include "api/assistants/vector_store_render.h"
#include "api/openai/query.h"

namespace assistd::api::assistants {
namespace {

// In one reply; what is more is on the next page.
constexpr int content_chunks = 4'000;
constexpr std::int64_t last_chunk = 1 << 20;

}  // namespace

Task<Reply> add_vector_store_file(const Services& services, Request request) {
    const VectorStoreId store = store_in(request);
    const openai::Json json = openai::read_body(request);
    const openai::Fields body(json);
    core::FileToIndex file;
    file.file = read_file_id(body.required("file_id"));
    file.attributes = read_attributes(body);
    file.chunking = read_chunking(body);
    const std::vector<core::FileToIndex> files(1, file);
    co_await check_files(services, request.user, files);
    const core::IndexedFile added =
        co_await services.knowledge.add_file(request.user, store, std::move(file));
    co_return openai::json_reply(render(added));
}

Task<Reply> list_vector_store_files(const Services& services, Request request) {
    const openai::QueryKeys keys(request);
    core::IndexedFileQuery query;
    query.owner = request.user;
    query.store = store_in(request);
    query.range = keys.listing<ArtifactId>(openai::prefix::file, "a file");
    if (const auto state = keys.choice("filter", {"in_progress", "completed", "failed", "cancelled"}))
        query.state = core::index_state_of(*state);
    const auto slice = co_await services.knowledge.files(std::move(query));
    const auto each = [](const core::IndexedFile& file) { return render(file); };
    co_return polled(openai::json_reply(openai::render_list(slice, each)));
}

Task<Reply> show_vector_store_file(const Services& services, Request request) {
    const core::IndexedFile file =
        co_await services.knowledge.file(request.user, store_in(request), file_in(request));
    co_return polled(openai::json_reply(render(file)));
}

Task<Reply> change_vector_store_file(const Services& services, Request request) {
    const VectorStoreId store = store_in(request);
    const ArtifactId file = file_in(request);
    const openai::Json json = openai::read_body(request);
    const openai::Fields body(json);
    if (!body.has("attributes")) body.required("attributes");
    std::string attributes = read_attributes(body);
    const core::IndexedFile changed =
        co_await services.knowledge.change_attributes(request.user, store, file, std::move(attributes));
    co_return openai::json_reply(render(changed));
}

Task<Reply> delete_vector_store_file(const Services& services, Request request) {
    co_await services.knowledge.remove_file(request.user, store_in(request), file_in(request));
    co_return openai::json_reply(render_gone(request.path_value("file"), "vector_store.file.deleted"));
}

Task<Reply> show_vector_store_file_content(const Services& services, Request request) {
    const VectorStoreId store = store_in(request);
    const ArtifactId file = file_in(request);
    const int first = static_cast<int>(openai::QueryKeys(request).integer("page", 0, last_chunk).value_or(0));
    const core::ChunkTexts texts =
        co_await services.knowledge.chunk_texts(request.user, store, file, first, content_chunks);
    openai::Json data = openai::Json::array();
    for (const std::string& text : texts.texts) data.push_back({{"type", "text"}, {"text", text}});
    const openai::Json next =
        texts.has_more ? openai::Json(std::to_string(first + content_chunks)) : openai::Json();
    const openai::Json page = {{"object", "vector_store.file_content.page"},
                               {"data", std::move(data)},
                               {"has_more", texts.has_more},
                               {"next_page", next}};
    co_return openai::json_reply(page);
}

}  // namespace assistd::api::assistants
