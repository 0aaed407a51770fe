#pragma once
// The handlers of vector stores, by resource; the table that says which is called when is
// vector_store_routes.cpp. Each is a coroutine on a strand of its own. They translate and check; everything
// else is the core's.

#include "api/openai/ids.h"
#include "api/services.h"
#include "base/async.h"
#include "http/reply.h"
#include "http/request.h"

namespace assistd::api::assistants {

using http::Reply;
using http::Request;

// vector_stores.cpp
Task<Reply> create_vector_store(const Services& services, Request request);
Task<Reply> list_vector_stores(const Services& services, Request request);
Task<Reply> show_vector_store(const Services& services, Request request);
Task<Reply> change_vector_store(const Services& services, Request request);
Task<Reply> delete_vector_store(const Services& services, Request request);
Task<Reply> search_vector_store(const Services& services, Request request);

// vector_store_files.cpp
Task<Reply> add_vector_store_file(const Services& services, Request request);
Task<Reply> list_vector_store_files(const Services& services, Request request);
Task<Reply> show_vector_store_file(const Services& services, Request request);
Task<Reply> change_vector_store_file(const Services& services, Request request);
Task<Reply> delete_vector_store_file(const Services& services, Request request);
Task<Reply> show_vector_store_file_content(const Services& services, Request request);

// vector_store_batches.cpp
Task<Reply> add_file_batch(const Services& services, Request request);
Task<Reply> show_file_batch(const Services& services, Request request);
Task<Reply> cancel_file_batch(const Services& services, Request request);
Task<Reply> list_file_batch(const Services& services, Request request);

inline VectorStoreId store_in(const Request& request) {
    return openai::id_in_path<VectorStoreId>(request, "store", openai::prefix::vector_store, "vector store");
}
inline ArtifactId file_in(const Request& request) {
    return openai::id_in_path<ArtifactId>(request, "file", openai::prefix::file, "file in this vector store");
}

}  // namespace assistd::api::assistants
