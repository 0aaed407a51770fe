#include "api/openai/chat_messages.h"

#include <algorithm>
#include <map>

#include "api/openai/errors.h"
#include "base/base64.h"

namespace assistd::api::openai {
namespace {

using core::Message;
using core::Role;

constexpr std::size_t most_messages = 10'000;
constexpr std::size_t most_parts = 2'000;
constexpr std::size_t most_calls = 128;
constexpr std::size_t longest_text = 16 << 20;

Message message_of(Role role) {
    Message message;
    message.id = MessageId::make();
    message.role = role;
    message.created_at = now();
    return message;
}

// "data:image/png;base64,…". The daemon fetches nothing on a client's word.
core::ImageBlock image_of(const Fields& part) {
    const Field url = part.required("image_url");
    const std::string text =
        url.value->is_string() ? url.text(longest_text) : Fields(url).required_text("url", longest_text);
    const std::string path = url.value->is_string() ? url.path : url.path + ".url";
    const std::size_t comma = text.find(',');
    const std::string head = text.substr(0, comma == std::string::npos ? 0 : comma);
    if (!head.starts_with("data:image/") || !head.ends_with(";base64"))
        refuse(path, path +
                         " must be a data URL with a picture (data:image/png;base64,…); the daemon does not "
                         "fetch pictures from other hosts.");
    static constexpr std::string_view types[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
    const std::string type = head.substr(5, head.size() - 5 - std::string_view(";base64").size());
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse(path, path + " must be a PNG, JPEG, GIF or WebP picture.");
    core::ImageBlock image;
    image.artifact = ArtifactId::make();
    image.media_type = type;
    image.data = text.substr(comma + 1);
    const auto bytes = from_base64(image.data);
    if (!bytes || bytes->empty()) refuse(path, path + " is a data: URL whose base64 is wrong or empty.");
    return image;
}

// A text, or a list of parts.
void add_content(const Fields& fields, Message& message, bool with_images) {
    const auto content = fields.find("content");
    if (!content) return;
    if (content->value->is_string()) {
        message.blocks.emplace_back(core::TextBlock{content->text(longest_text)});
        return;
    }
    for (const Field& item : content->items(most_parts)) {
        const Fields part(item);
        const std::string type = part.required_text("type", 64);
        if (type == "text")
            message.blocks.emplace_back(core::TextBlock{part.required("text").text(longest_text)});
        else if (type == "refusal")
            message.blocks.emplace_back(core::TextBlock{part.required("refusal").text(longest_text)});
        else if (type == "image_url" && with_images)
            message.blocks.emplace_back(image_of(part));
        else
            part.refuse("type",
                        "is \"" + type + "\"; a " + std::string(core::name_of(message.role)) +
                            (with_images ? " message takes text and image_url." : " message takes text."));
    }
}

core::ToolCallBlock call_of(const Fields& call) {
    if (call.text("type", 64).value_or("function") != "function")
        call.refuse("type", "must be \"function\".");
    const auto function = call.object("function");
    if (!function) call.refuse("function", "must be given.");
    core::ToolCallBlock block;
    block.call_id = call.required_text("id", 512);
    block.name = function->required_text("name", 256);
    block.arguments = function->text("arguments", longest_text).value_or("{}");
    return block;
}

// Ids of calls need not be unique among chats, and a client may have changed its history: what is remembered
// counts only where the client tells the same.
bool is_what_was_told(const Message& told, const std::vector<Message>& known) {
    std::string text;
    std::vector<core::ToolCallBlock> calls;
    for (const Message& message : known) {
        const std::string more = message.role == Role::assistant ? message.text() : std::string();
        if (!text.empty() && !more.empty()) text += between_messages;
        text += more;
        for (core::ToolCallBlock& call : message.tool_calls()) calls.push_back(std::move(call));
    }
    if (known.empty() || told.text() != text) return false;
    const std::vector<core::ToolCallBlock> all = told.tool_calls();
    return std::all_of(all.begin(), all.end(), [&](const core::ToolCallBlock& call) {
        return std::any_of(calls.begin(), calls.end(), [&](const core::ToolCallBlock& one) {
            return one.call_id == call.call_id && one.name == call.name && one.arguments == call.arguments;
        });
    });
}

class Reader {
  public:
    explicit Reader(const HandedOut& handed_out) : handed_out_(handed_out) {}

    void add(const Fields& fields) {
        const std::string role =
            fields.required("role").choice({"system", "developer", "user", "assistant", "tool", "function"});
        if (role != "tool") open_calls_.clear();
        if (role == "system" || role == "developer") return add_system(fields);
        if (role == "assistant") return add_reply(fields);
        if (role == "tool") return add_result(fields);
        if (role == "function")
            fields.refuse("role", "is \"function\", which was replaced by \"tool\" with a tool_call_id.");
        Message message = message_of(Role::user);
        fields.required("content");
        add_content(fields, message, true);
        read_.messages.push_back(std::move(message));
    }
    ChatMessages take() { return std::move(read_); }

  private:
    void add_system(const Fields& fields) {
        Message message = message_of(Role::system);
        add_content(fields, message, false);
        if (!read_.messages.empty()) {
            read_.messages.push_back(std::move(message));
            return;
        }
        if (!read_.instructions.empty()) read_.instructions += "\n\n";
        read_.instructions += message.text();
    }

    void add_reply(const Fields& fields) {
        Message message = message_of(Role::assistant);
        add_content(fields, message, false);
        for (const Fields& call : fields.objects("tool_calls", most_calls)) {
            core::ToolCallBlock block = call_of(call);
            open_calls_[block.call_id] = block.name;
            message.blocks.emplace_back(std::move(block));
        }
        if (message.blocks.empty() && !fields.has("content"))
            fields.refuse("content", "must be given where there are no tool_calls.");
        const std::vector<core::ToolCallBlock> calls = message.tool_calls();
        if (!calls.empty() && handed_out_) {
            std::vector<Message> known = handed_out_(calls.front().call_id);
            if (is_what_was_told(message, known)) {
                std::move(known.begin(), known.end(), std::back_inserter(read_.messages));
                return;
            }
        }
        message.finish_reason = calls.empty() ? "stop" : "tool_calls";
        read_.messages.push_back(std::move(message));
    }

    void add_result(const Fields& fields) {
        const std::string id = fields.required_text("tool_call_id", 512);
        const auto call = open_calls_.find(id);
        if (call == open_calls_.end())
            fields.refuse("tool_call_id",
                          "is \"" + id +
                              "\", which is no call of the assistant message before it, or one "
                              "that has its result already.");
        Message message = message_of(Role::tool);
        add_content(fields, message, false);
        const std::string text = message.text();
        message.blocks.clear();
        message.blocks.emplace_back(core::ToolResultBlock{id, call->second, text, true});
        open_calls_.erase(call);
        read_.messages.push_back(std::move(message));
    }

    const HandedOut& handed_out_;
    ChatMessages read_;
    std::map<std::string, std::string> open_calls_;  // tools by the ids of calls without a result
};

}  // namespace

ChatMessages read_chat_messages(const Fields& body, const HandedOut& handed_out) {
    body.required("messages");
    Reader reader(handed_out);
    const std::vector<Fields> all = body.objects("messages", most_messages);
    if (all.empty()) body.refuse("messages", "must have at least one message.");
    for (const Fields& fields : all) reader.add(fields);
    return reader.take();
}

}  // namespace assistd::api::openai
