#pragma once
// Which runs a study has: every combination of the grid's values, each as often as seeds are wanted. Run by
// number, from 1: the seeds of a combination come one after the other, and the grid's last name (in
// alphabetical order) changes fastest. Immutable; any thread.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/study.h"
#include "tools/registry.h"

namespace assistd::tools {

class StudyPlan {
  public:
    // Of a study whose request was checked before.
    explicit StudyPlan(const core::Study& study);

    int runs() const { return combinations() * seeds_per_combination_; }
    int combinations() const { return combinations_; }
    int combination_of(int run) const { return (run - 1) / seeds_per_combination_; }  // from 0
    // What the grid gives to a combination.
    nlohmann::json combination(int index) const;
    // What is the run's own: its combination and its seed.
    nlohmann::json parameters(int run) const;
    nlohmann::json arguments(int run) const;

  private:
    nlohmann::json base_;
    nlohmann::json grid_;
    int combinations_ = 1;
    int seeds_per_combination_ = 1;
    std::int64_t first_seed_ = 0;
};

// The study that is asked for, with its number of runs and its first seed. Throws Error{validation} with
// every field that is wrong: no such tool, no list, no value, too many runs, seeds for a tool that takes
// none. What the values are is not looked at.
core::Study planned(const core::StudyRequest& request, const RegisteredTool& tool);

// The arguments of a tool that is to work on the artifact of such a kind: {"simulation": "simulation-3"}.
// Nothing when the tool takes none by itself.
std::optional<nlohmann::json> arguments_for(const RegisteredTool& tool, const std::string& kind,
                                            const std::string& handle);

}  // namespace assistd::tools
