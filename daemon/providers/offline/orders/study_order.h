#pragma once
// Orders for a parametric study: "make fifty dla clusters of 256 particles and compare their Df", "study
// sticking probability 0.1, 0.5 and 1 with 3 seeds each". What frames such an order is taken off; what is
// left is an order of the tool that the study runs. Pure functions.

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

inline constexpr const char* study_tool = "create_parametric_study";
// What the reply says of one that was begun.
inline constexpr const char* study_note =
    "“Show the results of my study” tells what came of it, as far as it has come.";
// The same of one whose runs are to be compared.
inline constexpr const char* comparison_note =
    "The runs are compared in its results: “What is the mean Df?” and “Show the results of my study” "
    "tell what came of it, as far as it has come.";

struct StudyOrder {
    std::vector<Token> order;  // what is left
    int seeds = 1;             // for each combination of its values
    bool is_study = false;     // the words say so, or there are more runs than are made one by one
    bool compares = false;     // "... and compare their Df"
};

// `most_runs`: so many are no study by themselves.
StudyOrder read_study_order(Tokens clause, int most_runs);

// The arguments of study_tool for a step that is a study: what has one value is the same for every run.
nlohmann::json study_arguments(const Step& step);
// "Study … and call it beta" names the study, not what its runs make.
void name_study(Step& step);
// Whether the step can be one: its tool draws seeds when it is to, and no artifact is looked up for it.
bool can_be_study(const Step& step);

}  // namespace assistd::providers::offline
