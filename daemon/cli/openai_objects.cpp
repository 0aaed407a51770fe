#include "cli/openai_objects.h"

#include <algorithm>

#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::size_t max_pairs = 16;  // of metadata
constexpr const char* code_interpreter = "code_interpreter";

const Json& member(const Json& object, const char* name) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(name);
    return found == object.end() ? none : *found;
}

void copy(const Json& from, Json& to, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (!member(from, name).is_null()) to[name] = from.at(name);
}

Json text_part(const std::string& text) {
    return {{"type", "text"}, {"text", text}};
}

void drop_tool(Json& tools) {
    if (!tools.is_array()) return;
    std::erase_if(tools.get_ref<Json::array_t&>(),
                  [](const Json& tool) { return field(tool, "type") == code_interpreter; });
}

}  // namespace

Json without_code_interpreter(Json request) {
    if (request.contains("tools")) drop_tool(request.at("tools"));
    if (request.contains("tool_resources")) request.at("tool_resources").erase(code_interpreter);
    if (request.contains("attachments"))
        for (Json& attachment : request.at("attachments"))
            if (attachment.contains("tools")) drop_tool(attachment.at("tools"));
    return request;
}

Json OpenAiObjects::metadata(const Json& object) {
    Json metadata = Json::object();
    if (member(object, "metadata").is_object()) metadata = object.at("metadata");
    if (metadata.size() < max_pairs)
        metadata["imported_from"] = field(object, "id");
    else
        note("metadata that is full has no imported_from");
    return metadata;
}

Json OpenAiObjects::ids(const Json& list) {
    Json ids = Json::array();
    if (!list.is_array()) return ids;
    for (const Json& id : list) {
        const std::string known = id.is_string() ? new_id_(id.get<std::string>()) : "";
        if (known.empty())
            note("references to files and vector stores that are not in the export were left out");
        else
            ids.push_back(known);
    }
    return ids;
}

Json OpenAiObjects::tool_resources(const Json& object) {
    const Json& given = member(object, "tool_resources");
    Json resources = Json::object();
    Json stores = ids(member(member(given, "file_search"), "vector_store_ids"));
    if (!stores.empty()) resources["file_search"] = {{"vector_store_ids", std::move(stores)}};
    Json files = ids(member(member(given, code_interpreter), "file_ids"));
    if (!files.empty()) resources[code_interpreter] = {{"file_ids", std::move(files)}};
    return resources;
}

Json OpenAiObjects::assistant(const Json& object) {
    Json request = Json::object();
    copy(object, request,
         {"model", "name", "description", "instructions", "tools", "temperature", "top_p", "response_format",
          "reasoning_effort"});
    if (!model_.empty()) request["model"] = model_;
    request["tool_resources"] = tool_resources(object);
    request["metadata"] = metadata(object);
    return request;
}

Json OpenAiObjects::thread(const Json& object) {
    return {{"tool_resources", tool_resources(object)}, {"metadata", metadata(object)}};
}

Json OpenAiObjects::vector_store(const Json& object) {
    Json request = Json::object();
    copy(object, request, {"name", "description", "expires_after"});
    request["metadata"] = metadata(object);
    return request;
}

Json OpenAiObjects::file_of_store(const Json& file, const std::string& new_id) {
    Json made = {{"file_id", new_id}};
    copy(file, made, {"attributes"});
    const Json& strategy = member(file, "chunking_strategy");
    // Files that were put there before there was a choice have another type, "other".
    if (field(strategy, "type") == "static") made["chunking_strategy"] = strategy;
    return made;
}

// Null when there is nothing of it left.
Json OpenAiObjects::part(const Json& part) {
    const std::string type = field(part, "type");
    if (type == "text") {
        const Json& text = member(part, "text");
        if (!member(text, "annotations").empty()) note("annotations of messages were left out");
        const std::string value = text.is_string() ? text.get<std::string>() : field(text, "value");
        return value.empty() ? Json() : text_part(value);
    }
    if (type == "refusal") return text_part(field(part, "refusal"));
    const Json& image = member(part, type.c_str());
    if (type == "image_url") {
        // A server that runs on its own does not fetch from others.
        if (field(image, "url").starts_with("data:")) return part;
        note("pictures on other servers became their addresses");
        return text_part("[picture: " + field(image, "url") + "]");
    }
    if (type == "image_file") {
        const std::string id = new_id_(field(image, "file_id"));
        if (!id.empty()) {
            Json made = {{"type", type}, {"image_file", {{"file_id", id}}}};
            copy(image, made["image_file"], {"detail"});
            return made;
        }
        note("pictures whose files are not in the export became their ids");
        return text_part("[picture: " + field(image, "file_id") + "]");
    }
    note("parts of messages of unknown types were left out");
    return nullptr;
}

Json OpenAiObjects::attachments(const Json& object) {
    Json made = Json::array();
    const Json& given = member(object, "attachments");
    if (!given.is_array()) return made;
    for (const Json& attachment : given) {
        const std::string id = new_id_(field(attachment, "file_id"));
        if (id.empty()) {
            note("attachments whose files are not in the export were left out");
            continue;
        }
        Json one = {{"file_id", id}};
        copy(attachment, one, {"tools"});
        made.push_back(std::move(one));
    }
    return made;
}

Json OpenAiObjects::message(const Json& object) {
    Json content = Json::array();
    const Json& given = member(object, "content");
    if (given.is_string() && !given.get_ref<const std::string&>().empty())
        content.push_back(text_part(given.get<std::string>()));
    if (given.is_array())
        for (const Json& each : given)
            if (Json made = part(each); !made.is_null()) content.push_back(std::move(made));
    Json request = {{"role", field(object, "role")}, {"content", std::move(content)}};
    Json files = attachments(object);
    if (!files.empty()) request["attachments"] = std::move(files);
    request["metadata"] = metadata(object);
    return request;
}

}  // namespace assistd::cli
