#include "api/assistants/vector_store_fields.h"
#include "api/assistants/vector_store_handlers.h"
#include "api/assistants/vector_store_render.h"
#include "api/openai/query.h"

namespace assistd::api::assistants {
namespace {

constexpr std::size_t most_files = 2'000;

FileBatchId batch_in(const Request& request) {
    return openai::id_in_path<FileBatchId>(request, "batch", openai::prefix::file_batch,
                                           "file batch in this vector store");
}

// Either ids with one set of attributes for all, or files with their own.
std::vector<core::FileToIndex> read_files(const openai::Fields& body) {
    if (body.find("file_ids").has_value() == body.find("files").has_value())
        body.refuse("file_ids", "or files must be given, and not both");
    std::vector<core::FileToIndex> files;
    if (body.find("file_ids")) {
        files = read_file_ids(body, most_files, read_attributes(body));
    } else {
        for (const openai::Fields& each : body.objects("files", most_files)) {
            core::FileToIndex file;
            file.file = read_file_id(each.required("file_id"));
            file.attributes = read_attributes(each);
            file.chunking = read_chunking(each);
            files.push_back(std::move(file));
        }
    }
    if (files.empty()) body.refuse(body.find("files") ? "files" : "file_ids", "must name at least one file");
    return files;
}

}  // namespace

Task<Reply> add_file_batch(const Services& services, Request request) {
    const VectorStoreId store = store_in(request);
    const openai::Json json = openai::read_body(request);
    std::vector<core::FileToIndex> files = read_files(openai::Fields(json));
    co_await check_files(services, request.user, files);
    const core::FileBatch batch =
        co_await services.knowledge.add_batch(request.user, store, std::move(files));
    co_return openai::json_reply(render(batch));
}

Task<Reply> show_file_batch(const Services& services, Request request) {
    const core::FileBatch batch =
        co_await services.knowledge.batch(request.user, store_in(request), batch_in(request));
    co_return polled(openai::json_reply(render(batch)));
}

Task<Reply> cancel_file_batch(const Services& services, Request request) {
    const core::FileBatch batch =
        co_await services.knowledge.cancel_batch(request.user, store_in(request), batch_in(request));
    co_return openai::json_reply(render(batch));
}

Task<Reply> list_file_batch(const Services& services, Request request) {
    const openai::QueryKeys keys(request);
    core::IndexedFileQuery query;
    query.owner = request.user;
    query.store = store_in(request);
    query.batch = batch_in(request);
    query.range = keys.listing<ArtifactId>(openai::prefix::file, "a file");
    if (const auto state = keys.choice("filter", {"in_progress", "completed", "failed", "cancelled"}))
        query.state = core::index_state_of(*state);
    const auto slice = co_await services.knowledge.files(std::move(query));
    const auto each = [](const core::IndexedFile& file) { return render(file); };
    co_return polled(openai::json_reply(openai::render_list(slice, each)));
}

}  // namespace assistd::api::assistants
