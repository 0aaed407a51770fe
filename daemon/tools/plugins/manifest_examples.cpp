#include "tools/plugins/manifest_examples.h"

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "tools/plugins/manifest_members.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;
using core::ToolErrorType;

constexpr std::size_t max_examples = 16;
constexpr std::size_t max_artifacts = 8;
constexpr std::size_t max_title_bytes = 200;
// What a plugin may fail with.
constexpr std::array failures = {ToolErrorType::ValidationError, ToolErrorType::ContextError,
                                 ToolErrorType::TimeoutError,    ToolErrorType::CancelledError,
                                 ToolErrorType::PermissionError, ToolErrorType::QuotaExceededError,
                                 ToolErrorType::InternalError};

ToolErrorType read_failure(const std::string& name, const std::string& where) {
    std::string all;
    for (const ToolErrorType type : failures) {
        if (core::name_of(type) == name) return type;
        all += (all.empty() ? "" : ", ") + std::string(core::name_of(type));
    }
    refuse_manifest(where + " must be one of " + all + ".");
}

// The kind in "simulation-1"; empty when that is no handle.
std::string kind_in(const std::string& handle) {
    const auto dash = handle.rfind('-');
    if (dash == std::string::npos || dash > 32 || handle.size() - dash > 10) return "";
    const bool good =
        consists_of(std::string_view(handle).substr(0, dash), "abcdefghijklmnopqrstuvwxyz0123456789_") &&
        consists_of(std::string_view(handle).substr(dash + 1), "0123456789");
    return good ? handle.substr(0, dash) : "";
}

// Below the folder that examples' files are looked for in, whichever that is.
bool is_path_below(const std::string& file) {
    const std::filesystem::path path(file);
    if (path.is_absolute() || file.find('\0') != std::string::npos) return false;
    return std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

void read_content(ManifestMembers& members, const std::string& where, ExampleArtifact& artifact) {
    int given = 0;
    if (const Json* text = members.find("text")) {
        if (!text->is_string()) refuse_manifest(members.at("text") + " must be text.");
        artifact.bytes = text->get<std::string>();
        ++given;
    }
    if (members.find("base64")) {
        auto bytes = from_base64(members.text("base64"));
        if (!bytes) refuse_manifest(members.at("base64") + " must be base64.");
        artifact.bytes = std::move(*bytes);
        ++given;
    }
    if (members.find("file")) {
        artifact.file = members.text("file");
        if (!is_path_below(artifact.file))
            refuse_manifest(members.at("file") +
                            " must be a path that begins with no \"/\" and has no \"..\".");
        ++given;
    }
    if (given != 1) refuse_manifest(where + " needs one of \"text\", \"base64\" and \"file\".");
}

ExampleArtifact read_artifact(const std::string& handle, const Json& json, const std::string& where) {
    ManifestMembers members(json, where);
    ExampleArtifact artifact;
    artifact.handle = handle;
    artifact.kind = kind_in(handle);
    if (artifact.kind.empty())
        refuse_manifest(where + " must be named by a handle, a kind and a number such as \"table-1\".");
    read_content(members, where, artifact);
    const std::string file_name = std::filesystem::path(artifact.file).filename().string();
    artifact.name = members.text_or("name", file_name.empty() ? handle : file_name);
    artifact.media_type =
        members.text_or("media_type", json.contains("text") ? "text/plain" : "application/octet-stream");
    if (const Json* metadata = members.find("metadata")) {
        if (!metadata->is_object()) refuse_manifest(members.at("metadata") + " must be an object.");
        artifact.metadata = metadata->dump();
    }
    members.refuse_others();
    return artifact;
}

ToolExample read_example(const Json& json, const std::string& where) {
    ManifestMembers members(json, where);
    ToolExample example;
    example.title = members.text_or("title", "");
    if (example.title.size() > max_title_bytes)
        refuse_manifest(members.at("title") + " must have at most " + std::to_string(max_title_bytes) +
                        " bytes.");
    const Json& arguments = members.need("arguments");
    if (!arguments.is_object()) refuse_manifest(members.at("arguments") + " must be an object.");
    example.arguments = arguments.dump();
    if (members.find("fails")) example.fails = read_failure(members.text("fails"), members.at("fails"));
    if (const Json* artifacts = members.find("artifacts")) {
        if (!artifacts->is_object() || artifacts->size() > max_artifacts)
            refuse_manifest(members.at("artifacts") + " must be an object of at most " +
                            std::to_string(max_artifacts) + " artifacts by their handles.");
        for (const auto& [handle, artifact] : artifacts->items())
            example.artifacts.push_back(
                read_artifact(handle, artifact, members.at("artifacts") + "." + handle));
    }
    members.refuse_others();
    return example;
}

}  // namespace

std::vector<ToolExample> read_examples(const Json& examples, const std::string& where) {
    if (!examples.is_array() || examples.size() > max_examples)
        refuse_manifest(where + " must be a list of at most " + std::to_string(max_examples) + " examples.");
    std::vector<ToolExample> read;
    for (std::size_t i = 0; i < examples.size(); ++i)
        read.push_back(read_example(examples[i], where + "[" + std::to_string(i) + "]"));
    return read;
}

std::string shown_examples(const std::vector<ToolExample>& examples) {
    Json shown = Json::array();
    for (const ToolExample& example : examples) {
        Json one;
        if (!example.title.empty()) one["title"] = example.title;
        one["arguments"] = Json::parse(example.arguments);
        for (const ExampleArtifact& artifact : example.artifacts)
            one["artifacts"][artifact.handle] = {{"name", artifact.name},
                                                 {"media_type", artifact.media_type}};
        if (example.fails) one["fails"] = core::name_of(*example.fails);
        shown.push_back(std::move(one));
    }
    return shown.dump();
}

}  // namespace assistd::tools
