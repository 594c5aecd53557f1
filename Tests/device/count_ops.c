/* Runs the models named in names.txt for what count.c counts between count_begin and count_end, op by op: of each a tick for
 * each frame of NAME.raw (int16, little-endian). Prints a line per tick: NAME, and each op's events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/support.h"

__attribute__((noinline)) void count_begin(void) { __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) void count_end(void) { __asm__ volatile("" ::: "memory"); }

static int run(const char *name)
{
    file_t model = read_file(".", name, ".snn"), frames = read_file(".", name, ".raw");
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network = NULL;
    uint32_t frame, frame_count, op;
    const uint64_t *counters;
    const void *state;
    size_t state_bytes;
    void *arena;

    if (snnrt_inspect(model.bytes, model.byte_count, NULL, &info, NULL) != SNNRT_OK) return 0;
    arena = malloc(info.arena_bytes);
    if (arena == NULL) return 0;
    if (snnrt_open(model.bytes, model.byte_count, arena, info.arena_bytes, NULL, &network, NULL) != SNNRT_OK) return 0;
    frame_count = (uint32_t)(frames.byte_count / 2 / info.channel_count);
    for (frame = 0; frame < frame_count; frame++) {
        count_begin();
        snnrt_push(network, (const int16_t *)(const void *)frames.bytes + frame * info.channel_count, 1, NULL);
        count_end();
        printf("%s", name);
        /* The block ends in a counter of each op (docs/format.md, The state block). */
        snnrt_state(network, &state, &state_bytes);
        counters = (const uint64_t *)state + state_bytes / 8 - info.op_count;
        for (op = 0; op < info.op_count; op++) printf(" %u", (unsigned)counters[op]);
        printf("\n");
        snnrt_reset(network, SNNRT_RESET_USAGE);
    }
    free(arena);
    free_file(&frames);
    free_file(&model);
    return 1;
}

int main(void)
{
    FILE *names = fopen("names.txt", "r");
    char line[256];

    while (names != NULL && fgets(line, sizeof line, names) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!run(line)) {
            printf("%s: failed\n", line);
            return 1;
        }
    }
    return names == NULL;
}
