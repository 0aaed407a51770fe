#include "core/attachments.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assistd::core {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Artifact& file) {
    return {{"artifact", file.id.text()},
            {"handle", file.handle},
            {"name", file.name},
            {"media_type", file.media_type},
            {"size", file.size}};
}

// As the doors write it: this one, or the Assistants API's with its file's id.
Attachment attachment_in(const Json& json) {
    const auto text = [&](const char* field) { return json.value(field, std::string()); };
    auto id = ArtifactId::parse(text("artifact"));
    if (!id) id = ArtifactId::parse(text("file_id"), "file-");
    return {id.value_or(ArtifactId()), text("handle"), text("name"), text("media_type"),
            json.value("size", std::int64_t{0})};
}

}  // namespace

void attach(Message& message, std::span<const Artifact> files) {
    if (files.empty()) return;
    Json list = Json::array();
    for (const Artifact& file : files) list.push_back(json_of(file));
    message.attachments = list.dump(-1, ' ', false, Json::error_handler_t::replace);
    for (const Artifact& file : files)
        if (file.media_type.starts_with("image/"))
            message.blocks.push_back(ImageBlock{file.id, file.media_type});
    for (const Artifact& file : files)
        message.blocks.push_back(TextBlock{"\n[attached: " + file.handle + ", " + file.name + "]"});
}

std::vector<Attachment> attachments_of(const Message& message) {
    std::vector<Attachment> attachments;
    if (message.attachments == "[]") return attachments;
    const Json list = Json::parse(message.attachments, nullptr, false);
    if (!list.is_array()) return attachments;
    for (const Json& one : list)
        if (one.is_object()) attachments.push_back(attachment_in(one));
    return attachments;
}

std::string said_in(const Message& message) {
    const std::size_t notes = attachments_of(message).size();
    Message said;
    said.blocks = message.blocks;
    said.blocks.resize(message.blocks.size() - std::min(notes, message.blocks.size()));
    return said.text();
}

}  // namespace assistd::core
