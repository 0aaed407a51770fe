/* Extension of the plugin ABI: the schemas of tools whose code describes their arguments.
 *
 * plugin->get_extension(plugin, ASSISTD_SCHEMAS_1) returns a `const assistd_schemas*`, or null when no tool
 * is described that way. The build asks for it once, right after linking, and completes the manifest in the
 * library with the answer; the daemon reads the manifest and never asks. assistd/plugin.hpp provides it.
 */
#ifndef ASSISTD_SCHEMAS_H
#define ASSISTD_SCHEMAS_H

#include "assistd/plugin.h"

#define ASSISTD_SCHEMAS_1 "assistd.schemas/1"

typedef struct assistd_schemas {
    size_t struct_size;
    /* [main] JSON text, {"TOOL": {"input": {SCHEMA}, "output": {SCHEMA}}, ...}; a tool without typed result
     * has no "output". Empty when the schemas cannot be made; the reason is logged first. The text lives as
     * long as the instance. */
    assistd_string (*tools)(struct assistd_plugin* plugin);
} assistd_schemas;

#endif
