#include "api/assistants/content.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "api/assistants/tools.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "api/openai/metadata.h"
#include "base/base64.h"
#include "base/blank.h"

namespace assistd::api::assistants {
namespace {

using openai::Field;
using openai::Fields;
using openai::Json;

constexpr std::size_t most_parts = 1'000;
constexpr std::size_t most_messages = 10'000;
constexpr std::size_t most_attachments = 100;
constexpr std::size_t most_url_characters = 16u << 20;

ArtifactId read_file_id(const Field& field) {
    const auto id = ArtifactId::parse(field.text(256), openai::prefix::file);
    if (!id) openai::refuse(field.path, field.path + " must be the id of a file.");
    return *id;
}

std::string read_detail(const Fields& image) {
    const auto detail = image.choice("detail", {"auto", "low", "high"});
    return detail && *detail != "auto" ? *detail : "";
}

// "data:image/png;base64,…": the daemon fetches nothing, so the picture has to come along.
GivenMessage::Picture read_image_url(const Fields& image) {
    const std::string url = image.required_text("url", most_url_characters);
    GivenMessage::Picture picture{image.path_of("url"), read_detail(image), std::nullopt, {}, {}};
    constexpr std::string_view scheme = "data:";
    constexpr std::string_view encoding = ";base64,";
    const std::size_t comma = url.find(encoding);
    if (!url.starts_with(scheme) || comma == std::string::npos)
        image.refuse(
            "url",
            "must be a data: URL with base64; this server fetches no pictures from other hosts. Upload "
            "the picture with POST /v1/files and name it as image_file, or send it as a data: URL.");
    picture.media_type = url.substr(scheme.size(), comma - scheme.size());
    constexpr std::array<std::string_view, 4> known = {"image/png", "image/jpeg", "image/gif", "image/webp"};
    if (std::find(known.begin(), known.end(), picture.media_type) == known.end())
        image.refuse("url", "must be a PNG, JPEG, GIF or WebP picture.");
    auto bytes = from_base64(std::string_view(url).substr(comma + encoding.size()));
    if (!bytes || bytes->empty()) image.refuse("url", "is a data: URL whose base64 is wrong or empty.");
    picture.bytes = std::move(*bytes);
    return picture;
}

GivenMessage::Part read_part(const Fields& part) {
    const std::string type = part.required("type").choice({"text", "image_file", "image_url"});
    if (type == "text") return part.required_text("text", most_text_characters);
    const Fields image(part.required(type));
    if (type == "image_url") return read_image_url(image);
    const Field file = image.required("file_id");
    return GivenMessage::Picture{file.path, read_detail(image), read_file_id(file), {}, {}};
}

std::vector<GivenMessage::Part> read_content(const Fields& fields) {
    const Field content = fields.required("content");
    std::vector<GivenMessage::Part> parts;
    if (content.value->is_string())
        parts.emplace_back(content.text(most_text_characters));
    else if (content.value->is_array())
        for (const Field& item : content.items(most_parts)) parts.push_back(read_part(Fields(item)));
    else
        fields.refuse("content", "must be a string or a list of parts.");
    const bool says_something = std::any_of(parts.begin(), parts.end(), [](const GivenMessage::Part& part) {
        const auto* text = std::get_if<std::string>(&part);
        return !text || !is_blank(*text);
    });
    if (!says_something) fields.refuse("content", "must not be empty or blank.");
    return parts;
}

void read_attachments(const Fields& fields, bool runs_code, GivenMessage& message) {
    Json attachments = Json::array();
    for (const Fields& attachment : fields.objects("attachments", most_attachments)) {
        const Field file = attachment.required("file_id");
        message.files.emplace_back(read_file_id(file), file.path);
        Json tools = Json::array();
        for (const Fields& tool : attachment.objects("tools", 2)) {
            const std::string type = tool.required("type").choice({"file_search", "code_interpreter"});
            if (type == "code_interpreter" && !runs_code) refuse_code_interpreter(tool);
            tools.push_back({{"type", type}});
        }
        attachments.push_back({{"file_id", message.files.back().first.text(openai::prefix::file)},
                               {"tools", std::move(tools)}});
    }
    message.attachments = openai::to_text(attachments);
}

Task<core::Artifact> find_file(const Services& services, core::Owner owner, ArtifactId id, std::string path) {
    try {
        co_return co_await services.artifacts.find(std::move(owner), id.text());
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    openai::refuse(path, "No file found with id '" + id.text(openai::prefix::file) + "'.");
}

void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            throw Error(ErrorCode::unavailable,
                        std::string("A picture cannot be stored: ") + std::strerror(errno) + ".");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

Task<core::ImageBlock> keep_picture(const Services& services, Additions& added, ConversationId conversation,
                                    GivenMessage::Picture picture) {
    core::ArtifactDraft draft;
    draft.file = services.artifacts.new_file();
    write_all(draft.file.get(), picture.bytes);
    draft.about.owner = added.owner;
    draft.about.kind = "file";
    draft.about.name = "picture." + picture.media_type.substr(picture.media_type.find('/') + 1);
    draft.about.media_type = picture.media_type;
    draft.about.conversation = conversation;
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(std::move(draft));
    const std::vector<core::Artifact> kept = co_await services.artifacts.add(std::move(drafts));
    added.pictures.push_back(kept.front().id);
    co_return core::ImageBlock{kept.front().id, picture.media_type, picture.detail};
}

Task<core::ImageBlock> picture_block(const Services& services, Additions& added, ConversationId conversation,
                                     GivenMessage::Picture picture) {
    if (!picture.file) co_return co_await keep_picture(services, added, conversation, std::move(picture));
    const core::Artifact file = co_await find_file(services, added.owner, *picture.file, picture.path);
    if (!file.media_type.starts_with("image/"))
        openai::refuse(picture.path,
                       picture.path + " must be the id of a picture; " + file.name + " is none.");
    co_return core::ImageBlock{file.id, file.media_type, picture.detail};
}

}  // namespace

GivenMessage read_message(const Fields& fields, bool runs_code) {
    GivenMessage message;
    if (fields.required("role").choice({"user", "assistant"}) == "assistant")
        message.role = core::Role::assistant;
    message.parts = read_content(fields);
    read_attachments(fields, runs_code, message);
    message.metadata = openai::read_metadata(fields);
    return message;
}

std::vector<GivenMessage> read_messages(const Fields& fields, std::string_view name, bool runs_code) {
    std::vector<GivenMessage> messages;
    for (const Fields& item : fields.objects(name, most_messages))
        messages.push_back(read_message(item, runs_code));
    return messages;
}

Task<std::vector<core::Message>> make_messages(const Services& services, Additions& added,
                                               ConversationId conversation, bool conversation_exists,
                                               std::vector<GivenMessage> given) {
    std::vector<core::Message> messages;
    messages.reserve(given.size());
    const ConversationId keeper = conversation_exists ? conversation : ConversationId();
    for (GivenMessage& one : given) {
        core::Message message;
        message.id = MessageId::make();
        message.conversation = conversation;
        message.role = one.role;
        message.replies = 0;
        message.created_at = now();
        message.metadata = std::move(one.metadata);
        message.attachments = std::move(one.attachments);
        for (GivenMessage::Part& part : one.parts) {
            if (auto* text = std::get_if<std::string>(&part)) {
                message.blocks.push_back(core::TextBlock{std::move(*text)});
                continue;
            }
            auto picture = std::get<GivenMessage::Picture>(std::move(part));
            core::ImageBlock block = co_await picture_block(services, added, keeper, std::move(picture));
            message.blocks.push_back(std::move(block));
        }
        // As in a chat: models are told the handle, which tools take.
        for (const auto& [id, path] : one.files) {
            const core::Artifact file = co_await find_file(services, added.owner, id, path);
            message.blocks.push_back(core::TextBlock{"\n[attached: " + file.handle + ", " + file.name + "]"});
        }
        messages.push_back(std::move(message));
    }
    co_return messages;
}

}  // namespace assistd::api::assistants
