#include "tools/catalogue_query.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/time.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr std::size_t longest_parameters = 64 << 10;

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

// The members of a query one by one, and none that is not known.
class Members {
  public:
    explicit Members(const std::string& text) : query_(json::parse(text, nullptr, false)) {
        if (!query_.is_object()) refuse("What is looked up must be said in a JSON object.");
    }

    std::string text(const char* key) {
        const json* value = find(key);
        if (!value) return "";
        if (!value->is_string()) refuse(std::string(key) + " must be a text.");
        return value->get<std::string>();
    }
    std::vector<std::string> texts(const char* key) {
        constexpr std::size_t most = 100;
        const json* value = find(key);
        if (!value) return {};
        const bool good = value->is_array() && value->size() <= most &&
                          std::ranges::all_of(*value, [](const json& each) { return each.is_string(); });
        if (!good) refuse(std::string(key) + " must be a list of at most 100 texts.");
        return value->get<std::vector<std::string>>();
    }
    json object(const char* key, json otherwise) {
        const json* value = find(key);
        if (!value) return otherwise;
        if (!value->is_object()) refuse(std::string(key) + " must be a JSON object.");
        return *value;
    }
    std::size_t limit() {
        const json* value = find("limit");
        if (!value) return 20;
        if (!value->is_number_integer() || *value < 1 || *value > 100) refuse("limit must be 1 to 100.");
        return value->get<std::size_t>();
    }
    void finish() const {
        for (const auto& member : query_.items())
            if (!known_.contains(member.key()))
                refuse("There is nothing like " + member.key() + " to look things up by.");
    }

  private:
    const json* find(const char* key) {
        known_.insert(key);
        const auto found = query_.find(key);
        return found == query_.end() ? nullptr : &*found;
    }

    const json query_;
    std::set<std::string> known_;
};

// Of what a plugin said, which was checked when it was stored.
json parsed(const std::string& text) {
    json value = json::parse(text.empty() ? "{}" : text, nullptr, false);
    return value.is_discarded() ? json() : value;
}

}  // namespace

ArtifactLookUp read_artifact_look_up(const std::string& text) {
    Members members(text);
    ArtifactLookUp wanted;
    wanted.query.kinds = members.texts("kinds");
    wanted.query.project_id = members.text("project_id");
    wanted.query.tool = members.text("tool");
    wanted.query.parent = members.text("parent");
    wanted.handle = members.text("handle");
    wanted.parameters = members.object("parameters", nullptr);
    wanted.metadata = members.object("metadata", json::object());
    wanted.limit = members.limit();
    members.finish();
    return wanted;
}

bool ArtifactLookUp::fits(const core::Artifact& artifact) const {
    if (!handle.empty() && artifact.handle != handle) return false;
    if (!parameters.is_null() && parsed(artifact.parameters) != parameters) return false;
    if (metadata.empty()) return true;
    const json about = parsed(artifact.metadata);
    return std::ranges::all_of(metadata.items(), [&](const auto& member) {
        return about.contains(member.key()) && about.at(member.key()) == member.value();
    });
}

bool ArtifactLookUp::fits_wholly(const core::Artifact& artifact) const {
    const auto is_among = [](const std::vector<std::string>& all, const std::string& one) {
        return std::ranges::find(all, one) != all.end();
    };
    return is_among(query.kinds, artifact.kind) &&
           (query.project_id.empty() || query.project_id == artifact.project_id) &&
           (query.tool.empty() || query.tool == artifact.tool) &&
           (query.parent.empty() || is_among(artifact.parents, query.parent)) && fits(artifact);
}

JobLookUp read_job_look_up(const std::string& text) {
    Members members(text);
    JobLookUp wanted;
    wanted.tools = members.texts("tools");
    wanted.project_id = members.text("project_id");
    using enum core::JobState;
    for (const std::string& name : members.texts("states")) {
        const auto all = {running, completed, failed, cancelled, lost};
        const auto* const state =
            std::ranges::find_if(all, [&](core::JobState each) { return core::name_of(each) == name; });
        if (state == all.end())
            refuse("A job's state is running, completed, failed, cancelled or lost, not " + name + ".");
        wanted.states.push_back(*state);
    }
    wanted.limit = members.limit();
    members.finish();
    return wanted;
}

bool JobLookUp::fits(const core::Job& job) const {
    if (!tools.empty() && std::ranges::find(tools, job.tool) == tools.end()) return false;
    if (!states.empty() && std::ranges::find(states, job.state) == states.end()) return false;
    return project_id.empty() || job.project_id == project_id;
}

json told_of(const core::Artifact& artifact) {
    const bool short_enough = artifact.parameters.size() <= longest_parameters;
    return {{"handle", artifact.handle},
            {"kind", artifact.kind},
            {"name", artifact.name},
            {"media_type", artifact.media_type},
            {"size", artifact.size},
            {"created_at", to_iso8601(artifact.created_at)},
            {"project_id", artifact.project_id},
            {"tool", artifact.tool},
            {"plugin", artifact.plugin},
            {"seed", artifact.seed},
            {"parents", artifact.parents},
            {"parameters", short_enough ? parsed(artifact.parameters) : json()},
            {"metadata", parsed(artifact.metadata)}};
}

json told_of(const core::Job& job) {
    const json result = parsed(job.result);
    const json error = result.is_object() ? result.value("error", json::object()) : json::object();
    const bool runs = job.state == core::JobState::running;
    return {{"id", job.id.text()},
            {"tool", job.tool},
            {"arguments", job.arguments.size() <= longest_parameters ? parsed(job.arguments) : json()},
            {"status", core::name_of(job.state)},
            {"progress", job.fraction},
            {"note", job.note},
            {"error_type", error.value("error_type", "")},
            {"error", error.value("message", "")},
            {"summary", job.summary},
            {"project_id", job.project_id},
            {"created_at", to_iso8601(job.created_at)},
            {"finished_at", runs ? "" : to_iso8601(job.finished_at)}};
}

}  // namespace assistd::tools
