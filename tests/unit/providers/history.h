#pragma once
// Messages and tools for the providers' tests.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/ports.h"

namespace assistd::providers {

using Messages = std::vector<std::shared_ptr<const core::Message>>;

inline std::shared_ptr<const core::Message> message(core::Role role, std::vector<core::Block> blocks) {
    auto result = std::make_shared<core::Message>();
    result->role = role;
    result->blocks = std::move(blocks);
    return result;
}

inline std::shared_ptr<const core::Message> user(std::string text) {
    return message(core::Role::user, {core::TextBlock{std::move(text)}});
}

inline std::shared_ptr<const core::Message> assistant(std::vector<core::Block> blocks) {
    return message(core::Role::assistant, std::move(blocks));
}

inline std::shared_ptr<const core::Message> notice(std::string text) {
    return message(core::Role::system, {core::TextBlock{std::move(text)}});
}

inline core::ToolCallBlock call(std::string id, std::string name, std::string arguments = "{}") {
    return {std::move(id), std::move(name), std::move(arguments)};
}

inline std::shared_ptr<const core::Message> result(std::string id, std::string name, bool success = true) {
    std::string content = success ? R"({"success":true})" : R"({"success":false})";
    return message(core::Role::tool,
                   {core::ToolResultBlock{std::move(id), std::move(name), std::move(content), success}});
}

// Tools of these names, each with one integer that is larger than a double can hold exactly.
inline core::ToolSet tool_set(const std::vector<std::string>& names, std::uint64_t version = 1) {
    core::ToolSet set;
    set.version = version;
    for (const std::string& name : names) {
        auto tool = std::make_shared<core::ToolSpec>();
        tool->name = name;
        tool->description = "Does \"" + name + "\".";
        tool->input_schema =
            R"({"type":"object","properties":{"n":{"type":"integer","maximum":9007199254740993}}})";
        set.tools.push_back(tool);
    }
    return set;
}

inline const Messages no_messages;

// The messages must outlive it.
inline core::ProviderRequest request_of(const Messages& messages) {
    core::ProviderRequest request;
    request.model = "m";
    request.system = "Be brief.";
    request.messages = messages;
    return request;
}
core::ProviderRequest request_of(Messages&&) = delete;  // a request only points to its messages

}  // namespace assistd::providers
