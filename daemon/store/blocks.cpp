#include "store/blocks.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace assistd::store {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

void add_field(std::string& out, std::string_view name, const std::string& text) {
    out.append(",\"").append(name).append("\":").append(quoted(text));
}

void add_block(std::string& out, const core::TextBlock& block) {
    out += R"({"type":"text")";
    add_field(out, "text", block.text);
}
void add_block(std::string& out, const core::ThinkingBlock& block) {
    out += R"({"type":"thinking")";
    add_field(out, "text", block.text);
    add_field(out, "signature", block.signature);
    if (!block.provider.empty()) add_field(out, "provider", block.provider);
    if (!block.redacted.empty()) add_field(out, "redacted", block.redacted);
}
void add_block(std::string& out, const core::ToolCallBlock& block) {
    out += R"({"type":"tool_call")";
    add_field(out, "call_id", block.call_id);
    add_field(out, "name", block.name);
    add_field(out, "arguments", block.arguments);
}
void add_block(std::string& out, const core::ToolResultBlock& block) {
    out += R"({"type":"tool_result")";
    add_field(out, "call_id", block.call_id);
    add_field(out, "name", block.name);
    add_field(out, "content", block.content);
    out += block.success ? R"(,"success":true)" : R"(,"success":false)";
}
void add_block(std::string& out, const core::ImageBlock& block) {
    out += R"({"type":"image")";
    add_field(out, "artifact", block.artifact.uuid.hex());
    add_field(out, "media_type", block.media_type);
    if (!block.detail.empty()) add_field(out, "detail", block.detail);
}

// Builds the blocks while the text is parsed: no tree is made, strings are moved to where they belong.
class BlockReader : public nlohmann::json_sax<json> {
  public:
    std::vector<core::Block> blocks;

    bool null() override { return false; }
    bool boolean(bool value) override {
        success_ = value;
        return true;
    }
    bool number_integer(json::number_integer_t) override { return false; }
    bool number_unsigned(json::number_unsigned_t) override { return false; }
    bool number_float(json::number_float_t, const std::string&) override { return false; }
    bool string(std::string& value) override {
        if (field_ == nullptr) return false;
        *field_ = std::move(value);
        return true;
    }
    bool binary(json::binary_t&) override { return false; }
    bool start_object(std::size_t) override {
        type_.clear();
        success_ = false;
        for (std::string* field :
             {&text_, &signature_, &provider_, &redacted_, &call_id_, &name_, &body_, &artifact_, &detail_})
            field->clear();
        return true;
    }
    bool key(std::string& name) override {
        field_ = field_named(name);
        return true;
    }
    bool end_object() override {
        if (type_ == "text")
            blocks.emplace_back(core::TextBlock{std::move(text_)});
        else if (type_ == "thinking")
            blocks.emplace_back(core::ThinkingBlock{std::move(text_), std::move(signature_),
                                                    std::move(provider_), std::move(redacted_)});
        else if (type_ == "tool_call")
            blocks.emplace_back(core::ToolCallBlock{std::move(call_id_), std::move(name_), std::move(body_)});
        else if (type_ == "tool_result")
            blocks.emplace_back(
                core::ToolResultBlock{std::move(call_id_), std::move(name_), std::move(body_), success_});
        else if (type_ == "image")
            return add_image();
        else
            return false;
        return true;
    }
    bool start_array(std::size_t) override { return ++depth_ == 1; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

  private:
    std::string* field_named(std::string_view name) {
        if (name == "type") return &type_;
        if (name == "text") return &text_;
        if (name == "signature") return &signature_;
        if (name == "provider") return &provider_;
        if (name == "redacted") return &redacted_;
        if (name == "call_id") return &call_id_;
        if (name == "name") return &name_;
        if (name == "arguments" || name == "content" || name == "media_type") return &body_;
        if (name == "artifact") return &artifact_;
        if (name == "detail") return &detail_;
        return nullptr;
    }
    bool add_image() {
        const auto artifact = Uuid::from_hex(artifact_);
        if (!artifact) return false;
        blocks.emplace_back(core::ImageBlock{{*artifact}, std::move(body_), std::move(detail_)});
        return true;
    }

    std::string type_, text_, signature_, provider_, redacted_, call_id_, name_, body_, artifact_, detail_;
    bool success_ = false;
    std::string* field_ = nullptr;
    int depth_ = 0;
};

}  // namespace

std::string blocks_to_json(const std::vector<core::Block>& blocks) {
    std::string out = "[";
    for (const core::Block& block : blocks) {
        if (out.size() > 1) out += ',';
        std::visit([&out](const auto& each) { add_block(out, each); }, block);
        out += '}';
    }
    return out += ']';
}

std::vector<core::Block> blocks_from_json(std::string_view text) {
    BlockReader reader;
    if (!json::sax_parse(text, &reader))
        throw Error(ErrorCode::unavailable, "A stored message cannot be read: the database is damaged.");
    return std::move(reader.blocks);
}

}  // namespace assistd::store
