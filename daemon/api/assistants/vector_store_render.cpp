#include "api/assistants/vector_store_render.h"

#include "api/openai/ids.h"
#include "api/openai/metadata.h"

namespace assistd::api::assistants {
namespace {

using openai::Json;

// Small files take less than that; nobody should wait for the clients' own five seconds.
constexpr const char* poll_after_ms = "250";

Json render(const core::FileCounts& counts) {
    return {{"in_progress", counts.in_progress},
            {"completed", counts.completed},
            {"failed", counts.failed},
            {"cancelled", counts.cancelled},
            {"total", counts.total()}};
}

Json render(const core::Chunking& chunking) {
    return {{"type", "static"},
            {"static",
             {{"max_chunk_size_tokens", chunking.max_chunk_size_tokens},
              {"chunk_overlap_tokens", chunking.chunk_overlap_tokens}}}};
}

Json expires_after(const core::VectorStore& store) {
    if (!store.expires_after_days) return nullptr;
    return {{"anchor", "last_active_at"}, {"days", *store.expires_after_days}};
}

}  // namespace

Json render(const core::VectorStore& store) {
    return {{"id", store.id.text(openai::prefix::vector_store)},
            {"object", "vector_store"},
            {"created_at", openai::seconds(store.created_at)},
            {"name", store.name},
            {"description", openai::text_or_null(store.description)},
            {"usage_bytes", store.usage_bytes},
            {"file_counts", render(store.counts)},
            {"status", std::string(name_of(store.state))},
            {"expires_after", expires_after(store)},
            {"expires_at", store.expires_at ? Json(openai::seconds(*store.expires_at)) : Json()},
            {"last_active_at", openai::seconds(store.last_active_at)},
            {"metadata", openai::render_metadata(store.metadata)}};
}

Json render(const core::IndexedFile& file) {
    Json error;
    if (file.error)
        error = {{"code", std::string(name_of(file.error->code))}, {"message", file.error->message}};
    return {{"id", file.file.text(openai::prefix::file)},
            {"object", "vector_store.file"},
            {"created_at", openai::seconds(file.created_at)},
            {"vector_store_id", file.store.text(openai::prefix::vector_store)},
            {"status", std::string(name_of(file.state))},
            {"usage_bytes", file.usage_bytes},
            {"last_error", std::move(error)},
            {"attributes", Json::parse(file.attributes)},
            {"chunking_strategy", render(file.chunking)}};
}

Json render(const core::FileBatch& batch) {
    return {{"id", batch.id.text(openai::prefix::file_batch)},
            {"object", "vector_store.files_batch"},
            {"created_at", openai::seconds(batch.created_at)},
            {"vector_store_id", batch.store.text(openai::prefix::vector_store)},
            {"status", std::string(name_of(batch.state))},
            {"file_counts", render(batch.counts)}};
}

Json render_search(const std::vector<std::string>& queries, const std::vector<core::Passage>& found) {
    Json data = Json::array();
    for (const core::Passage& passage : found)
        data.push_back({{"file_id", passage.file.text(openai::prefix::file)},
                        {"filename", passage.file_name},
                        {"score", passage.score},
                        {"attributes", Json::parse(passage.attributes)},
                        {"content", Json::array({{{"type", "text"}, {"text", passage.text}}})}});
    return {{"object", "vector_store.search_results.page"},
            {"search_query", queries},
            {"data", std::move(data)},
            {"has_more", false},
            {"next_page", nullptr}};
}

Json render_gone(const std::string& id, const char* object) {
    return {{"id", id}, {"object", object}, {"deleted", true}};
}

http::Reply polled(http::Reply reply) {
    reply.with("openai-poll-after-ms", poll_after_ms);
    return reply;
}

}  // namespace assistd::api::assistants
