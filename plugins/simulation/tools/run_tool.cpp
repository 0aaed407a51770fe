#include <algorithm>
#include <map>

#include "tools/algorithm.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// An argument as all algorithms together take it: with the widest bounds, and with what it means to each.
class Argument {
  public:
    void add(const std::string& algorithm, const Json& schema) {
        if (schema_.is_null()) schema_ = schema;
        widen(schema);
        const std::string text = text_of(schema);
        if (!meanings_.empty() && meanings_.back().text == text)
            meanings_.back().algorithms.push_back(algorithm);
        else
            meanings_.push_back({text, {algorithm}});
    }
    Json schema() const {
        Json schema = schema_;
        schema.erase("default");
        std::string description = meanings_.front().text;
        if (meanings_.size() > 1) {
            description.clear();
            for (const Meaning& each : meanings_)
                description += (description.empty() ? "" : ". ") + joined(each.algorithms) + ": " + each.text;
        }
        schema["description"] = description;
        return schema;
    }

  private:
    struct Meaning {
        std::string text;
        std::vector<std::string> algorithms;
    };

    // One algorithm's default is not another's, so that it is only told.
    static std::string text_of(const Json& schema) {
        const auto value = schema.find("default");
        return schema.at("description").get<std::string>() +
               (value == schema.end() ? "" : " (" + value->dump() + " when left out)");
    }
    static const char* lower_bound_of(const Json& schema) {
        return schema.contains("minimum") ? "minimum" : "exclusiveMinimum";
    }
    void widen(const Json& other) {
        if (!schema_.contains("maximum")) return;
        schema_["maximum"] = std::max(schema_.at("maximum"), other.at("maximum"));
        const char* const own = lower_bound_of(schema_);
        const char* const its = lower_bound_of(other);
        if (schema_.at(own) <= other.at(its)) return;
        schema_.erase(own);
        schema_[its] = other.at(its);
    }

    Json schema_;
    std::vector<Meaning> meanings_;
};

}  // namespace

Json run_simulation_input() {
    std::map<std::string, Argument> arguments;
    for (const AlgorithmEntry& algorithm : algorithms())
        for (const auto& [field, schema] : algorithm.takes.items())
            arguments[field].add(algorithm.name, schema);
    Json properties{{"algorithm",
                     {{"type", "string"},
                      {"enum", algorithm_names()},
                      {"description", "What to grow; list_algorithms says what each is and takes"}}}};
    for (const auto& [field, argument] : arguments) properties[field] = argument.schema();
    // Others are let through, so that they are refused with what the algorithm takes.
    return {{"type", "object"},
            {"properties", properties},
            {"required", {"algorithm"}},
            {"additionalProperties", true}};
}

Result run_simulation(Call& call, const Json& arguments) {
    for (const AlgorithmEntry& algorithm : algorithms()) {
        if (algorithm.name != arguments.at("algorithm")) continue;
        Json own = arguments;
        own.erase("algorithm");
        for (const auto& [field, value] : own.items())
            if (!algorithm.takes.contains(field))
                throw invalid_argument(field, "The algorithm " + algorithm.name + " does not take " + field +
                                                  "; it takes " + joined(algorithm.parameters()) + ".");
        own.update(algorithm.fixed);
        return algorithm.run(call, own);
    }
    throw invalid_argument("algorithm", "There are the algorithms " + joined(algorithm_names()) + ".");
}

}  // namespace assistd::simulation
