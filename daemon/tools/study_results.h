#pragma once
// What the runs of a study say: the numbers of each, their statistics for each combination, and the table
// that is kept as an artifact. Pure functions; any thread.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/study.h"
#include "tools/study_plan.h"

namespace assistd::tools {

// The numbers of a result's "data", by name: its own, and those of the objects right in it
// ("coordination.mean"). Without those that the run was given.
nlohmann::json metrics_of(const nlohmann::json& data, const nlohmann::json& given);

// A result's "warnings", as far as they are sentences; the first few of very many, in a bounded length each.
std::vector<std::string> warnings_of(const nlohmann::json& data);
void add_warning(std::vector<std::string>& warnings, const std::string& warning);  // with the same bounds

// Mean, sample standard deviation and range of every metric, one combination after the other; combinations
// without an ended run are there too. Runs may come in any order and in several pieces.
class StudyStatistics {
  public:
    // Of the combinations from number `first` on and before `after`, counted from 0.
    StudyStatistics(StudyPlan plan, int first, int after);
    void add(const core::StudyRun& run);
    std::vector<core::StudyCombination> take();

  private:
    struct Sums {
        int count = 0;
        double mean = 0;
        double squares = 0;  // of the differences to the mean (Welford 1962)
        double least = 0;
        double most = 0;
        void add(double value);
    };
    struct Combination {
        int completed = 0;
        int failed = 0;
        std::map<std::string, Sums> metrics;
        std::map<std::string, core::SharedWarning> warnings;  // by their text without its numbers
    };

    StudyPlan plan_;
    int first_;
    std::vector<Combination> combinations_;
};

}  // namespace assistd::tools
