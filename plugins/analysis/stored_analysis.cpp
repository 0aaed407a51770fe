#include "stored_analysis.h"

namespace assistd::analysis {

Json metadata_of(const AnalysisKey& key, const Result& result, const std::string& name) {
    Json metadata = result.data;
    metadata["analysis"] = key.type;
    metadata["parameters"] = key.parameters;
    metadata["version"] = plugin_version;
    metadata["name"] = name;
    metadata["summary"] = result.summary;
    return metadata;
}

Json data_of(Json metadata) {
    for (const char* ours : {"parameters", "version", "name", "summary"}) metadata.erase(ours);
    return metadata;
}

std::optional<Result> stored_result(const Call& call, const AnalysisKey& key) {
    const Catalogue catalogue = call.catalogue();
    if (!catalogue.available()) return std::nullopt;
    ArtifactQuery query;
    query.kinds = {"analysis"};
    query.tool = key.tool;
    query.parent = key.source;
    query.limit = 100;
    for (const FoundArtifact& found : catalogue.artifacts(query).items) {
        const Json& metadata = found.metadata;
        if (metadata.value("version", Json()) != plugin_version ||
            metadata.value("parameters", Json()) != key.parameters || !metadata.contains("summary"))
            continue;
        catalogue.add_to_result(found.handle);
        return Result{data_of(metadata), metadata.at("summary").get<std::string>() + " (Stored before as " +
                                             found.handle + ".)"};
    }
    return std::nullopt;
}

}  // namespace assistd::analysis
