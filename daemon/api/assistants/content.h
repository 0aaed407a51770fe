#pragma once
// Reads the messages that clients put into threads, and finds or keeps the pictures and files that come with
// them. Throws Error{validation} for the first field that is wrong.

#include <vector>

#include "api/assistants/additions.h"
#include "api/openai/fields.h"
#include "api/services.h"
#include "core/message.h"

namespace assistd::api::assistants {

inline constexpr std::size_t most_text_characters = 256'000;

// A message as it was given; nothing of it is looked up yet.
struct GivenMessage {
    struct Picture {
        std::string path;  // of the field
        std::string detail;
        std::optional<ArtifactId> file;  // none: the bytes came along
        std::string media_type;
        std::string bytes;
    };
    using Part = std::variant<std::string, Picture>;

    core::Role role = core::Role::user;
    std::vector<Part> parts;
    std::vector<std::pair<ArtifactId, std::string>> files;  // the attachments', with their fields
    std::string attachments = "[]";
    std::string metadata = "{}";
};

// `runs_code`: some plugin is a code interpreter; else no attachment can be for it.
GivenMessage read_message(const openai::Fields& fields, bool runs_code);
std::vector<GivenMessage> read_messages(const openai::Fields& fields, std::string_view name, bool runs_code);

// As messages of no turn, in this order. Pictures that came along are kept as artifacts, of the conversation
// unless it is nil.
Task<std::vector<core::Message>> make_messages(const Services& services, Additions& added,
                                               ConversationId conversation, bool conversation_exists,
                                               std::vector<GivenMessage> given);

// A thread that is to be made, with its first messages; nothing of it is looked up yet.
struct GivenThread {
    core::Conversation thread;
    std::vector<GivenMessage> messages;
};
GivenThread read_thread(const core::Owner& owner, const openai::Fields& fields, bool runs_code);
Task<core::Conversation> add_thread(const Services& services, Additions& added, GivenThread given);

}  // namespace assistd::api::assistants
