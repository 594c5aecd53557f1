/* Runs every golden trace of a folder through the public C surface and compares, after every tick, every
 * slot, the result and the state block, byte for byte. Tests/reference/generate.py defines the files.
 *
 *     run_traces FOLDER
 *
 * Prints the first difference of each failing trace and a closing line; exits with 1 if any failed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

typedef struct {
    const uint8_t *at;
    uint32_t frame_count, channel_count, slot_count, state_byte_count, class_count;
    const uint8_t *slot_counts;
} trace_t;

static uint32_t u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

/* Compares one tick; returns where the next one starts, or NULL after a difference. */
static const uint8_t *compare_tick(const char *name, uint32_t tick, const trace_t *trace, const uint8_t *expected,
                                   const snnrt_network *network, int32_t pushed, int32_t *values, uint32_t capacity)
{
    uint32_t slot, i, count;
    const void *state;
    size_t state_byte_count;
    for (slot = 0; slot < trace->slot_count; slot++) {
        if (snnrt_slot(network, slot, values, capacity, &count) != SNNRT_OK ||
            count != u32(trace->slot_counts + 4 * slot)) {
            printf("%s: tick %u: slot %u cannot be read\n", name, (unsigned)tick, (unsigned)slot);
            return NULL;
        }
        for (i = 0; i < count; i++, expected += 4) {
            if ((uint32_t)values[i] == u32(expected)) continue;
            printf("%s: tick %u, slot %u, element %u: %d, expected %d\n", name, (unsigned)tick, (unsigned)slot,
                   (unsigned)i, (int)values[i], (int)u32(expected));
            return NULL;
        }
    }
    if ((uint32_t)pushed != u32(expected)) {
        printf("%s: tick %u: push returned %d, expected %d\n", name, (unsigned)tick, (int)pushed, (int)u32(expected));
        return NULL;
    }
    expected += 4;
    if (pushed == SNNRT_RESULT) {
        int32_t label;
        if (snnrt_result(network, &label, values, capacity) != SNNRT_OK || (uint32_t)label != u32(expected) ||
            memcmp(values, expected + 4, 4 * trace->class_count) != 0) {
            printf("%s: tick %u: another result\n", name, (unsigned)tick);
            return NULL;
        }
    }
    expected += 4 + 4 * trace->class_count;
    if (snnrt_state(network, &state, &state_byte_count) != SNNRT_OK || state_byte_count != trace->state_byte_count) {
        printf("%s: tick %u: a state block of %lu bytes, expected %u\n", name, (unsigned)tick,
               (unsigned long)state_byte_count, (unsigned)trace->state_byte_count);
        return NULL;
    }
    for (i = 0; i < state_byte_count; i++) {
        if (((const uint8_t *)state)[i] == expected[i]) continue;
        printf("%s: tick %u: byte %u of the state block's %lu is %u, expected %u\n", name, (unsigned)tick, (unsigned)i,
               (unsigned long)state_byte_count, ((const uint8_t *)state)[i], expected[i]);
        return NULL;
    }
    return expected + state_byte_count;
}

/* Returns 1 if the trace holds. */
static int run_trace(const char *folder, const char *name)
{
    file_t model = read_file(folder, name, ".snn");
    file_t file = read_file(folder, name, ".trace");
    snnrt_options options = {.struct_size = sizeof options, .accounting = SNNRT_ACCOUNTING_FULL};
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network = NULL;
    guarded_t arena = {NULL, NULL, 0};
    int16_t *frames = NULL;
    int32_t *values = NULL;
    const uint8_t *expected;
    trace_t trace;
    uint32_t tick, slot, capacity, offset = 0;
    int holds = 0;
    int32_t status;

    trace.frame_count = u32(file.bytes + 12);
    trace.channel_count = u32(file.bytes + 16);
    trace.slot_count = u32(file.bytes + 20);
    trace.state_byte_count = u32(file.bytes + 24);
    trace.class_count = u32(file.bytes + 28);
    trace.slot_counts = file.bytes + 32;
    capacity = trace.class_count;
    for (slot = 0; slot < trace.slot_count; slot++) {
        uint32_t count = u32(trace.slot_counts + 4 * slot);
        if (count > capacity) capacity = count;
    }

    status = snnrt_inspect(model.bytes, model.byte_count, &options, &info, &offset);
    if (status == SNNRT_OK) {
        arena = guarded(info.arena_bytes);
        status = snnrt_open(model.bytes, model.byte_count, arena.bytes, info.arena_bytes, &options, &network, &offset);
    }
    if (status != SNNRT_OK) {
        printf("%s: %s at byte %u\n", name, snnrt_status_text(status), (unsigned)offset);
        goto done;
    }
    frames = malloc(2u * trace.channel_count);
    values = malloc(4u * capacity);
    expected = file.bytes + 32 + 4 * trace.slot_count;
    {
        const uint8_t *samples = expected;
        expected += (2u * trace.frame_count * trace.channel_count + 3u) / 4u * 4u;
        for (tick = 0; tick < trace.frame_count; tick++) {
            memcpy(frames, samples + 2u * trace.channel_count * tick, 2u * trace.channel_count);
            status = snnrt_push(network, frames, 1, NULL);
            expected = compare_tick(name, tick, &trace, expected, network, status, values, capacity);
            if (expected == NULL) goto done;
        }
    }
    holds = is_poison_intact(&arena);
    if (!holds) printf("%s: wrote beside the arena\n", name);
done:
    free(frames);
    free(values);
    free_guarded(&arena);
    free_file(&model);
    free_file(&file);
    return holds;
}

int main(int argument_count, char **arguments)
{
    const char *folder = argument_count > 1 ? arguments[1] : vector_folder();
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int passed = 0, failed = 0;
    if (listing == NULL) {
        fprintf(stderr, "%s: no such folder: run `make vectors`\n", folder);
        return 2;
    }
    while ((entry = readdir(listing)) != NULL) {
        size_t length = strlen(entry->d_name);
        char name[256];
        if (length < 7 || length >= sizeof name || strcmp(entry->d_name + length - 6, ".trace") != 0) continue;
        memcpy(name, entry->d_name, length - 6);
        name[length - 6] = '\0';
        if (run_trace(folder, name)) passed++;
        else failed++;
    }
    closedir(listing);
    printf("traces: %d passed, %d failed\n", passed, failed);
    return failed > 0 || passed < 200;
}
