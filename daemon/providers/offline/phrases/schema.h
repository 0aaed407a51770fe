#pragma once
// The arguments of a tool, as far as a sentence can give them: read once from the tool's input schema. Value
// types, shared read-only between threads.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tool.h"

namespace assistd::providers::offline {

enum class ArgumentType { integer, number, boolean, choice, string, artifact, artifacts, job, study, other };

// One of an enum's values with the words that name it: "rg_vs_n" is also said "rg vs n".
struct Choice {
    nlohmann::json value;
    std::string whole;               // lower case
    std::vector<std::string> words;  // stems
};

struct Argument {
    std::string name;
    ArgumentType type = ArgumentType::other;
    std::string description;  // without its last full stop
    bool required = false;
    bool has_default = false;
    std::optional<double> usual;  // the default, when it is a number
    std::optional<double> minimum;
    std::optional<double> maximum;
    bool open_minimum = false;  // the bound itself is not allowed
    bool open_maximum = false;
    std::size_t min_length = 0;  // characters of a string, items of an array
    std::optional<std::size_t> max_length;
    std::vector<Choice> choices;
    std::vector<std::string> kinds;  // of artifacts; empty: every kind
    nlohmann::json sample;           // a value of a call that its author shows; null without one

    bool takes_artifacts() const { return type == ArgumentType::artifact || type == ArgumentType::artifacts; }
    // "10 to 1,000,000", "csv or xyz"; empty when everything is allowed.
    std::string bounds() const;
    // A sentence when the value does not fit, else empty.
    std::string problem(const nlohmann::json& value) const;
    // "How many particles? (10 to 1,000,000)"
    std::string question() const;
};

// Throws nlohmann::json::exception when the schema is no JSON object.
std::vector<Argument> read_arguments(const core::ToolSpec& tool);

// "1,000,000" and "0.25".
std::string readable_number(double value);
// "a, b or c"
std::string join_words(const std::vector<std::string>& words, std::string_view last);

}  // namespace assistd::providers::offline
