#pragma once
// core::Threads on SQLite: conversations and their messages as the doors see them that list messages by ids.
// Owned by Storage; any thread.

#include "core/thread.h"
#include "store/artifact_files.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteThreads : public core::Threads {
  public:
    SqliteThreads(Writer& writer, Readers& readers, const ArtifactFiles& files)
        : writer_(writer), readers_(readers), files_(files) {}

    Task<void> add(core::Conversation conversation, std::vector<core::Message> messages) override;
    Task<core::Conversation> change(core::Owner owner, ConversationId id, core::ThreadChange change) override;
    Task<void> append(core::Owner owner, ConversationId id, std::vector<core::Message> messages) override;
    Task<core::Slice<core::ThreadMessage>> messages(core::ThreadMessageQuery query) override;
    Task<std::vector<core::Message>> messages_from(core::Owner owner, ConversationId conversation,
                                                   std::optional<MessageId> from, core::Order order,
                                                   int at_most) override;
    Task<core::Slice<core::Conversation>> list(core::Owner owner,
                                               core::ListRange<ConversationId> range) override;
    Task<core::ThreadMessage> message(core::Owner owner, ConversationId conversation, MessageId id) override;
    Task<core::ThreadMessage> change_message(core::Owner owner, ConversationId conversation, MessageId id,
                                             std::string metadata_patch) override;
    Task<void> remove_message(core::Owner owner, ConversationId conversation, MessageId id) override;
    Task<int> remove_unused(std::string door, Timestamp since, int at_most) override;

  private:
    Writer& writer_;
    Readers& readers_;
    const ArtifactFiles& files_;
};

}  // namespace assistd::store
