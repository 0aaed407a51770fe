/* The source of plugin_abi_1_0.so: a plugin that uses every part of plugin ABI 1.0, in C and with nothing but libc.
 * The library beside this file was built once, from this source and the header of that day, and is never built again:
 * each later assistd must load and run it as it is. README.md has the command. */
#define _POSIX_C_SOURCE 200809L

#include <assistd/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const assistd_host* the_host;

static assistd_string text(const char* terminated) {
    const assistd_string string = {terminated, strlen(terminated)};
    return string;
}

static int is(assistd_string string, const char* terminated) {
    return string.size == strlen(terminated) && memcmp(string.data, terminated, string.size) == 0;
}

static void sleep_ms(long milliseconds) {
    const struct timespec time = {0, milliseconds * 1000000};
    nanosleep(&time, NULL);
}

/* The result is what came in. */
static assistd_status echo(assistd_string arguments, assistd_call* call) {
    call->progress(call, 0.25, text("one"));
    sleep_ms(60);
    call->progress(call, 0.75, text("two"));
    the_host->log(the_host, ASSISTD_LOG_INFO, text("echoing"));
    if (call->is_cancelled(call)) return ASSISTD_CANCELLED;
    return call->emit_result(call, arguments, text("Echoed."));
}

/* The artifact "file-1", once more, with other metadata. */
static assistd_status copy(assistd_call* call) {
    const assistd_artifact* source = call->read_artifact(call, text("file-1"));
    if (!source || source->struct_size < sizeof *source) return ASSISTD_FAILED;
    const int fd = call->create_artifact(call, text("copy"), source->name, source->media_type, source->metadata);
    char bytes[4096];
    uint64_t at = 0;
    while (fd >= 0 && at < source->size) {
        const ssize_t got = pread(source->fd, bytes, sizeof bytes, (off_t)at);
        if (got <= 0 || write(fd, bytes, (size_t)got) != got) return ASSISTD_FAILED;
        at += (uint64_t)got;
    }
    if (call->set_artifact_metadata(call, fd, text("{\"abi\":\"1.0\"}")) != ASSISTD_OK) return ASSISTD_FAILED;
    if (call->set_artifact_metadata(call, -7, text("{}")) != ASSISTD_INVALID) return ASSISTD_FAILED;
    return call->emit_result(call, source->kind.size > 0 ? text("{\"copied\":true}") : text("null"), text(""));
}

static assistd_status wait_for_cancel(assistd_call* call) {
    for (;;) {
        call->progress(call, 0.5, text("waiting"));
        if (call->is_cancelled(call)) return ASSISTD_CANCELLED;
        sleep_ms(2);
    }
}

static assistd_status run(assistd_plugin* plugin, assistd_string tool, assistd_string arguments, assistd_call* call) {
    if (plugin->plugin_data != &the_host || call->struct_size < sizeof *call) return ASSISTD_FAILED;
    if (is(tool, "abi_echo")) return echo(arguments, call);
    if (is(tool, "abi_copy")) return copy(call);
    if (is(tool, "abi_wait")) return wait_for_cancel(call);
    if (!is(tool, "abi_fail")) return ASSISTD_UNKNOWN_TOOL;
    call->emit_error(call, text("ValidationError"), text("text is wrong."),
                     text("{\"errors\":[{\"field\":\"text\",\"message\":\"text is wrong.\"}]}"), 1);
    return ASSISTD_FAILED;
}

static void destroy(assistd_plugin* plugin) {
    free(plugin);
}

static const void* no_extension(assistd_plugin* plugin, const char* id) {
    (void)plugin;
    (void)id;
    return NULL;
}

static assistd_plugin* create(const assistd_host* host) {
    if (host->struct_size < sizeof *host || host->abi_major != 1) return NULL;
    if (host->get_extension(host, "assistd.no-such-thing/1")) return NULL;
    the_host = host;
    assistd_plugin* plugin = calloc(1, sizeof *plugin);
    if (!plugin) return NULL;
    plugin->struct_size = sizeof *plugin;
    plugin->plugin_data = &the_host;
    plugin->call = run;
    plugin->destroy = destroy;
    plugin->get_extension = no_extension;
    return plugin;
}

const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {sizeof descriptor, 1, 0, create};
    return &descriptor;
}
