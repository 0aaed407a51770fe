/* A whole plugin in C11: one tool that reads an artifact, shows progress, can be cancelled, stores an
 * artifact and says what is wrong with its arguments. assistd/plugin.h is the whole interface; cJSON reads
 * the arguments. */
#define _POSIX_C_SOURCE 200809L

#include <assistd/plugin.h>
#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { longest_word = 64, block_bytes = 64 * 1024 };

struct counts {
    long words;
    int longest;
    long by_length[longest_word + 1]; /* the last one: all that are longer, too */
};

static assistd_string text(const char* terminated) {
    const assistd_string string = {terminated, strlen(terminated)};
    return string;
}

static assistd_status fail(assistd_call* call, const char* type, const char* message) {
    call->emit_error(call, text(type), text(message), text(""), 1);
    return ASSISTD_FAILED;
}

/* Says which argument is wrong, in the form in which the daemon says it of arguments that do not fit the
 * schema. */
static assistd_status refuse(assistd_call* call, const char* field, const char* message) {
    char details[512];
    snprintf(details, sizeof details, "{\"errors\": [{\"field\": \"%s\", \"message\": \"%s\"}]}", field,
             message);
    call->emit_error(call, text("ValidationError"), text(message), text(details), 1);
    return ASSISTD_FAILED;
}

static void end_word(struct counts* counts, int length, int min_length) {
    if (length < min_length) return;
    ++counts->words;
    ++counts->by_length[length < longest_word ? length : longest_word];
    if (length > counts->longest) counts->longest = length;
}

/* Reads the file block by block, so that any size will do. */
static assistd_status count(assistd_call* call, const assistd_artifact* file, int min_length,
                            struct counts* counts) {
    char block[block_bytes];
    uint64_t at = 0;
    int length = 0; /* of the word that the last block ended in */
    while (at < file->size) {
        if (call->is_cancelled(call)) return ASSISTD_CANCELLED;
        const ssize_t got = pread(file->fd, block, sizeof block, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return fail(call, "InternalError", "The document cannot be read.");
        for (ssize_t i = 0; i < got; ++i) {
            /* All bytes of letters outside of ASCII are above 127, and the first of each counts. */
            const unsigned char c = (unsigned char)block[i];
            if (isalnum(c) || c >= 0xc0) {
                ++length;
            } else if (c < 0x80 && length > 0) {
                end_word(counts, length, min_length);
                length = 0;
            }
        }
        at += (uint64_t)got;
        call->progress(call, (double)at / (double)file->size, text("counting"));
    }
    if (length > 0) end_word(counts, length, min_length);
    return ASSISTD_OK;
}

static assistd_status store_table(assistd_call* call, const struct counts* counts) {
    char metadata[64];
    snprintf(metadata, sizeof metadata, "{\"words\": %ld}", counts->words);
    const int fd = call->create_artifact(call, text("table"), text("word-lengths.csv"), text("text/csv"),
                                         text(metadata));
    if (fd < 0) return fail(call, "QuotaExceededError", "The call may not store another artifact.");
    int good = dprintf(fd, "letters,words\n") > 0;
    for (int length = 1; good && length <= counts->longest && length <= longest_word; ++length)
        good = dprintf(fd, "%d,%ld\n", length, counts->by_length[length]) > 0;
    return good ? ASSISTD_OK : fail(call, "QuotaExceededError", "The table cannot be written.");
}

static assistd_status count_words(assistd_call* call, const cJSON* arguments) {
    /* They fit the schema: the daemon has checked them and filled in the defaults. */
    const char* handle = cJSON_GetStringValue(cJSON_GetObjectItem(arguments, "document"));
    const int min_length = (int)cJSON_GetNumberValue(cJSON_GetObjectItem(arguments, "min_length"));
    if (!handle) return refuse(call, "document", "document is missing.");
    const assistd_artifact* file = call->read_artifact(call, text(handle));
    if (!file) return refuse(call, "document", "There is no such document.");

    struct counts counts = {0, 0, {0}};
    assistd_status status = count(call, file, min_length, &counts);
    if (status != ASSISTD_OK) return status;
    if (counts.words == 0)
        return refuse(call, "min_length", "The document has no words with as many letters as min_length.");
    status = store_table(call, &counts);
    if (status != ASSISTD_OK) return status;

    char data[128], summary[128];
    snprintf(data, sizeof data, "{\"words\": %ld, \"longest\": %d}", counts.words, counts.longest);
    snprintf(summary, sizeof summary, "%ld words, the longest with %d letters.", counts.words,
             counts.longest);
    return call->emit_result(call, text(data), text(summary));
}

static assistd_status run(assistd_plugin* plugin, assistd_string tool, assistd_string arguments,
                          assistd_call* call) {
    (void)plugin;
    const assistd_string name = text("count_words");
    if (tool.size != name.size || memcmp(tool.data, name.data, name.size) != 0) return ASSISTD_UNKNOWN_TOOL;
    cJSON* json = cJSON_ParseWithLength(arguments.data, arguments.size);
    if (!json) return fail(call, "InternalError", "The arguments are no JSON.");
    const assistd_status status = count_words(call, json);
    cJSON_Delete(json);
    return status;
}

static void destroy(assistd_plugin* plugin) {
    free(plugin);
}

static assistd_plugin* create(const assistd_host* host) {
    (void)host;
    assistd_plugin* plugin = calloc(1, sizeof *plugin);
    if (!plugin) return NULL;
    plugin->struct_size = sizeof *plugin;
    plugin->call = run;
    plugin->destroy = destroy;
    return plugin;
}

const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {sizeof descriptor, ASSISTD_ABI_MAJOR,
                                                         ASSISTD_ABI_MINOR, create};
    return &descriptor;
}
