// Studies as the conversation API writes them.

#include "api/conversations/render.h"
#include "core/artifact_json.h"
#include "core/study_json.h"

namespace assistd::api::conversations {
namespace {

Json parsed(const std::string& text) {
    return Json::parse(text, nullptr, false);
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json time_or_null(Timestamp time) {
    return to_micros(time) == 0 ? Json() : Json(to_iso8601(time));
}

}  // namespace

Json render(const core::Study& study) {
    Json json = {{"id", study.id.text()},
                 {"user", study.owner},
                 {"name", study.name},
                 {"tool", study.tool},
                 {"then", text_or_null(study.then)},
                 {"base_parameters", parsed(study.base_parameters)},
                 {"parameter_grid", parsed(study.parameter_grid)},
                 {"seeds_per_combination", study.seeds_per_combination},
                 {"first_seed", study.first_seed == 0 ? Json() : Json(study.first_seed)},
                 {"project_id", text_or_null(study.project_id)},
                 {"conversation_id", study.conversation.is_nil() ? Json() : Json(study.conversation.text())},
                 {"status", core::name_of(study.state)},
                 {"runs", study.runs},
                 {"counts", core::counts_json(study)},
                 {"percent", study.percent()},
                 {"time_left_s", study.time_left ? Json(study.time_left->count()) : Json()},
                 {"waits_for", text_or_null(study.waits_for)},
                 {"table", Json()},
                 {"created_at", to_iso8601(study.created_at)},
                 {"finished_at", time_or_null(study.finished_at)}};
    if (!study.artifact.empty())
        json["table"] = {{"handle", study.artifact}, {"url", core::content_url(study.artifact)}};
    return json;
}

Json render(const core::StudyRun& run) {
    Json json = core::to_json(run);
    json["summary"] = text_or_null(run.summary);
    json["started_at"] = to_iso8601(run.started_at);
    json["finished_at"] = time_or_null(run.finished_at);
    if (!run.result.empty()) json["result"] = parsed(run.result);
    return json;
}

}  // namespace assistd::api::conversations
