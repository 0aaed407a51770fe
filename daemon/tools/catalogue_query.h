#pragma once
// What a plugin asks of the catalogue and is told, in JSON (assistd/catalogue.h). Pure functions.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/artifact.h"
#include "core/job.h"

namespace assistd::tools {

// Both throw Error{validation} with a sentence for a text that is no such query.
struct ArtifactLookUp {
    core::ArtifactQuery query;  // without an owner
    std::string handle;         // of the only one that is meant; empty: any
    nlohmann::json parameters;  // null: any
    nlohmann::json metadata = nlohmann::json::object();
    std::size_t limit = 20;

    // What the store does not look at; of an artifact that was not listed by it, all of it.
    bool fits(const core::Artifact& artifact) const;
    bool fits_wholly(const core::Artifact& artifact) const;
};
ArtifactLookUp read_artifact_look_up(const std::string& text);

struct JobLookUp {
    std::vector<std::string> tools;
    std::vector<core::JobState> states;
    std::string project_id;
    std::size_t limit = 20;

    bool fits(const core::Job& job) const;
};
JobLookUp read_job_look_up(const std::string& text);

nlohmann::json told_of(const core::Artifact& artifact);
nlohmann::json told_of(const core::Job& job);

}  // namespace assistd::tools
