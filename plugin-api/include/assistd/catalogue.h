/* Extension of the plugin ABI: what the caller of a running call has already.
 *
 * host->get_extension(host, ASSISTD_CATALOGUE_1) returns a `const assistd_catalogue*` that lives as long as
 * the host, or null when the daemon is older than this. Everything it says is about the owner of the call,
 * and about kinds that the manifest of the tool names in "looks_up"; anything else is refused.
 *
 * All functions are [call]: one question at a time, from the thread that runs assistd_plugin::call. Each
 * waits for the daemon and returns ASSISTD_CANCELLED when the call is cancelled meanwhile. A call may ask
 * 1,000 times and hold 100 artifacts open. `answer` is JSON text: what was asked for, or with any status but
 * ASSISTD_OK {"error_type": "PermissionError", "message": "..."}, names as emit_error takes them. It lives
 * until the next question, what is opened until the call returns. C++ authors use assistd/catalogue.hpp.
 */
#ifndef ASSISTD_CATALOGUE_H
#define ASSISTD_CATALOGUE_H

#include "assistd/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ASSISTD_CATALOGUE_1 "assistd.catalogue/1"

typedef struct assistd_catalogue {
    size_t struct_size;
    /* Artifacts, newest first. `query` is {"kinds": ["simulation"], "project_id": "...", "tool": "...",
     * "parent": "simulation-3", "parameters": {...}, "metadata": {"analysis": "box_counting"}, "handle":
     * "...", "limit": 20}. Every member may be left out: "kinds" are then all that the tool may look up,
     * "parameters" are the whole arguments with which an artifact was made, of "metadata" each member is to
     * be equal, and "limit" is 1..100. The answer is {"artifacts": [{"handle", "kind", "name", "media_type",
     * "size", "created_at", "project_id", "tool", "plugin", "seed", "parents", "parameters", "metadata"}],
     * "more": false}; "more" says that there are others, "parameters" longer than 64 KiB are null. */
    assistd_status (*find_artifacts)(struct assistd_call* call, assistd_string query, assistd_string* answer);
    /* Jobs of the plugin's own tools, newest first; "looks_up" has to hold "jobs". `query` is {"tools":
     * [...], "states": ["running", "completed", "failed", "cancelled", "lost"], "project_id": "...", "limit":
     * 20}. The answer is {"jobs": [{"id", "tool", "arguments", "status", "progress", "note", "error_type",
     * "error", "summary", "project_id", "created_at", "finished_at"}], "more": false}; "finished_at" is empty
     * while a job runs, "error" when there was none. Calls that ended at once were never jobs. */
    assistd_status (*find_jobs)(struct assistd_call* call, assistd_string query, assistd_string* answer);
    /* One of the artifacts, open for reading, and one of the parents of what this call makes. The second
     * opening gives the first one's. */
    assistd_status (*open_artifact)(struct assistd_call* call, assistd_string handle,
                                    const assistd_artifact** artifact, assistd_string* answer);
    /* Puts one that exists among the result's artifacts, as if the call had made it; at most 100. The answer
     * is {}. */
    assistd_status (*add_to_result)(struct assistd_call* call, assistd_string handle, assistd_string* answer);
} assistd_catalogue;

#ifdef __cplusplus
}
#endif

#endif
