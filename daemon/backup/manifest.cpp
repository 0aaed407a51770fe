#include "backup/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace assistd::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr int newest_format = 1;

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::invalid_request, sentence);
}

}  // namespace

std::string this_version() {
    return ASSISTD_VERSION;
}

std::string to_json(const Manifest& manifest) {
    Json json = {{"format", newest_format},
                 {"assistd", manifest.version},
                 {"created_at", to_iso8601(manifest.created_at)},
                 {"databases", Json::array()},
                 {"left_out", "the configuration, and the keys and files that it names"},
                 {"missing", manifest.missing},
                 {"damaged", manifest.damaged},
                 {"files", Json::array()}};
    for (const BackupDatabase& one : manifest.databases)
        json["databases"].push_back({{"name", one.name}, {"schema", one.schema}});
    for (const BackupFile& file : manifest.files)
        json["files"].push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
    return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

Manifest manifest_of(const std::string& text) {
    Manifest manifest;
    try {
        const Json json = Json::parse(text);
        json.at("assistd").get_to(manifest.version);
        if (json.at("format").get<int>() > newest_format)
            refuse(fmt::format(
                "The backup was made by assistd {}, in a form that this one ({}) does not know. Restore it "
                "with assistd {} or a newer one.",
                manifest.version, this_version(), manifest.version));
        const auto time = parse_iso8601(json.at("created_at").get<std::string>());
        if (!time) refuse("The backup's manifest.json has no time that can be read.");
        manifest.created_at = *time;
        for (const Json& one : json.at("databases"))
            manifest.databases.push_back({one.at("name").get<std::string>(), one.at("schema").get<int>()});
        for (const Json& one : json.at("files"))
            manifest.files.push_back({one.at("name").get<std::string>(), one.at("size").get<std::int64_t>(),
                                      one.at("sha256").get<std::string>()});
        json.at("missing").get_to(manifest.missing);
        json.at("damaged").get_to(manifest.damaged);
    } catch (const Json::exception& error) {
        refuse(fmt::format("The backup's manifest.json is none: {}.", error.what()));
    }
    return manifest;
}

}  // namespace assistd::backup
