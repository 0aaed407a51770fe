#include "stored_analysis.h"
#include "stored_tools.h"

namespace assistd::analysis {
namespace {

// What one of the tools tells of.
struct Type {
    const char* analysis;  // as metadata says it
    const char* words;     // for people
    const char* tool;      // that makes it
};
constexpr Type box_counting{"box_counting", "box counting", "run_box_counting"};
constexpr Type fraktal{"fraktal", "FRAKTAL analysis", "run_fraktal_analysis or run_fraktal_from_image"};

// The newest stored one, of the source when one is given.
Artifact newest(const Call& call, const Type& type, const std::optional<Artifact>& source) {
    ArtifactQuery query;
    query.kinds = {"analysis"};
    query.metadata = {{"analysis", type.analysis}};
    query.limit = 1;
    if (source) query.parent = std::string(source->handle());
    const FoundList<FoundArtifact> found = call.catalogue().artifacts(query);
    if (found.items.empty())
        throw Failure("ContextError", "There is no stored " + std::string(type.words) +
                                          (source ? " of " + std::string(source->handle()) : "") + "; run " +
                                          type.tool + " first.");
    return call.catalogue().open(found.items.front().handle);
}

Result results_of(Call& call, const StoredArguments& arguments, const Type& type) {
    if (arguments.analysis && arguments.source)
        throw invalid_argument("analysis", "Give an analysis, or what was analysed, not both.");
    const Artifact artifact = arguments.analysis ? *arguments.analysis : newest(call, type, arguments.source);
    const std::string handle(artifact.handle());
    const Json metadata = artifact.metadata();
    if (metadata.value("analysis", Json()) != type.analysis)
        throw invalid_argument("analysis", handle + " is no " + type.words + ", but " +
                                               metadata.value("name", std::string("something else")) + ".");
    const Json file = Json::parse(artifact.read_all(), nullptr, false);
    if (!file.is_object())
        throw invalid_argument("analysis",
                               "The file of " + handle + " cannot be read; run the analysis again.");
    // A call whose argument is the analysis is about it already.
    if (!arguments.analysis) call.catalogue().add_to_result(handle);
    Json data{{"stored_as", handle},
              {"name", metadata.value("name", "")},
              {"parameters", metadata.value("parameters", Json())},
              {"result", data_of(metadata)}};
    if (file.contains("points")) data["points"] = file.at("points");
    const std::string summary = metadata.value("summary", metadata.value("name", handle));
    return {data, summary + " (Stored as " + handle + ".)"};
}

template <class Arguments>
void describe_stored(Fields<Arguments>& fields, const char* analysis, const char* source,
                     std::initializer_list<std::string> kinds) {
    fields.optional("analysis", &Arguments::analysis, analysis).kinds({"analysis"});
    fields.optional("source", &Arguments::source, source).kinds(kinds);
}

std::string source_of(const Json& metadata) {
    for (const char* key : {"simulation", "image", "study"})
        if (const auto found = metadata.find(key); found != metadata.end() && found->is_string())
            return found->get<std::string>();
    return "";
}

// The numbers that tell one analysis from another at a glance.
Json key_figures(const Json& metadata) {
    Json figures = Json::object();
    for (const char* key :
         {"df", "standard_error", "r_squared", "kf", "npo", "rg", "df_pair_correlation", "df_sandbox"})
        if (const auto found = metadata.find(key); found != metadata.end() && found->is_number())
            figures[key] = *found;
    return figures;
}

}  // namespace

void describe(Fields<StoredBoxCountingArguments>& fields) {
    describe_stored(fields, "Which stored box counting; the newest when left out",
                    "The newest box counting of this simulation", {"simulation"});
}
void describe(Fields<StoredFraktalArguments>& fields) {
    describe_stored(fields, "Which stored FRAKTAL analysis; the newest when left out",
                    "The newest FRAKTAL analysis of this simulation or image",
                    {"simulation", "file", "image"});
}

Result get_box_counting_results(Call& call, const StoredBoxCountingArguments& arguments) {
    return results_of(call, arguments, box_counting);
}
Result get_fraktal_results(Call& call, const StoredFraktalArguments& arguments) {
    return results_of(call, arguments, fraktal);
}

void describe(Names<AnalysisType>& names) {
    names.add("any", AnalysisType::any)
        .add("box_counting", AnalysisType::box_counting)
        .add("fraktal", AnalysisType::fraktal)
        .add("correlation", AnalysisType::correlation)
        .add("parametric_study", AnalysisType::parametric_study);
}

void describe(Fields<ListArguments>& fields) {
    using Arguments = ListArguments;
    fields.optional("type", &Arguments::type, "Which analyses to list");
    fields.optional("source", &Arguments::source, "Only those of this simulation, image or study")
        .kinds({"simulation", "file", "image", "study"});
    fields.optional("project_id", &Arguments::project_id, "Only those of this project").max_length(100);
    fields.optional("limit", &Arguments::limit, "How many at most, newest first").range(1, 100);
}

Result list_analyses(Call& call, const ListArguments& arguments) {
    ArtifactQuery query;
    query.kinds = {"analysis"};
    query.project_id = arguments.project_id;
    query.limit = arguments.limit;
    if (arguments.source) query.parent = std::string(arguments.source->handle());
    if (arguments.type != AnalysisType::any) {
        Names<AnalysisType> names;
        describe(names);
        for (const auto& [name, type] : names.all())
            if (type == arguments.type) query.metadata = {{"analysis", name}};
    }
    const FoundList<FoundArtifact> found = call.catalogue().artifacts(query);
    Json list = Json::array();
    std::string lines;
    for (const FoundArtifact& artifact : found.items) {
        const Json& metadata = artifact.metadata;
        const std::string name = metadata.value("name", artifact.name);
        list.push_back({{"analysis", artifact.handle},
                        {"type", metadata.value("analysis", Json())},
                        {"name", name},
                        {"source", source_of(metadata)},
                        {"created_at", artifact.created_at},
                        {"figures", key_figures(metadata)}});
        lines += "\n" + artifact.handle + ": " + name;
    }
    const std::string count = list.size() == 1 ? "1 analysis" : std::to_string(list.size()) + " analyses";
    return {{{"analyses", list}, {"more", found.more}},
            list.empty() ? "There are no such analyses."
                         : count + (found.more ? " (there are more)" : "") + ", newest first:" + lines};
}

}  // namespace assistd::analysis
