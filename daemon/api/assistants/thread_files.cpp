#include "api/assistants/thread_files.h"

#include <algorithm>

#include "api/assistants/vector_store_fields.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "api/openai/metadata.h"

namespace assistd::api::assistants {
namespace {

using openai::Fields;
using openai::Json;
namespace prefix = openai::prefix;

constexpr int own_store_days = 7;                                  // after its last use
constexpr const char* mark_of_own_store = "assistd_conversation";  // in its metadata, with whose it is
constexpr std::size_t most_files = 10'000;
constexpr const char* search_path = "tool_resources.file_search";

std::optional<VectorStoreId> store_in(const std::string& resources) {
    const Json ids =
        Json::parse(resources).value(Json::json_pointer("/file_search/vector_store_ids"), Json());
    if (!ids.is_array() || ids.empty()) return std::nullopt;
    return VectorStoreId::parse(ids.front().get<std::string>(), prefix::vector_store);
}

Task<void> check_store(const Services& services, core::Owner owner, VectorStoreId id) {
    try {
        co_await services.knowledge.store(std::move(owner), id);
        co_return;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    openai::refuse(std::string(search_path) + ".vector_store_ids[0]",
                   "No vector store found with id '" + id.text(prefix::vector_store) + "'.");
}

Task<VectorStoreId> make_store(const Services& services, core::Owner owner, const Fields& described) {
    core::VectorStore store;
    store.owner = owner;
    store.metadata = openai::read_metadata(described);
    std::vector<core::FileToIndex> files = read_file_ids(described, most_files, "{}");
    bool known = true;
    try {
        co_await check_files(services, owner, files);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        known = false;
    }
    if (!known) described.refuse("file_ids", "names a file that does not exist.");
    const core::VectorStore made = co_await services.knowledge.add_store(std::move(store), std::move(files));
    co_return made.id;
}

// The thread's own store, for these files at first.
Task<VectorStoreId> give_store(const Services& services, Additions& added, ConversationId thread,
                               std::vector<core::FileToIndex> files) {
    const core::Owner owner = added.owner;
    core::VectorStore store;
    store.owner = owner;
    store.expires_after_days = own_store_days;
    store.metadata = openai::to_text({{mark_of_own_store, thread.text()}});
    const core::VectorStore made = co_await services.knowledge.add_store(std::move(store), std::move(files));
    added.store = made.id;
    const core::Conversation before = co_await services.store.conversation(owner, thread);
    Json resources = Json::parse(before.tool_resources);
    Json ids = Json::array({made.id.text(prefix::vector_store)});
    resources["file_search"] = {{"vector_store_ids", std::move(ids)}};
    core::ThreadChange change;
    change.tool_resources = openai::to_text(resources);
    co_await services.threads.change(owner, thread, std::move(change));
    added.resources.emplace(thread, before.tool_resources);
    co_return made.id;
}

// Each file once, as far as file_search is to find it.
std::vector<core::FileToIndex> files_for_search(const std::vector<std::string>& attachments) {
    std::vector<core::FileToIndex> files;
    for (const std::string& list : attachments) {
        for (const Json& attachment : Json::parse(list)) {
            const Json& tools = attachment.at("tools");
            const bool wanted = std::any_of(tools.begin(), tools.end(), [](const Json& tool) {
                return tool.at("type") == "file_search";
            });
            const auto id = ArtifactId::parse(attachment.at("file_id").get<std::string>(), prefix::file);
            const auto is_it = [&](const core::FileToIndex& file) { return file.file == *id; };
            if (wanted && id && std::none_of(files.begin(), files.end(), is_it))
                files.push_back({*id, "{}", {}});
        }
    }
    return files;
}

// With attributes and chunks of its own, which stay as they are.
Task<bool> is_in_store(const Services& services, core::Owner owner, VectorStoreId store, ArtifactId file) {
    core::IndexState state = core::IndexState::failed;
    try {
        const core::IndexedFile known = co_await services.knowledge.file(owner, store, file);
        state = known.state;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return state == core::IndexState::completed || state == core::IndexState::in_progress;
}

}  // namespace

Task<void> drop_own_store(const Services& services, core::Conversation conversation) {
    const std::optional<VectorStoreId> named = store_in(conversation.tool_resources);
    if (!named) co_return;
    try {
        const core::VectorStore store = co_await services.knowledge.store(conversation.owner, *named);
        const Json said = Json::parse(store.metadata);
        if (said.value(mark_of_own_store, "") != conversation.id.text()) co_return;
        co_await services.knowledge.remove_store(conversation.owner, *named);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;  // it has expired, or was removed
    }
}

Task<std::string> settle_resources(const Services& services, Additions& added, std::string resources) {
    if (const auto named = store_in(resources)) co_await check_store(services, added.owner, *named);
    Json json = Json::parse(resources);
    if (!json.contains("file_search") || !json["file_search"].contains("vector_stores")) co_return resources;
    const Json described = json["file_search"]["vector_stores"];
    json["file_search"].erase("vector_stores");
    if (!described.empty()) {
        const Fields first(described.front(), std::string(search_path) + ".vector_stores[0]");
        added.store = co_await make_store(services, added.owner, first);
        json["file_search"]["vector_store_ids"] = Json::array({added.store->text(prefix::vector_store)});
    }
    co_return openai::to_text(json);
}

Task<void> add_assistant(const Services& services, Additions& added, core::Assistant& assistant) {
    assistant.tool_resources = co_await settle_resources(services, added, assistant.tool_resources);
    co_await services.assistants.add(assistant);
}

std::vector<std::string> attachments_of(const std::vector<core::Message>& messages) {
    std::vector<std::string> attachments;
    for (const core::Message& message : messages)
        if (message.attachments != "[]") attachments.push_back(message.attachments);
    return attachments;
}

Task<std::optional<VectorStoreId>> index_attachments(const Services& services, Additions& added,
                                                     ConversationId thread,
                                                     std::vector<std::string> attachments) {
    std::vector<core::FileToIndex> files = files_for_search(attachments);
    if (files.empty()) co_return std::nullopt;
    const core::Owner owner = added.owner;
    const core::Conversation conversation = co_await services.store.conversation(owner, thread);
    std::optional<VectorStoreId> store = store_in(conversation.tool_resources);
    bool usable = store.has_value();
    for (std::size_t i = 0; usable && i < files.size(); ++i) {
        try {
            const bool is_there = co_await is_in_store(services, owner, *store, files[i].file);
            if (is_there) continue;
            co_await services.knowledge.add_file(owner, *store, files[i]);
            added.indexed.emplace_back(*store, files[i].file);
        } catch (const Error& error) {
            // It was removed or has expired since.
            if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::conflict) throw;
            usable = false;
        }
    }
    if (!usable) store = co_await give_store(services, added, thread, std::move(files));
    co_return store;
}

}  // namespace assistd::api::assistants
