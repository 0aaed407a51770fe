#include "core/assistant_options.h"

#include <nlohmann/json.hpp>

#include "core/citations.h"

namespace assistd::core {
namespace {

using Json = nlohmann::ordered_json;

void take_search_settings(const Json& tool, TurnOptions& options) {
    const auto settings = tool.find("file_search");
    options.search_results = 0;
    options.search_threshold = 0;
    if (settings == tool.end() || !settings->is_object()) return;
    options.search_results = settings->value("max_num_results", 0);
    options.search_threshold = settings->value(Json::json_pointer("/ranking_options/score_threshold"), 0.0);
}

}  // namespace

void take_tools(const std::string& tools, const ToolSet& offered, TurnOptions& options) {
    if (!options.tools) options.tools.emplace();
    const Json list = Json::parse(tools);
    for (const Json& tool : list) {
        const std::string type = tool.at("type");
        if (type != "function") {
            if (offered.find(type)) options.tools->push_back(type);
            if (type == search_tool) take_search_settings(tool, options);
            continue;
        }
        const Json& function = tool.at("function");
        const std::string name = function.at("name");
        if (offered.find(name)) {
            options.tools->push_back(name);
            continue;
        }
        ClientTool of_client;
        of_client.name = name;
        if (const auto text = function.find("description"); text != function.end() && text->is_string())
            of_client.description = *text;
        const auto parameters = function.find("parameters");
        of_client.parameters = parameters != function.end() && parameters->is_object()
                                   ? parameters->dump()
                                   : R"({"type":"object","properties":{}})";
        options.client_tools.push_back(std::move(of_client));
    }
}

void take_vector_stores(const std::string& tool_resources, TurnOptions& options) {
    const Json resources = Json::parse(tool_resources);
    const auto stores = Json::json_pointer("/file_search/vector_store_ids");
    if (!resources.contains(stores)) return;
    for (const Json& named : resources[stores])
        if (const auto id = VectorStoreId::parse(named.get<std::string>()))
            options.vector_stores.push_back(*id);
}

void settle_search(TurnOptions& options) {
    if (options.tools && options.vector_stores.empty()) std::erase(*options.tools, search_tool);
}

bool wants_all_tools(const Assistant& assistant) {
    const Json metadata = Json::parse(assistant.metadata);
    const auto said = metadata.find("assistd_tools");
    return said != metadata.end() && *said == "all";
}

TurnOptions options_of(const Assistant& assistant, const ToolSet& offered) {
    TurnOptions options;
    options.assistant_id = assistant.id.text();
    options.instructions = assistant.instructions;
    options.wishes.temperature = assistant.temperature;
    options.wishes.top_p = assistant.top_p;
    options.wishes.reasoning_effort = assistant.reasoning_effort;
    options.wishes.response_format = assistant.response_format;
    if (!wants_all_tools(assistant)) take_tools(assistant.tools, offered, options);
    take_vector_stores(assistant.tool_resources, options);
    return options;
}

}  // namespace assistd::core
