/* The plugin ABI of assistd, version 1.0.
 *
 * A plugin is one shared library that exports one function, assistd_plugin_entry, and carries its manifest
 * (plugin.json) in the ELF section ".assistd.manifest". C++ authors use assistd/plugin.hpp and never see this
 * file.
 *
 * Rules
 *  - Only C types cross the border. Strings are pointer and length, UTF-8, not terminated. Nobody frees what
 * the other side allocated: what is passed in lives until the call returns, what is handed out lives as long
 * as the object that it came from.
 *  - Every struct begins with its size and only ever grows at the end. Whoever reads a struct uses only the
 *    members that lie within that size.
 *  - A plugin is loaded when its major version equals the host's and its minor version is not newer.
 *  - Everything that comes later is reached by get_extension("assistd.name/1"), in both directions; null
 * means that the other side does not have it.
 *  - [thread] says where a function may be called from: "call" is the thread that runs assistd_plugin::call.
 *
 * The version is frozen: members are never removed, reordered or given another meaning.
 */
#ifndef ASSISTD_PLUGIN_H
#define ASSISTD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSISTD_ABI_MAJOR 1
#define ASSISTD_ABI_MINOR 0
#define ASSISTD_EXPORT __attribute__((visibility("default")))

typedef struct assistd_string {
    const char* data;
    size_t size;
} assistd_string;

/* What a plugin's functions return. Anything but ASSISTD_OK makes the call fail with emit_error's text, or
 * with a general one when there was none. */
typedef enum assistd_status {
    ASSISTD_OK = 0,
    ASSISTD_FAILED = 1,       /* the call failed; emit_error says why */
    ASSISTD_UNKNOWN_TOOL = 2, /* the plugin has no tool of that name */
    ASSISTD_CANCELLED = 3,    /* the plugin stopped because is_cancelled said so */
    ASSISTD_INVALID = 4       /* an argument of a host function is wrong (unknown handle, out of range) */
} assistd_status;

typedef enum assistd_log_level {
    ASSISTD_LOG_DEBUG = 0,
    ASSISTD_LOG_INFO = 1,
    ASSISTD_LOG_WARN = 2,
    ASSISTD_LOG_ERROR = 3
} assistd_log_level;

/* An artifact that the call's arguments name, open for reading. */
typedef struct assistd_artifact {
    size_t struct_size;
    assistd_string handle;     /* "simulation-12" */
    assistd_string kind;       /* "simulation" */
    assistd_string name;       /* "dla.npy" */
    assistd_string media_type; /* "application/octet-stream" */
    assistd_string metadata;   /* JSON object: what its maker said of it */
    uint64_t size;             /* bytes */
    int fd;                    /* open for reading; the host closes it */
} assistd_artifact;

/* One call, as its handler sees it. Valid until assistd_plugin::call returns. */
typedef struct assistd_call {
    size_t struct_size;
    void* host_data; /* the host's own */

    /* [any thread] Progress for the user: fraction 0..1 and a short note. Cheap; the host thins it out. */
    void (*progress)(struct assistd_call* call, double fraction, assistd_string note);
    /* [any thread] 1 when the result is no longer wanted. Cheap enough for an inner loop. */
    int (*is_cancelled)(struct assistd_call* call);
    /* [call] The result: `data` is JSON text that fits the tool's output schema, `summary` one line for
     * people or empty. The last one counts. */
    assistd_status (*emit_result)(struct assistd_call* call, assistd_string data, assistd_string summary);
    /* [call] Why the call fails: `type` is ValidationError, ContextError, TimeoutError, CancelledError,
     * PermissionError, QuotaExceededError or InternalError; `message` a whole sentence; `details` JSON or
     * empty; `recoverable` 1 when another try with other arguments may work. */
    assistd_status (*emit_error)(struct assistd_call* call, assistd_string type, assistd_string message,
                                 assistd_string details, int recoverable);
    /* [call] An artifact that an argument names by its handle. Null when no argument names it. */
    const assistd_artifact* (*read_artifact)(struct assistd_call* call, assistd_string handle);
    /* [call] Begins an artifact: returns an open descriptor to write its bytes to (the host closes it), or -1
     * when the call has as many as it may. It is kept when the call succeeds, unless all of the call's
     * together are larger than the configuration allows, and gone when it fails. `metadata` is a JSON object,
     * may be empty, and can be replaced until the call returns with set_artifact_metadata.
     */
    int (*create_artifact)(struct assistd_call* call, assistd_string kind, assistd_string name,
                           assistd_string media_type, assistd_string metadata);
    /* [call] `fd` as create_artifact gave it. */
    assistd_status (*set_artifact_metadata)(struct assistd_call* call, int fd, assistd_string metadata);
} assistd_call;

/* What the host offers to a plugin for its whole life. */
typedef struct assistd_host {
    size_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    void* host_data;
    /* [any thread] A line for the daemon's log. */
    void (*log)(const struct assistd_host* host, assistd_log_level level, assistd_string message);
    /* [any thread] An absolute path of a folder that only this call's process may use; empty between calls.
     */
    assistd_string scratch_folder;
    /* [any thread] */
    const void* (*get_extension)(const struct assistd_host* host, const char* id);
} assistd_host;

/* One plugin instance. */
typedef struct assistd_plugin {
    size_t struct_size;
    void* plugin_data; /* the plugin's own */
    /* [call] Runs one tool with `arguments` (JSON text, already checked against its input schema). One call
     * at a time for each instance. */
    assistd_status (*call)(struct assistd_plugin* plugin, assistd_string tool, assistd_string arguments,
                           assistd_call* call);
    /* [main] Frees the instance. */
    void (*destroy)(struct assistd_plugin* plugin);
    /* [any thread] May be null. */
    const void* (*get_extension)(struct assistd_plugin* plugin, const char* id);
} assistd_plugin;

/* What assistd_plugin_entry returns: a static object. */
typedef struct assistd_plugin_descriptor {
    size_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    /* [main] Makes an instance, or returns null (log the reason first). */
    assistd_plugin* (*create)(const assistd_host* host);
} assistd_plugin_descriptor;

/* The one symbol that a plugin exports. */
typedef const assistd_plugin_descriptor* (*assistd_plugin_entry_fn)(void);
ASSISTD_EXPORT const assistd_plugin_descriptor* assistd_plugin_entry(void);

#ifdef __cplusplus
}
#endif

#endif
