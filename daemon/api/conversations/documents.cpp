// Documents for people who do not care about vector stores: all of theirs are in one, which has a name that
// no client is likely to give.

#include <limits>

#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/conversations/upload.h"
#include "api/json_body.h"
#include "api/query.h"
#include "base/time.h"

namespace assistd::api::conversations {
namespace {

constexpr const char* store_name = "assistd documents";
constexpr std::size_t longest_query = 4'096;
constexpr int text_chunks = 250;  // about a megabyte

Json render(const core::IndexedFile& file) {
    Json json = {{"id", file.file.text()},
                 {"name", file.file_name},
                 {"status", core::name_of(file.state)},
                 {"error", nullptr},
                 {"text_bytes", file.usage_bytes},
                 {"created_at", to_iso8601(file.created_at)}};
    if (file.error)
        json["error"] = {{"code", core::name_of(file.error->code)}, {"message", file.error->message}};
    return json;
}

Json render(const core::Passage& passage) {
    return {{"document_id", passage.file.text()},
            {"name", passage.file_name},
            {"score", passage.score},
            {"text", passage.text},
            {"page", passage.page ? Json(*passage.page) : Json()},
            {"heading", passage.heading.empty() ? Json() : Json(passage.heading)},
            {"start", passage.start},
            {"end", passage.end}};
}

// Which of the owner's artifacts a path means.
Task<core::IndexedFile> find(const Services& services, const Request& request) {
    const std::string name = request.path_value("document");
    const core::Artifact artifact = co_await services.artifacts.find(request.user, name);
    const core::VectorStore store = co_await services.knowledge.store_named(request.user, store_name);
    co_return co_await services.knowledge.file(request.user, store.id, artifact.id);
}

// How far the reading of a file of this id is, if it is in the store.
Task<std::optional<core::IndexState>> state_in(const Services& services, core::Owner owner,
                                               VectorStoreId store, ArtifactId file) {
    try {
        const core::IndexedFile found = co_await services.knowledge.file(std::move(owner), store, file);
        co_return found.state;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return std::nullopt;
}

// A store of the user's in which the file has been read. Throws Error{conflict} while it is being read.
Task<VectorStoreId> store_with(const Services& services, core::Owner owner, ArtifactId file) {
    const core::VectorStore documents = co_await services.knowledge.store_named(owner, store_name);
    std::optional<core::IndexState> state = co_await state_in(services, owner, documents.id, file);
    if (state == core::IndexState::completed) co_return documents.id;
    bool is_being_read = state == core::IndexState::in_progress;
    core::ListRange<VectorStoreId> range;
    range.limit = 100;
    for (bool more = true; more;) {
        const core::Slice<core::VectorStore> stores = co_await services.knowledge.stores(owner, range);
        for (const core::VectorStore& store : stores.items) {
            state = co_await state_in(services, owner, store.id, file);
            if (state == core::IndexState::completed) co_return store.id;
            is_being_read = is_being_read || state == core::IndexState::in_progress;
        }
        more = stores.has_more;
        if (more) range.after = stores.items.back().id;
    }
    if (is_being_read)
        throw Error(ErrorCode::conflict,
                    "This file is still being read. Ask again when its status is completed.");
    throw Error(ErrorCode::not_found,
                "Nothing has been read of this file: it is in none of your stores, or could not be read.");
}

}  // namespace

Task<Reply> list_documents(const Services& services, Request request) {
    Query query(request);
    core::IndexedFileQuery wanted;
    wanted.owner = request.user;
    if (const auto status = query.text("status")) {
        wanted.state = core::index_state_of(*status);
        if (!wanted.state)
            query.wrong("status", "status is one of in_progress, completed, failed and cancelled.");
    }
    wanted.range.limit = query.limit();
    if (const std::string cursor = query.cursor(); !cursor.empty()) {
        wanted.range.after = ArtifactId::parse(cursor);
        if (!wanted.range.after) query.wrong("cursor", "cursor is no next_cursor of this list.");
    }
    query.finish();
    const core::VectorStore store = co_await services.knowledge.store_named(request.user, store_name);
    wanted.store = store.id;
    const core::Slice<core::IndexedFile> found = co_await services.knowledge.files(wanted);
    Json documents = Json::array();
    for (const core::IndexedFile& file : found.items) documents.push_back(render(file));
    Json json;
    json["documents"] = std::move(documents);
    json["has_more"] = found.has_more;
    json["next_cursor"] = found.has_more ? Json(found.items.back().file.text()) : Json();
    json["counts"] = {{"in_progress", store.counts.in_progress},
                      {"completed", store.counts.completed},
                      {"failed", store.counts.failed},
                      {"cancelled", store.counts.cancelled},
                      {"total", store.counts.total()}};
    co_return Reply::json(to_text(json));
}

// Answers once the file is stored; its text is read after that. What an earlier request with the same key has
// stored is put among the documents all the same: that one may have come no further.
Task<Reply> upload_document(const Services& services, Request request) {
    const core::Owner owner = request.user;
    const core::VectorStore store = co_await services.knowledge.store_named(owner, store_name);
    const Upload stored = co_await store_upload(services, std::move(request), "document");
    core::FileToIndex file;
    file.file = stored.artifact.id;
    std::exception_ptr refused;
    core::IndexedFile indexed;
    try {
        indexed = co_await services.knowledge.add_file(owner, store.id, file);
    } catch (...) {
        refused = std::current_exception();
    }
    if (refused) {
        if (stored.is_new) co_await services.artifacts.remove(owner, stored.artifact.handle);
        std::rethrow_exception(refused);
    }
    co_return Reply::json(to_text(render(indexed)), 201)
        .with("Location", "/api/v1/ai/documents/" + stored.artifact.id.text());
}

Task<Reply> search_documents(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request);
    core::SearchRequest search;
    search.owner = request.user;
    const std::string query = body.text("query", longest_query).value_or("");
    search.limit = static_cast<int>(body.number("limit", 1, 50).value_or(search.limit));
    if (query.find_first_not_of(" \t\r\n") == std::string::npos)
        body.wrong("query", "query is what to look for, and must not be empty.");
    body.finish();
    search.queries = {query};
    const core::VectorStore store = co_await services.knowledge.store_named(request.user, store_name);
    search.stores = {store.id};
    const std::vector<core::Passage> found = co_await services.knowledge.search(std::move(search));
    Json passages = Json::array();
    for (const core::Passage& passage : found) passages.push_back(render(passage));
    Json json;
    json["passages"] = std::move(passages);
    co_return Reply::json(to_text(json));
}

Task<Reply> show_document(const Services& services, Request request) {
    Query(request).finish();
    const core::IndexedFile file = co_await find(services, request);
    co_return Reply::json(to_text(render(file)));
}

// What was read of a file, from chunk ?first= on: all texts together are the text that citations' positions
// count in. The file may be in any store of the user's.
Task<Reply> show_document_text(const Services& services, Request request) {
    Query query(request);
    const auto first = query.number("first", 0, std::numeric_limits<int>::max()).value_or(0);
    query.finish();
    const core::Artifact artifact =
        co_await services.artifacts.find(request.user, request.path_value("document"));
    const VectorStoreId store = co_await store_with(services, request.user, artifact.id);
    core::ChunkTexts read = co_await services.knowledge.chunk_texts(request.user, store, artifact.id,
                                                                    static_cast<int>(first), text_chunks);
    std::string text;
    for (const std::string& chunk : read.texts) text += chunk;
    Json json = {{"document_id", artifact.id.text()}, {"name", artifact.name}, {"text", std::move(text)}};
    json["next_first"] = read.has_more ? Json(first + text_chunks) : Json();
    co_return Reply::json(to_text(json));
}

// The file goes with it, and from every store.
Task<Reply> delete_document(const Services& services, Request request) {
    Query(request).finish();
    const core::IndexedFile file = co_await find(services, request);
    co_await services.knowledge.forget_file(request.user, file.file);
    co_await services.artifacts.remove(request.user, file.file.text());
    co_return Reply::empty();
}

}  // namespace assistd::api::conversations
