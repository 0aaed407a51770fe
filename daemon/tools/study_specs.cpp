#include "tools/study_specs.h"

#include "tools/builtin_specs.h"

namespace assistd::tools {
namespace {

const char* const create_schema = R"json({
    "type": "object", "additionalProperties": false, "required": ["tool"], "properties": {
        "name": {"type": "string", "maxLength": 200, "description": "A name for people"},
        "tool": {"type": "string", "minLength": 1, "description":
            "The tool to run, such as run_dla_simulation; an algorithm such as dla stands for its tool"},
        "base_parameters": {"type": "object", "description": "Arguments that are the same for every run"},
        "parameter_grid": {"type": "object", "additionalProperties": {"type": "array", "minItems": 1},
            "description": "For each argument that varies the list of its values; every combination is run"},
        "seeds_per_combination": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1,
            "description": "How often each combination is run, each time with another seed"},
        "include_box_counting": {"type": "boolean", "default": false,
            "description": "Also runs run_box_counting on what each run made"},
        "then": {"type": "string", "description":
            "Another tool that is run on what each run made, in place of include_box_counting"}}})json";

const char* const study_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "study_id": {"type": "string", "description": "The study: its id (study_...), its name, or the table of its results (study-2); the newest one otherwise"}}})json";

const char* const results_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "study_id": {"type": "string", "description": "The study: its id (study_...), its name, or the table of its results (study-2); the newest one otherwise"},
        "metrics": {"type": "array", "items": {"type": "string"}, "maxItems": 50,
                    "description": "Only these numbers, such as df; all of them otherwise"},
        "sort_by": {"type": "string", "description":
            "Instead of the combinations the ten single runs with the most of this number, such as df"},
        "mean_of": {"type": "string", "description":
            "Also the mean, deviation and count of this number, such as df, over all runs together"},
        "order": {"type": "string", "enum": ["descending", "ascending"],
                  "description": "With sort_by: the least first when ascending"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100,
                  "description": "How many combinations"}}})json";

const char* const list_schema = R"json({
    "type": "object", "additionalProperties": false, "properties": {
        "state": {"type": "string", "enum": ["running", "completed", "completed_with_errors", "cancelled"],
                  "description": "Only studies in this state"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20, "description": "How many"}}})json";

std::shared_ptr<core::ToolSpec> changing(std::shared_ptr<core::ToolSpec> spec) {
    spec->effects.writes = true;
    spec->effects.idempotent = false;
    return spec;
}

}  // namespace

std::vector<std::shared_ptr<const core::ToolSpec>> study_specs() {
    const std::string create =
        "Runs a tool over a grid of parameters in the background: every combination of the grid's values, "
        "each "
        "with as many seeds as wanted, at most 10,000 runs. Returns at once; get_study_status says how far "
        "it "
        "has come and get_study_results what came of it.";
    const std::string which = "(which|what) (run|runs|simulation|cluster|one) ";
    const std::string degree =
        "(highest{order=descending}|largest{order=descending}|greatest{order=descending}|"
        "biggest{order=descending}|lowest{order=ascending}|smallest{order=ascending}|least{order=ascending})";
    const std::string metric =
        "((df|[fractal] dimension){sort_by=df}|(kf|[fractal] prefactor){sort_by=kf}|"
        "(rg|radius of gyration){sort_by=rg}|porosity{sort_by=porosity}|anisotropy{sort_by=anisotropy})";
    const std::string mean =
        "[the] (mean|means|average|averages|spread|standard deviation|statistics) [value] [of] [the] "
        "((df|[fractal] dimension){mean_of=df}|(kf|[fractal] prefactor){mean_of=kf}|"
        "(rg|radius of gyration){mean_of=rg}|porosity{mean_of=porosity}|anisotropy{mean_of=anisotropy})";
    const std::string asks = "[(what (is|was|are|were)|tell me|give me|show [me]|compute|calculate)] ";
    return {
        changing(own_tool("create_parametric_study", "Begin a study", create, create_schema, {})),
        own_tool(
            "get_study_status", "Status of a study",
            "Says how far a study has come: runs by status, percent done and the time left.", study_schema,
            {"how (is|far is) (the|my) [parametric] study [doing|going|coming along] [so far]",
             "how far (has|is) (the|my) [parametric] study [come|got|gotten|along]",
             "how is {study_id} [doing|going|coming along]",
             "[what is|show|get|check] [the] (status|progress) of (the|my) [last|latest|newest] study",
             "[what is|show|get|check] [the] (status|progress) of [study] {study_id}",
             "is (the|my) [parametric] study [already] (done|ready|finished|running) [yet|already|still]"}),
        own_tool(
            "get_study_results", "Results of a study",
            "Gives, for each combination of parameters, how many runs completed and the mean, standard "
            "deviation and range of every number that they reported, and why runs failed; with sort_by the "
            "runs that have the most or the least of a number.",
            results_schema,
            {(which + "of (the|my) [last|latest] study (has|had|have|shows) " + degree + " " + metric),
             (which + "(has|had|have|shows) " + degree + " " + metric +
              " (in|of) (the|my) [last|latest] study"),
             which + "(has|had|have|shows) " + degree + " " + metric,
             asks + mean + " (of|in|over|for) [all] [runs of] (the|my) [last|latest] study",
             asks + mean + " (of|in|over|for) [all] [runs of] {study_id!}",
             asks + mean + " (of|in|over|for) [all] [runs of] study {study_id}", asks + mean,
             "what [has|is|was] went wrong [(in|with) (the|my) [last|latest] study]",
             "what is wrong (in|with) (the|my) [last|latest] study",
             "why (did|have) [some] [of] [the|my] runs [of (the|my) [last|latest] study] (fail|failed)",
             "(which|what) runs (failed|did fail|have failed) [(in|of) (the|my) [last|latest] study]",
             "(did|have) any [of] [the] runs (fail|failed|warn|warned) [(in|of) (the|my) [last|latest] "
             "study]",
             "(show|give|get|list|print) [me] [the] results of (the|my) [last|latest|newest] study",
             "(show|give|get|list|print) [me] [the] results of [study] {study_id}",
             "[what (are|were)] [the] results of {study_id!}",
             "(what are|what were) the results of (the|my) [last|latest] study",
             "what (did|does) (the|my) study (find|show|give|say)", "[show|get] (the|my) study results"}),
        own_tool(
            "list_studies", "List studies", "Lists the studies, newest first, with how far they have come.",
            list_schema,
            {"(list|show) [all] [of] [my] [parametric] studies", "(list|show) [all] [my] {state} studies",
             "(which|what) [parametric] studies (are there|do i have|have i|exist|did i (start|run|make))",
             "(which|what) studies are [still|currently] running{state=running}"}),
        changing(
            own_tool("cancel_study", "Cancel a study",
                     "Ends the runs of a study that are going on and begins no more. What was done is kept.",
                     study_schema,
                     {"(cancel|stop|abort|end) (the|my) [running|current] [parametric] study",
                      "(cancel|stop|abort|end) study {study_id}", "(cancel|stop|abort|end) {study_id!}"})),
        changing(own_tool(
            "retry_failed_simulations", "Run failed runs again",
            "Runs again what failed in a study, and what a cancelled study did not get to.", study_schema,
            {"(retry|repeat|rerun) [the|all] failed (runs|simulations) [of (the|my) [last] study]",
             "(retry|repeat|rerun) [the|all] failed (runs|simulations) of [study] {study_id}",
             "(retry|repeat|rerun) what (failed|did not work) [(in|of) (the|my) [last] study]",
             "run [the|all] failed (runs|simulations) again",
             "(continue|resume|go on with) (the|my) [cancelled] study"}))};
}

}  // namespace assistd::tools
