/* Uses each type of plugin.h, so that its debugging information describes them all. */
#include <assistd/plugin.h>

/* abidiff compares what functions take and return. */
__attribute__((visibility("default"))) void use_string(assistd_string value);
__attribute__((visibility("default"))) void use_status(assistd_status value);
__attribute__((visibility("default"))) void use_level(assistd_log_level value);
__attribute__((visibility("default"))) void use_artifact(const assistd_artifact* value);
__attribute__((visibility("default"))) void use_call(assistd_call* value);
__attribute__((visibility("default"))) void use_host(const assistd_host* value);
__attribute__((visibility("default"))) void use_plugin(assistd_plugin* value);
__attribute__((visibility("default"))) void use_entry(assistd_plugin_entry_fn value);

void use_string(assistd_string value) { (void)value; }
void use_status(assistd_status value) { (void)value; }
void use_level(assistd_log_level value) { (void)value; }
void use_artifact(const assistd_artifact* value) { (void)value; }
void use_call(assistd_call* value) { (void)value; }
void use_host(const assistd_host* value) { (void)value; }
void use_plugin(assistd_plugin* value) { (void)value; }
void use_entry(assistd_plugin_entry_fn value) { (void)value; }
