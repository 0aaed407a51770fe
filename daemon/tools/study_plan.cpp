#include "tools/study_plan.h"

#include <algorithm>
#include <random>
#include <set>

#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 200;  // bytes
constexpr std::int64_t most_seed = 2'147'483'647;

// Collects what is wrong with a request.
class Checker {
  public:
    void wrong(std::string field, std::string sentence) {
        errors_.push_back({std::move(field), std::move(sentence)});
    }
    json object(const char* field, const std::string& text) {
        json value = json::parse(text, nullptr, false);
        if (!value.is_object()) {
            wrong(field, std::string(field) + " must be an object.");
            return json::object();
        }
        return value;
    }
    void finish() const {
        if (errors_.empty()) return;
        throw Error(ErrorCode::validation,
                    errors_.size() == 1 ? errors_.front().message : "The study cannot be made like this.",
                    errors_);
    }

  private:
    std::vector<FieldError> errors_;
};

void check_values(Checker& checker, const std::string& name, const json& values) {
    const std::string field = join_path("parameter_grid", name);
    if (!values.is_array() || values.empty())
        return checker.wrong(field, field + " must be a list of values, for example [1, 2, 3].");
    const std::set<json> different(values.begin(), values.end());
    if (different.size() != values.size())
        checker.wrong(field,
                      field + " has the same value more than once; seeds_per_combination repeats runs.");
}

std::int64_t count_runs(Checker& checker, const json& grid, int seeds) {
    std::int64_t runs = seeds;
    for (const json& values : grid)
        if (values.is_array()) runs = std::min<std::int64_t>(runs * static_cast<int>(values.size()), 1 << 30);
    if (runs > core::most_study_runs)
        checker.wrong("parameter_grid", "A study has at most " + std::to_string(core::most_study_runs) +
                                            " runs; this one would have " + std::to_string(runs) + ".");
    return runs;
}

// The property "seed" of a tool's arguments, when it is a number.
const json* seed_property(const RegisteredTool& tool) {
    const json& schema = tool.input.document();
    const auto properties = schema.find("properties");
    if (properties == schema.end()) return nullptr;
    const auto seed = properties->find("seed");
    return seed == properties->end() ? nullptr : &*seed;
}

std::int64_t drawn_seed(int runs) {
    std::random_device entropy;
    return std::uniform_int_distribution<std::int64_t>(1, most_seed - runs)(entropy);
}

// The seed of the first run, 0 for none.
std::int64_t first_seed(Checker& checker, const RegisteredTool& tool, const json& base, const json& grid,
                        const core::Study& study) {
    const bool several = study.seeds_per_combination > 1;
    if (!seed_property(tool)) {
        if (several)
            checker.wrong("seeds_per_combination",
                          tool.spec->name + " takes no seed: it would do the same again each time.");
        return 0;
    }
    if (grid.contains("seed")) {
        if (several)
            checker.wrong("seeds_per_combination",
                          "The grid gives the seeds already; leave seeds_per_combination out.");
        return 0;
    }
    if (!base.contains("seed")) return drawn_seed(study.runs);
    const json& given = base.at("seed");
    const bool whole = given.is_number_integer() && given > 0 && given <= most_seed - study.runs;
    if (!whole)
        checker.wrong(
            "base_parameters.seed",
            "base_parameters.seed, from which the runs count up, must be a whole number from 1 to " +
                std::to_string(most_seed - study.runs) + ".");
    return whole ? given.get<std::int64_t>() : 0;
}

bool takes_kind(const ArtifactArgument& argument, const std::string& kind) {
    return argument.kinds.empty() || std::ranges::find(argument.kinds, kind) != argument.kinds.end();
}

}  // namespace

StudyPlan::StudyPlan(const core::Study& study)
    : base_(json::parse(study.base_parameters)),
      grid_(json::parse(study.parameter_grid)),
      seeds_per_combination_(study.seeds_per_combination),
      first_seed_(study.first_seed) {
    for (const json& values : grid_) combinations_ *= static_cast<int>(values.size());
}

json StudyPlan::combination(int index) const {
    json result = json::object();
    auto left = static_cast<std::size_t>(index);
    for (auto parameter = grid_.rbegin(); parameter != grid_.rend(); ++parameter) {
        result[parameter.key()] = parameter.value().at(left % parameter.value().size());
        left /= parameter.value().size();
    }
    return result;
}

json StudyPlan::parameters(int run) const {
    json result = combination(combination_of(run));
    if (first_seed_ != 0) result["seed"] = first_seed_ + run - 1;
    return result;
}

json StudyPlan::arguments(int run) const {
    json result = base_;
    result.update(parameters(run));
    return result;
}

core::Study planned(const core::StudyRequest& request, const RegisteredTool& tool) {
    Checker checker;
    core::Study study;
    study.id = StudyId::make();
    study.owner = request.owner;
    study.project_id = request.project_id;
    study.conversation = request.conversation;
    study.name = request.name.empty() ? tool.spec->title : request.name;
    study.tool = tool.spec->name;
    study.then = request.then;
    study.created_at = now();
    if (request.name.size() > longest_name)
        checker.wrong("name", "name has more than " + std::to_string(longest_name) + " bytes.");

    const json base = checker.object("base_parameters", request.base_parameters);
    const json grid = checker.object("parameter_grid", request.parameter_grid);
    for (const auto& [name, values] : grid.items()) {
        check_values(checker, name, values);
        if (base.contains(name))
            checker.wrong(join_path("base_parameters", name),
                          name + " is in base_parameters and in parameter_grid; it can only be in one.");
    }
    study.seeds_per_combination = request.seeds_per_combination;
    if (study.seeds_per_combination < 1 || study.seeds_per_combination > core::most_study_runs) {
        checker.wrong("seeds_per_combination", "seeds_per_combination must be from 1 to " +
                                                   std::to_string(core::most_study_runs) + ".");
        study.seeds_per_combination = 1;
    }
    study.runs = static_cast<int>(count_runs(checker, grid, study.seeds_per_combination));
    study.first_seed = study.runs > core::most_study_runs ? 0 : first_seed(checker, tool, base, grid, study);
    checker.finish();
    study.base_parameters = base.dump();
    study.parameter_grid = grid.dump();
    return study;
}

std::optional<json> arguments_for(const RegisteredTool& tool, const std::string& kind,
                                  const std::string& handle) {
    for (const ArtifactArgument& argument : tool.artifact_arguments)
        if (!argument.several && takes_kind(argument, kind)) return json{{argument.name, handle}};
    return std::nullopt;
}

}  // namespace assistd::tools
