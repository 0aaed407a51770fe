#pragma once
// What the caller of a running call has already: the artifacts of the kinds that the tool's manifest names in
// "looks_up", and the jobs of this plugin's own tools ("jobs" there). One thread, the call's; valid until the
// call returns.
//
//     for (const auto& found : call.catalogue().artifacts({.kinds = {"simulation"}, .limit = 5}).items)
//         names.push_back(found.handle);
//
// Every function throws a Failure with a whole sentence when it is refused, and Cancelled.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assistd/artifact.hpp"
#include "assistd/catalogue.h"
#include "assistd/failure.hpp"

namespace assistd {

// What is left empty does not matter.
struct ArtifactQuery {
    std::vector<std::string> kinds = {};  // empty: all that the tool may look up
    std::string project_id = {};
    std::string tool = {};           // that made it
    std::string parent = {};         // the handle of one that it was made from
    Json parameters = nullptr;       // the whole arguments with which it was made
    Json metadata = Json::object();  // each member is to be equal
    int limit = 20;                  // 1..100
    std::string handle = {};         // of the one that is meant
};

struct FoundArtifact {
    std::string handle;
    std::string kind;
    std::string name;
    std::string media_type;
    std::uint64_t size = 0;  // bytes
    std::string created_at;  // "2026-01-31T12:00:00.000000Z"
    std::string project_id;
    std::string tool;    // empty: a person uploaded it
    std::string plugin;  // "org.assistd.simulation 1.0.0"
    std::string seed;    // empty: none
    std::vector<std::string> parents;
    Json parameters = Json::object();  // null: too long to be told
    Json metadata = Json::object();
};

struct JobQuery {
    std::vector<std::string> tools = {};   // of this plugin; empty: all of them
    std::vector<std::string> states = {};  // running, completed, failed, cancelled, lost; empty: all
    std::string project_id = {};
    int limit = 20;  // 1..100
};

// A call that went on in the background; one that ended at once was never a job.
struct FoundJob {
    std::string id;
    std::string tool;
    Json arguments = Json::object();
    std::string status;   // running, completed, failed, cancelled, lost
    double progress = 0;  // 0..1
    std::string note;
    std::string error_type;  // empty when there was none
    std::string error;       // a sentence
    std::string summary;
    std::string project_id;
    std::string created_at;
    std::string finished_at;  // empty while it runs
};

// Newest first.
template <class Item>
struct FoundList {
    std::vector<Item> items;
    bool more = false;  // there are others
};

namespace detail {

inline Json as_query(const ArtifactQuery& query) {
    Json json{{"metadata", query.metadata}, {"limit", query.limit}};
    if (!query.kinds.empty()) json["kinds"] = query.kinds;
    if (!query.project_id.empty()) json["project_id"] = query.project_id;
    if (!query.tool.empty()) json["tool"] = query.tool;
    if (!query.parent.empty()) json["parent"] = query.parent;
    if (!query.handle.empty()) json["handle"] = query.handle;
    if (!query.parameters.is_null()) json["parameters"] = query.parameters;
    return json;
}
inline Json as_query(const JobQuery& query) {
    Json json{{"limit", query.limit}};
    if (!query.tools.empty()) json["tools"] = query.tools;
    if (!query.states.empty()) json["states"] = query.states;
    if (!query.project_id.empty()) json["project_id"] = query.project_id;
    return json;
}

inline FoundArtifact found_artifact(const Json& json) {
    FoundArtifact found;
    found.handle = json.at("handle");
    found.kind = json.at("kind");
    found.name = json.at("name");
    found.media_type = json.at("media_type");
    found.size = json.at("size");
    found.created_at = json.at("created_at");
    found.project_id = json.at("project_id");
    found.tool = json.at("tool");
    found.plugin = json.at("plugin");
    found.seed = json.at("seed");
    found.parents = json.at("parents").get<std::vector<std::string>>();
    found.parameters = json.at("parameters");
    found.metadata = json.at("metadata");
    return found;
}
inline FoundJob found_job(const Json& json) {
    FoundJob found;
    found.id = json.at("id");
    found.tool = json.at("tool");
    found.arguments = json.at("arguments");
    found.status = json.at("status");
    found.progress = json.at("progress");
    found.note = json.at("note");
    found.error_type = json.at("error_type");
    found.error = json.at("error");
    found.summary = json.at("summary");
    found.project_id = json.at("project_id");
    found.created_at = json.at("created_at");
    found.finished_at = json.at("finished_at");
    return found;
}

}  // namespace detail

class Catalogue {
  public:
    Catalogue(assistd_call& call, const assistd_catalogue* functions) : call_(&call), functions_(functions) {}

    // False in a daemon that is older than this.
    bool available() const { return functions_ != nullptr; }

    FoundList<FoundArtifact> artifacts(const ArtifactQuery& query = {}) const {
        const Json answer = ask(&assistd_catalogue::find_artifacts, detail::as_query(query).dump());
        FoundList<FoundArtifact> found;
        for (const Json& each : answer.at("artifacts")) found.items.push_back(detail::found_artifact(each));
        found.more = answer.at("more");
        return found;
    }
    FoundList<FoundJob> jobs(const JobQuery& query = {}) const {
        const Json answer = ask(&assistd_catalogue::find_jobs, detail::as_query(query).dump());
        FoundList<FoundJob> found;
        for (const Json& each : answer.at("jobs")) found.items.push_back(detail::found_job(each));
        found.more = answer.at("more");
        return found;
    }
    // For reading, until the call returns; what the call makes has it among its parents.
    Artifact open(std::string_view handle) const {
        require();
        const assistd_artifact* artifact = nullptr;
        assistd_string answer{nullptr, 0};
        check(functions_->open_artifact(call_, detail::to_c(handle), &artifact, &answer), answer);
        return Artifact(*artifact);
    }
    // The result is about this one too: "plot it" means it, although this call made nothing new.
    void add_to_result(std::string_view handle) const { ask(&assistd_catalogue::add_to_result, handle); }

  private:
    using Question = assistd_status (*assistd_catalogue::*)(assistd_call*, assistd_string, assistd_string*);

    void require() const {
        if (!functions_)
            throw Failure("InternalError",
                          "This daemon is too old to tell a plugin what there is already; use a newer "
                          "assistd.",
                          nullptr, false);
    }
    Json ask(Question question, std::string_view about) const {
        require();
        assistd_string answer{nullptr, 0};
        check((functions_->*question)(call_, detail::to_c(about), &answer), answer);
        return Json::parse(detail::from_c(answer));
    }
    static void check(assistd_status status, assistd_string answer) {
        if (status == ASSISTD_OK) return;
        if (status == ASSISTD_CANCELLED) throw Cancelled();
        const Json error = Json::parse(detail::from_c(answer));
        throw Failure(error.at("error_type"), error.at("message").get<std::string>());
    }

    assistd_call* call_;
    const assistd_catalogue* functions_;
};

}  // namespace assistd
