#include "api/assistants/tools.h"

#include <fmt/format.h>

#include <set>

#include "api/openai/errors.h"
#include "api/openai/ids.h"

namespace assistd::api::assistants {
namespace {

using openai::Field;
using openai::Fields;
using openai::Json;

constexpr std::size_t most_name_characters = 64;
constexpr std::size_t most_description_characters = 16'384;
constexpr std::size_t most_interpreter_files = 20;
constexpr std::size_t most_stores = 1;

// What models' servers take as the name of a function.
std::string read_name(const Fields& fields) {
    std::string name = fields.required_text("name", most_name_characters);
    const bool plain =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
        std::string::npos;
    if (!plain) fields.refuse("name", "must consist of letters, digits, _ and - only.");
    return name;
}

Json read_function(const Fields& tool, std::set<std::string>& names) {
    const Fields function(tool.required("function"));
    Json read = {{"name", read_name(function)}};
    if (!names.insert(read["name"].get<std::string>()).second)
        function.refuse("name", "is the name of another function of the list already.");
    if (const auto text = function.text("description", most_description_characters))
        read["description"] = *text;
    if (const auto parameters = function.object("parameters")) read["parameters"] = parameters->json();
    if (function.has("strict")) read["strict"] = openai::or_null(function.boolean("strict"));
    return {{"type", "function"}, {"function", std::move(read)}};
}

Json read_file_search(const Fields& tool) {
    Json read = {{"type", "file_search"}};
    const auto settings = tool.object("file_search");
    if (!settings) return read;
    Json own = Json::object();
    if (const auto most = settings->integer("max_num_results", 1, 50)) own["max_num_results"] = *most;
    if (const auto ranking = settings->object("ranking_options")) {
        const auto ranker = ranking->choice("ranker", {"auto", "default_2024_08_21"});
        own["ranking_options"] = {{"ranker", ranker.value_or("auto")},
                                  {"score_threshold", ranking->required("score_threshold").number(0, 1)}};
    }
    read["file_search"] = std::move(own);
    return read;
}

Json read_schema_format(const Fields& format) {
    const Fields schema(format.required("json_schema"));
    Json read = {{"name", read_name(schema)}};
    if (const auto text = schema.text("description", most_description_characters))
        read["description"] = *text;
    if (const auto object = schema.object("schema")) read["schema"] = object->json();
    if (schema.has("strict")) read["strict"] = openai::or_null(schema.boolean("strict"));
    return {{"type", "json_schema"}, {"json_schema", std::move(read)}};
}

// Ids with this prefix, as they were given.
Json read_ids(const Fields& fields, std::string_view name, std::size_t most, std::string_view prefix,
              std::string_view what) {
    Json ids = Json::array();
    for (const Field& item : fields.items(name, most)) {
        const std::string id = item.text(256);
        const auto uuid = id.starts_with(prefix) ? Uuid::from_hex(std::string_view(id).substr(prefix.size()))
                                                 : std::nullopt;
        if (!uuid) openai::refuse(item.path, fmt::format("{} must be the id of a {}.", item.path, what));
        ids.push_back(id);
    }
    return ids;
}

}  // namespace

void refuse_code_interpreter(const Fields& tool) {
    tool.refuse("type",
                "is \"code_interpreter\", which no plugin of this server offers; leave the tool out, or "
                "add a plugin with a tool of that name.");
}

std::string read_tools(const Fields& fields, bool has_code_interpreter, std::size_t most) {
    Json tools = Json::array();
    std::set<std::string> names;
    bool searches = false;
    for (const Fields& tool : fields.objects("tools", most)) {
        const std::string type =
            tool.required("type").choice({"code_interpreter", "file_search", "function"});
        if (type == "function") {
            tools.push_back(read_function(tool, names));
        } else if (type == "file_search") {
            if (std::exchange(searches, true)) tool.refuse("type", "is \"file_search\" for the second time.");
            tools.push_back(read_file_search(tool));
        } else if (has_code_interpreter) {
            tools.push_back({{"type", type}});
        } else {
            refuse_code_interpreter(tool);
        }
    }
    return openai::to_text(tools);
}

std::string read_response_format(const Fields& fields) {
    const auto field = fields.find("response_format");
    if (!field) return "";
    if (field->value->is_string()) {
        field->choice({"auto"});
        return "";
    }
    const Fields format(*field);
    const std::string type = format.required("type").choice({"text", "json_object", "json_schema"});
    if (type == "json_schema") return openai::to_text(read_schema_format(format));
    return openai::to_text({{"type", type}});
}

Json render_response_format(const std::string& stored) {
    return stored.empty() ? Json("auto") : Json::parse(stored);
}

std::string read_tool_resources(const Fields& fields, bool new_stores) {
    Json resources = Json::object();
    const auto given = fields.object("tool_resources");
    if (!given) return "{}";
    if (const auto interpreter = given->object("code_interpreter"))
        resources["code_interpreter"] = {
            {"file_ids",
             read_ids(*interpreter, "file_ids", most_interpreter_files, openai::prefix::file, "file")}};
    if (const auto search = given->object("file_search")) {
        Json own = {{"vector_store_ids", read_ids(*search, "vector_store_ids", most_stores,
                                                  openai::prefix::vector_store, "vector store")}};
        if (!new_stores && search->find("vector_stores"))
            search->refuse("vector_stores",
                           "is for new assistants and threads only; name stores in vector_store_ids.");
        const std::vector<Fields> described = search->objects("vector_stores", most_stores);
        if (!described.empty() && !own["vector_store_ids"].empty())
            search->refuse("vector_stores", "and vector_store_ids are not given both.");
        if (!described.empty()) own["vector_stores"] = Json::array({described.front().json()});
        resources["file_search"] = std::move(own);
    }
    return openai::to_text(resources);
}

}  // namespace assistd::api::assistants
