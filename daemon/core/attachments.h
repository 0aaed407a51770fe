#pragma once
// The files that came with a message of the user's. They are kept with the message as JSON text, and each has
// a text block at the end of the message that tells models of its handle, pictures too: tools may be called
// with it. Values and pure functions.

#include <span>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "core/message.h"

namespace assistd::core {

struct Attachment {
    ArtifactId artifact;
    // Empty where the door that took it did not say.
    std::string handle = {};
    std::string name = {};
    std::string media_type = {};
    std::int64_t size = 0;

    bool is_picture() const { return media_type.starts_with("image/"); }
};

// Puts them with a message: pictures to be looked at, and a note of each.
void attach(Message& message, std::span<const Artifact> files);

std::vector<Attachment> attachments_of(const Message& message);
// What the user said, without the notes.
std::string said_in(const Message& message);

}  // namespace assistd::core
