#pragma once
// What a request has added on its way to what it was asked for: a thread, a vector store, files in one,
// pictures. When it is refused in the end, all of it is taken away again, so that it leaves nothing. Belongs
// to one request.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/services.h"

namespace assistd::api::assistants {

struct Additions {
    core::Owner owner;
    std::optional<ConversationId> thread = {};
    std::optional<VectorStoreId> store = {};
    std::vector<std::pair<VectorStoreId, ArtifactId>> indexed = {};  // in stores that were there
    std::vector<ArtifactId> pictures = {};
    // A thread that was there, with its tool_resources as they were before `store` was put into them.
    std::optional<std::pair<ConversationId, std::string>> resources = {};
};

// Takes away what there is of them; what cannot be is logged.
Task<void> take_away(const Services& services, Additions added);

// The work's result; when it throws, what it had added goes first. `added` is the caller's, and the work's to
// fill.
template <class T>
Task<T> all_or_nothing(const Services& services, const Additions& added, Task<T> work) {
    std::exception_ptr refusal;
    try {
        co_return co_await std::move(work);
    } catch (...) {
        refusal = std::current_exception();
    }
    co_await take_away(services, added);
    std::rethrow_exception(refusal);
}

}  // namespace assistd::api::assistants
