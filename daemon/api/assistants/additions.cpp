#include "api/assistants/additions.h"

#include "base/error.h"
#include "base/logging.h"

namespace assistd::api::assistants {
namespace {

// What is gone already need not be taken away.
Task<void> tried(Task<void> removal, std::string what) {
    try {
        co_await std::move(removal);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found)
            log::warn("what a refused request had added stays: {}: {}", what, error.what());
    }
}

Task<void> put_back(const Services& services, core::Owner owner, ConversationId thread,
                    std::string resources) {
    core::ThreadChange change;
    change.tool_resources = std::move(resources);
    co_await services.threads.change(std::move(owner), thread, std::move(change));
}

}  // namespace

Task<void> take_away(const Services& services, Additions added) {
    if (added.thread)
        co_await tried(services.store.remove_conversation(added.owner, *added.thread), added.thread->text());
    if (added.resources)
        co_await tried(put_back(services, added.owner, added.resources->first, added.resources->second),
                       added.resources->first.text());
    if (added.store)
        co_await tried(services.knowledge.remove_store(added.owner, *added.store), added.store->text());
    for (const auto& [store, file] : added.indexed)
        co_await tried(services.knowledge.remove_file(added.owner, store, file), file.text());
    for (const ArtifactId picture : added.pictures)
        co_await tried(services.artifacts.remove(added.owner, picture.text()), picture.text());
}

}  // namespace assistd::api::assistants
