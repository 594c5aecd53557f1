/* Runs golden traces through the public C surface and compares, after every tick, every slot, the result and
 * the state block, byte for byte. Tests/oracle/generate.py defines the files.
 *
 *     run_traces FOLDER [NAMES]        NAMES: a file with one name a line, default FOLDER/names.txt
 *
 * Prints the first difference of each failing trace and a closing line; exits with 1 if any failed. Reads a
 * trace tick by tick, so that it also runs in the few megabytes of an emulated board. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

typedef struct {
    uint32_t frame_count, channel_count, slot_count, state_byte_count, class_count;
    uint32_t *slot_counts;
} trace_t;

static uint32_t u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

/* Compares one tick; returns 0 after a difference. */
static int compare_tick(const char *name, uint32_t tick, const trace_t *trace, const uint8_t *expected,
                        const snnrt_network *network, int32_t pushed, int32_t *values, uint32_t capacity)
{
    uint32_t slot, i, count;
    const void *state;
    size_t state_byte_count;
    for (slot = 0; slot < trace->slot_count; slot++) {
        if (snnrt_slot(network, slot, values, capacity, &count) != SNNRT_OK || count != trace->slot_counts[slot]) {
            printf("%s: tick %u: slot %u cannot be read\n", name, (unsigned)tick, (unsigned)slot);
            return 0;
        }
        for (i = 0; i < count; i++, expected += 4) {
            if ((uint32_t)values[i] == u32(expected)) continue;
            printf("%s: tick %u, slot %u, element %u: %d, expected %d\n", name, (unsigned)tick, (unsigned)slot,
                   (unsigned)i, (int)values[i], (int)u32(expected));
            return 0;
        }
    }
    if ((uint32_t)pushed != u32(expected)) {
        printf("%s: tick %u: push returned %d, expected %d\n", name, (unsigned)tick, (int)pushed, (int)u32(expected));
        return 0;
    }
    expected += 4;
    if (pushed == SNNRT_RESULT) {
        int32_t label;
        if (snnrt_result(network, &label, values, capacity) != SNNRT_OK || (uint32_t)label != u32(expected) ||
            memcmp(values, expected + 4, 4 * trace->class_count) != 0) {
            printf("%s: tick %u: another result\n", name, (unsigned)tick);
            return 0;
        }
    }
    expected += 4 + 4 * trace->class_count;
    if (snnrt_state(network, &state, &state_byte_count) != SNNRT_OK || state_byte_count != trace->state_byte_count) {
        printf("%s: tick %u: a state block of %lu bytes, expected %u\n", name, (unsigned)tick,
               (unsigned long)state_byte_count, (unsigned)trace->state_byte_count);
        return 0;
    }
    for (i = 0; i < state_byte_count; i++) {
        if (((const uint8_t *)state)[i] == expected[i]) continue;
        printf("%s: tick %u: byte %u of the state block's %lu is %u, expected %u\n", name, (unsigned)tick, (unsigned)i,
               (unsigned long)state_byte_count, ((const uint8_t *)state)[i], expected[i]);
        return 0;
    }
    return 1;
}

static void *must_allocate(size_t byte_count)
{
    void *memory = malloc(byte_count > 0 ? byte_count : 1);
    if (memory == NULL) {
        printf("out of memory\n");
        exit(2);
    }
    return memory;
}

static int read_all(FILE *file, void *buffer, size_t byte_count)
{
    return fread(buffer, 1, byte_count, file) == byte_count;
}

/* Reads what stands before the frames; returns 0 if this is no trace. */
static int read_header(FILE *file, trace_t *trace)
{
    uint8_t header[32];
    if (!read_all(file, header, sizeof header) || memcmp(header, "SNNTRACE", 8) != 0 || u32(header + 8) != 1) return 0;
    trace->frame_count = u32(header + 12);
    trace->channel_count = u32(header + 16);
    trace->slot_count = u32(header + 20);
    trace->state_byte_count = u32(header + 24);
    trace->class_count = u32(header + 28);
    trace->slot_counts = must_allocate(4u * trace->slot_count);
    return read_all(file, trace->slot_counts, 4u * trace->slot_count);
}

/* Returns 1 if the trace holds. */
static int run_trace(const char *folder, const char *name)
{
    file_t model = read_file(folder, name, ".snn");
    char path[1024];
    FILE *file;
    snnrt_options options = {.struct_size = sizeof options, .accounting = SNNRT_ACCOUNTING_FULL};
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network = NULL;
    guarded_t arena = {NULL, NULL, 0};
    trace_t trace = {0, 0, 0, 0, 0, NULL};
    int16_t *frames = NULL;
    int32_t *values = NULL;
    uint8_t *expected = NULL;
    uint32_t tick, slot, capacity, offset = 0;
    size_t frame_byte_count, tick_byte_count;
    int holds = 0;
    int32_t status;

    snprintf(path, sizeof path, "%s/%s.trace", folder, name);
    file = fopen(path, "rb");
    if (file == NULL || !read_header(file, &trace)) {
        printf("%s: cannot be read\n", path);
        goto done;
    }
    capacity = trace.class_count;
    tick_byte_count = 8u + 4u * trace.class_count + trace.state_byte_count;
    for (slot = 0; slot < trace.slot_count; slot++) {
        if (trace.slot_counts[slot] > capacity) capacity = trace.slot_counts[slot];
        tick_byte_count += 4u * trace.slot_counts[slot];
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
    frame_byte_count = 2u * trace.channel_count * trace.frame_count;
    frames = must_allocate(frame_byte_count);
    values = must_allocate(4u * capacity);
    expected = must_allocate(tick_byte_count);
    if (!read_all(file, frames, frame_byte_count) || fseek(file, (long)(frame_byte_count & 2u), SEEK_CUR) != 0)
        goto done;
    for (tick = 0; tick < trace.frame_count; tick++) {
        if (!read_all(file, expected, tick_byte_count)) {
            printf("%s: ends in tick %u\n", path, (unsigned)tick);
            goto done;
        }
        status = snnrt_push(network, frames + (size_t)tick * trace.channel_count, 1, NULL);
        if (!compare_tick(name, tick, &trace, expected, network, status, values, capacity)) goto done;
    }
    holds = is_poison_intact(&arena);
    if (!holds) printf("%s: wrote beside the arena\n", name);
done:
    if (file != NULL) fclose(file);
    free(trace.slot_counts);
    free(frames);
    free(values);
    free(expected);
    free_guarded(&arena);
    free_file(&model);
    return holds;
}

int main(int argument_count, char **arguments)
{
    const char *folder = argument_count > 1 ? arguments[1] : vector_folder();
    char line[256];
    FILE *names;
    int passed = 0, failed = 0;

    snprintf(line, sizeof line, "%.200s/names.txt", folder);
    names = fopen(argument_count > 2 ? arguments[2] : line, "r");
    if (names == NULL) {
        printf("%s is missing: run `make vectors`\n", line);
        return 2;
    }
    while (fgets(line, sizeof line, names) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0') continue;
        if (run_trace(folder, line))
            passed++;
        else
            failed++;
    }
    fclose(names);
    printf("traces: %d passed, %d failed\n", passed, failed);
    if (!check_sampling(folder)) failed++;
    if (!check_counts(folder)) failed++;
    return failed > 0 || passed < 200;
}
