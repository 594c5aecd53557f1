/* Runs a model over pseudo-random frames, from one tick to another, across processes.
 *
 *     keep_state MODEL.snn FROM TO STATE_IN STATE_OUT
 *
 * Restores STATE_IN ("-": starts fresh), runs ticks FROM ... TO - 1, saves to STATE_OUT and prints a checksum
 * of the state block after every tick. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { CHANNELS_MAX = 4096 };

/* The samples of a tick depend on nothing but its number. */
static void fill(int16_t *frame, uint32_t channel_count, uint32_t tick)
{
    uint32_t channel, seed = tick * 2654435761u + 12345u;
    for (channel = 0; channel < channel_count; channel++) {
        seed = seed * 1664525u + 1013904223u;
        frame[channel] = (int16_t)((int32_t)(seed >> 16) % 8001 - 4000);
    }
}

int main(int argument_count, char **arguments)
{
    static int16_t frame[CHANNELS_MAX];
    snnrt_options options = {.struct_size = sizeof options, .accounting = SNNRT_ACCOUNTING_FULL};
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network;
    file_t model;
    guarded_t arena;
    uint8_t *saved;
    size_t byte_count;
    uint32_t tick, offset = 0;
    int32_t status;
    FILE *out;

    if (argument_count != 6) return 2;
    model = try_file(arguments[1]);
    if (model.bytes == NULL || snnrt_inspect(model.bytes, model.byte_count, &options, &info, NULL) != SNNRT_OK)
        return 2;
    arena = guarded(info.arena_bytes);
    if (info.channel_count > CHANNELS_MAX ||
        snnrt_open(model.bytes, model.byte_count, arena.bytes, arena.byte_count, &options, &network, NULL))
        return 2;

    if (strcmp(arguments[4], "-") != 0) {
        file_t state = try_file(arguments[4]);
        if (state.bytes == NULL) return 2;
        status = snnrt_restore(network, state.bytes, state.byte_count, &offset);
        if (status != SNNRT_OK) {
            fprintf(stderr, "%s: %s at byte %u\n", arguments[4], snnrt_status_text(status), (unsigned)offset);
            return 1;
        }
        free_file(&state);
    }
    for (tick = (uint32_t)atoi(arguments[2]); tick < (uint32_t)atoi(arguments[3]); tick++) {
        const void *state;
        fill(frame, info.channel_count, tick);
        if (snnrt_push(network, frame, 1, NULL) < 0 || snnrt_state(network, &state, &byte_count) != SNNRT_OK) return 2;
        printf("%u %08x\n", (unsigned)tick, (unsigned)reference_crc32c(state, byte_count));
    }
    if (snnrt_save(network, NULL, 0, &byte_count) != SNNRT_OK) return 2;
    saved = malloc(byte_count);
    if (snnrt_save(network, saved, byte_count - 1, NULL) != SNNRT_ERR_BAD_ARGUMENT) return 2;
    if (snnrt_save(network, saved, byte_count, NULL) != SNNRT_OK) return 2;
    out = fopen(arguments[5], "wb");
    if (out == NULL || fwrite(saved, 1, byte_count, out) != byte_count || fclose(out) != 0) return 2;
    free(saved);
    free_file(&model);
    if (!is_poison_intact(&arena)) return 2;
    free_guarded(&arena);
    return 0;
}
