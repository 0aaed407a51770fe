#include "api/conversations/attached_files.h"

#include <algorithm>
#include <array>

#include "api/assistants/thread_files.h"
#include "api/openai/ids.h"
#include "api/openai/json.h"
#include "base/error.h"
#include "base/pause.h"

namespace assistd::api::conversations {
namespace {

// Most files are read in a moment; who has attached a book need not wait for it to be told something.
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds between_looks{25};

// A table of numbers is for tools, and its rows say nothing to somebody who searches for words.
bool is_large_table(const core::Artifact& file) {
    constexpr std::int64_t large = 1 << 20;
    return file.size > large && (file.media_type.starts_with("text/csv") ||
                                 file.media_type.starts_with("text/tab-separated-values"));
}

// What a tool has made is told by the tool.
bool may_have_text(const core::Artifact& file) {
    if (is_large_table(file)) return false;
    constexpr std::array<std::string_view, 3> others = {"image/", "audio/", "video/"};
    const auto is_it = [&file](std::string_view kind) { return file.media_type.starts_with(kind); };
    return file.kind == "file" && std::ranges::none_of(others, is_it);
}

Task<bool> is_being_indexed(const Services& services, core::Owner owner, VectorStoreId store,
                            ArtifactId file) {
    core::IndexState state = core::IndexState::failed;
    try {
        const core::IndexedFile indexed = co_await services.knowledge.file(owner, store, file);
        state = indexed.state;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;  // it was removed meanwhile
    }
    co_return state == core::IndexState::in_progress;
}

}  // namespace

Task<void> make_searchable(const Services& services, core::Owner owner, ConversationId conversation,
                           std::vector<core::Artifact> files, std::stop_token gone) {
    std::erase_if(files, [](const core::Artifact& file) { return !may_have_text(file); });
    if (files.empty()) co_return;
    openai::Json list = openai::Json::array();
    for (const core::Artifact& file : files)
        list.push_back({{"file_id", file.id.text(openai::prefix::file)},
                        {"tools", openai::Json::array({{{"type", "file_search"}}})}});
    std::vector<std::string> attachments;
    attachments.push_back(openai::to_text(list));
    assistants::Additions added{owner};
    const std::optional<VectorStoreId> store =
        co_await assistants::index_attachments(services, added, conversation, std::move(attachments));
    if (!store) co_return;
    const auto end = std::chrono::steady_clock::now() + patience;
    for (const core::Artifact& file : files) {
        bool waits = true;
        while (waits && std::chrono::steady_clock::now() < end && !gone.stop_requested()) {
            waits = co_await is_being_indexed(services, owner, *store, file.id);
            if (waits) co_await pause(between_looks, gone);
        }
    }
}

}  // namespace assistd::api::conversations
