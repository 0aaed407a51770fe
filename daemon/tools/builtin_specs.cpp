#include "tools/builtin_specs.h"

namespace assistd::tools {

std::shared_ptr<core::ToolSpec> own_tool(std::string name, std::string title, std::string description,
                                         std::string input_schema, std::vector<std::string> phrases,
                                         std::vector<std::string> options) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = std::move(name);
    spec->title = std::move(title);
    spec->description = std::move(description);
    spec->category = "assistd";
    spec->input_schema = std::move(input_schema);
    spec->effects.reads = true;
    spec->effects.idempotent = true;
    spec->phrases = std::move(phrases);
    spec->options = std::move(options);
    spec->plugin = "assistd";
    spec->plugin_version = "1.0.0";
    return spec;
}

namespace {

const char* const job_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "job_id": {"type": "string", "description": "The job, as a running tool gave it (job_...)"}}})json";

const char* const wait_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "job_id": {"type": "string", "description": "The job, as a running tool gave it (job_...)"},
        "timeout_s": {"type": "number", "minimum": 0, "maximum": 60, "default": 30,
                      "description": "How long to wait, in seconds"}}})json";

const char* const jobs_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "state": {"type": "string", "enum": ["running", "completed", "failed", "cancelled", "lost"],
                  "description": "Only jobs in this state"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20, "description": "How many"}}})json";

const char* const artifacts_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "kind": {"type": "string", "description": "Only this kind, such as simulation, plot or document"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20, "description": "How many"}}})json";

std::shared_ptr<const core::ToolSpec> get_job_status_spec() {
    return own_tool(
        "get_job_status", "Status of a job",
        "Says how far a background job has come, and its result once it has ended. Without job_id: "
        "the newest job of the conversation.",
        job_schema,
        {"how is (the|my) (job|simulation|run) [doing|going|coming along] [so far]",
         "how (is|far is) {job_id} [doing|going|coming along] [so far]",
         "how far (is|along is|has) (the|my) (job|simulation|run) [come|got|gotten]",
         "how much longer [will (it|the job|the simulation) (take|need)]",
         "[what is|show|get|check] [the] (job status|status|progress) [of {job_id}]",
         "[what is|show|get|check] [the] (status|progress) of (the|my) (job|simulation|run)",
         "[get|check] [the] status of [job] {job_id}", "check [on] {job_id}",
         "is (the|my) (job|simulation|run) [already] (done|ready|finished|running) [yet|already|still]",
         "is the (job|simulation|run) still running", "is {job_id} (done|ready|finished) [yet|already]",
         "(has|did) (the|my) (job|simulation|run) (finished|finish|ended|end) [yet|already]"});
}

std::shared_ptr<const core::ToolSpec> wait_for_job_spec() {
    const auto spec =
        own_tool("wait_for_job", "Wait for a job",
                 "Waits until a background job has ended, at most timeout_s seconds, and gives its "
                 "result. Without job_id: the newest job of the conversation.",
                 wait_schema,
                 {"wait for (the|my) (job|simulation|run) [to (finish|end|complete)]",
                  "wait for [job] {job_id} [to (finish|end|complete)]",
                  "wait until (the|my) (job|simulation|run) (is|has) (done|ready|finished|ended|completed)",
                  "wait until {job_id} (is|has) (done|ready|finished|ended|completed)"},
                 {"[for] [at most|up to] {timeout_s} (seconds|second|s|sec)"});
    // It waits by design and must not become a job of its own.
    spec->time_limit = std::chrono::seconds(70);
    spec->job_after = std::chrono::hours(1);
    return spec;
}

std::shared_ptr<const core::ToolSpec> cancel_job_spec() {
    const auto spec = own_tool(
        "cancel_job", "Cancel a job",
        "Stops a background job that still runs. Without job_id: the newest running job of the "
        "conversation. What an ended job made is kept.",
        job_schema,
        {"(cancel|stop|abort|kill|end|terminate) [the|my] [running|background|current] (job|run|simulation)",
         "(cancel|stop|abort|kill|end|terminate) [job] {job_id}"});
    spec->effects.writes = true;
    spec->job_after = std::chrono::hours(1);
    return spec;
}

std::shared_ptr<const core::ToolSpec> list_jobs_spec() {
    return own_tool(
        "list_jobs", "List jobs", "Lists the background jobs, newest first, with their state and progress.",
        jobs_schema,
        {"(list|show) [all] [of] [my] [background] jobs",
         "(list|show) [all] [my] (running|active|current|unfinished) [background] (jobs|simulations|runs)"
         "{state=running}",
         "(list|show) [all] [my] {state} [background] jobs",
         "(which|what) [background] (jobs|simulations|runs) are [still|currently] (running|active)"
         "{state=running}",
         "(which|what) [background] jobs (are there|do i have|have i|exist|did i (start|run))",
         "(which|what) jobs [have|are|were] {state}",
         "are [there] [any] [of my] [background] jobs [still] [running{state=running}]",
         "is (anything|something) [still] running{state=running}",
         "what is [still|currently] running{state=running}"});
}

const char* const artifact_schema = R"json({
    "type": "object", "additionalProperties": false, "required": ["artifact"], "properties": {
        "artifact": {"type": "string", "format": "artifact", "description": "The artifact, by its handle"}}})json";

// One that is there already. "Show me the plots" is a list.
std::shared_ptr<const core::ToolSpec> show_artifact_spec() {
    const std::string shows = "(show|display|open|view) [me] ";
    const std::string thing =
        "((plot|graph|figure|chart|diagram){artifact=plot}|(image|picture|rendering|drawing){artifact=image}|"
        "report{artifact=report}|table{artifact=table}|comparison{artifact=comparison})";
    return own_tool("show_artifact", "Show an artifact",
                    "Shows one artifact that exists: a plot, a picture, a report or any other file, by its "
                    "handle. It draws nothing anew.",
                    artifact_schema,
                    {shows + "[the] (last|latest|newest|previous) " + thing, shows + "the " + thing,
                     shows + "{artifact!}"});
}

std::shared_ptr<const core::ToolSpec> list_artifacts_spec() {
    const std::string kinds =
        "(artifacts|files|results|plots{kind=plot}|figures{kind=plot}|"
        "graphs{kind=plot}|analyses{kind=analysis}|tables{kind=table}|geometries{kind=geometry}|"
        "documents{kind=document}|papers{kind=document}|notes{kind=document}|reports{kind=report}|"
        "images{kind=image}|pictures{kind=image}|comparisons{kind=comparison})";
    return own_tool(
        "list_artifacts", "List artifacts",
        "Lists the files that tools have made and people have uploaded, newest first, with the handles "
        "by which other tools take them.",
        artifacts_schema,
        {"(list|show) [all] [of] [my] [(last|latest|newest)] [{limit}] " + kinds + " [so far]",
         "(what|which) " + kinds + " (do i have|are there|exist|have i (made|created|run)|did i (make|run))",
         "what have i (made|created|run|done) [so far]"});
}

}  // namespace

std::vector<std::shared_ptr<const core::ToolSpec>> builtin_specs() {
    return {get_job_status_spec(), wait_for_job_spec(),   cancel_job_spec(),
            list_jobs_spec(),      list_artifacts_spec(), show_artifact_spec()};
}

}  // namespace assistd::tools
