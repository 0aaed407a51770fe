#pragma once
// What a test says that its user has already, and how a call's questions about it are answered: as the daemon
// would. Part of assistd/testing.hpp; one thread.

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assistd/catalogue.hpp"

namespace assistd::testing {

// A question's answer, and what a refusal says.
struct CatalogueAnswer {
    assistd_status status = ASSISTD_OK;
    std::string text;

    static CatalogueAnswer of(const Json& json) { return {ASSISTD_OK, json.dump()}; }
    static CatalogueAnswer refusal(const std::string& type, const std::string& sentence) {
        return {ASSISTD_FAILED, Json{{"error_type", type}, {"message", sentence}}.dump()};
    }
};

class TestCatalogue {
  public:
    void add(FoundArtifact artifact) { artifacts_.push_front(std::move(artifact)); }
    void add(FoundJob job) { jobs_.push_front(std::move(job)); }

    const FoundArtifact* find(std::string_view handle) const {
        const auto found = std::ranges::find(artifacts_, handle, &FoundArtifact::handle);
        return found == artifacts_.end() ? nullptr : &*found;
    }
    // What a tool may look up; nothing: everything, since there is no manifest that says it.
    using Allowed = std::optional<std::set<std::string>>;

    CatalogueAnswer find_artifacts(const Allowed& allowed, const Json& query) const {
        const auto kinds = query.value("kinds", std::vector<std::string>());
        if (allowed && artifact_kinds(*allowed).empty()) return refuse("any artifacts");
        for (const std::string& kind : kinds)
            if (!may_see(allowed, kind)) return refuse("artifacts of the kind " + kind);
        if (auto refused = check_limit(query)) return *refused;
        Json found = Json::array();
        bool more = false;
        for (const FoundArtifact& artifact : artifacts_) {
            if (!may_see(allowed, artifact.kind) || !matches(query, kinds, artifact)) continue;
            more = found.size() == query.value("limit", 20u);
            if (more) break;
            found.push_back(as_json(artifact));
        }
        return CatalogueAnswer::of({{"artifacts", found}, {"more", more}});
    }
    CatalogueAnswer find_jobs(const Allowed& allowed, const Json& query) const {
        if (!may_see(allowed, "jobs")) return refuse("jobs");
        if (auto refused = check_limit(query)) return *refused;
        const auto tools = query.value("tools", std::vector<std::string>());
        const auto states = query.value("states", std::vector<std::string>());
        Json found = Json::array();
        bool more = false;
        for (const FoundJob& job : jobs_) {
            if (!is_among(tools, job.tool) || !is_among(states, job.status)) continue;
            if (query.contains("project_id") && query.at("project_id") != job.project_id) continue;
            more = found.size() == query.value("limit", 20u);
            if (more) break;
            found.push_back(as_json(job));
        }
        return CatalogueAnswer::of({{"jobs", found}, {"more", more}});
    }
    // Whether one of them may be opened, or added to the result.
    CatalogueAnswer look_at(const Allowed& allowed, const std::string& handle) const {
        const FoundArtifact* found = find(handle);
        if (!found)
            return CatalogueAnswer::refusal("ValidationError", "There is no artifact \"" + handle + "\".");
        if (!may_see(allowed, found->kind)) return refuse("artifacts of the kind " + found->kind);
        return CatalogueAnswer::of(Json::object());
    }

    static Json as_json(const FoundArtifact& artifact) {
        return {{"handle", artifact.handle},
                {"kind", artifact.kind},
                {"name", artifact.name},
                {"media_type", artifact.media_type},
                {"size", artifact.size},
                {"created_at", artifact.created_at},
                {"project_id", artifact.project_id},
                {"tool", artifact.tool},
                {"plugin", artifact.plugin},
                {"seed", artifact.seed},
                {"parents", artifact.parents},
                {"parameters", artifact.parameters},
                {"metadata", artifact.metadata}};
    }
    static Json as_json(const FoundJob& job) {
        return {{"id", job.id},
                {"tool", job.tool},
                {"arguments", job.arguments},
                {"status", job.status},
                {"progress", job.progress},
                {"note", job.note},
                {"error_type", job.error_type},
                {"error", job.error},
                {"summary", job.summary},
                {"project_id", job.project_id},
                {"created_at", job.created_at},
                {"finished_at", job.finished_at}};
    }

  private:
    static std::set<std::string> artifact_kinds(std::set<std::string> allowed) {
        allowed.erase("jobs");
        return allowed;
    }
    static bool may_see(const Allowed& allowed, const std::string& kind) {
        return !allowed || allowed->contains(kind);
    }
    static bool is_among(const std::vector<std::string>& wanted, const std::string& value) {
        return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
    }
    static CatalogueAnswer refuse(const std::string& what) {
        return CatalogueAnswer::refusal("PermissionError", "The tool may not look up " + what +
                                                               ": \"looks_up\" in its manifest does not "
                                                               "say so.");
    }
    static std::optional<CatalogueAnswer> check_limit(const Json& query) {
        const int limit = query.value("limit", 20);
        if (limit >= 1 && limit <= 100) return std::nullopt;
        return CatalogueAnswer::refusal("ValidationError", "limit must be 1 to 100.");
    }
    static bool matches(const Json& query, const std::vector<std::string>& kinds,
                        const FoundArtifact& artifact) {
        if (!is_among(kinds, artifact.kind)) return false;
        if (query.contains("project_id") && query.at("project_id") != artifact.project_id) return false;
        if (query.contains("tool") && query.at("tool") != artifact.tool) return false;
        if (query.contains("parent") &&
            std::ranges::find(artifact.parents, query.at("parent").get<std::string>()) ==
                artifact.parents.end())
            return false;
        if (query.contains("handle") && query.at("handle") != artifact.handle) return false;
        if (query.contains("parameters") && query.at("parameters") != artifact.parameters) return false;
        // Named, because the loop would outlive it.
        const Json wanted = query.value("metadata", Json::object());
        for (const auto& [key, value] : wanted.items())
            if (!artifact.metadata.contains(key) || artifact.metadata.at(key) != value) return false;
        return true;
    }

    std::deque<FoundArtifact> artifacts_;  // newest first
    std::deque<FoundJob> jobs_;
};

}  // namespace assistd::testing
